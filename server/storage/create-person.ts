// A new person: UHID, pseudonym in the log, and the first version of their Patient resource. Runs inside the caller's transaction,
// so that an account made in the same breath exists only together with its person.
import { makeUhid } from '../../core/card/uhid.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import type { Queryable } from './queryable.ts';
import { insertPerson } from './people.ts';
import type { VersionDraft } from './prepare-version.ts';
import { prepareVersion } from './prepare-version.ts';
import type { SealingSources } from './sealed-entry.ts';
import type { VersionWrite } from './write-batch.ts';
import { writeBatch } from './write-batch.ts';

export const uhidSystem = 'urn:medallion:uhid';
export const aliasSystem = 'urn:medallion:alias';

export type NewPerson = Pick<VersionDraft, 'author' | 'who' | 'basis' | 'purpose' | 'agent'> & {
  resource: Resource;
  patientId: string;
};

/** Draws a UHID, stores the person row, and returns the Patient version for the caller's batch (not yet written). */
export async function preparePerson(
  client: Queryable,
  person: NewPerson,
  sources: SealingSources,
): Promise<{ uhid: string; version: VersionWrite }> {
  const { resource, patientId, ...draft } = person;
  for (let attempt = 0; attempt < 5; attempt++) {
    const uhid = makeUhid(sources.randomBytes);
    const stored = await insertPerson(client, {
      patientId,
      uhid,
      pseudonym: sources.randomBytes(16),
      createdAtMs: sources.now(),
    });
    if (!stored) continue;
    const version = prepareVersion(
      {
        ...draft,
        patientId,
        resourceType: 'Patient',
        resourceId: patientId,
        version: 1,
        resource: withUhid(resource, uhid),
      },
      sources,
    );
    return { uhid, version };
  }
  throw new Error('no free UHID was drawn in five attempts');
}

/** As `preparePerson`, and writes the Patient resource at once. */
export async function createPerson(
  client: Queryable,
  person: NewPerson,
  sources: SealingSources,
): Promise<{ uhid: string; entryId: string }> {
  const { uhid, version } = await preparePerson(client, person, sources);
  await writeBatch(client, {
    versions: [version],
    outbox: [
      {
        topic: 'resource.written',
        patientId: person.patientId,
        entryId: version.entry.entryId,
        payload: { type: 'Patient', id: person.patientId, version: 1, author: person.author },
      },
    ],
  });
  return { uhid, entryId: version.entry.entryId };
}

/** The UHID identifier is the server's: any that a client sent is replaced. */
export function withUhid(resource: Resource, uhid: string, alias?: string | null): Resource {
  const given = Array.isArray(resource.identifier) ? resource.identifier : [];
  const kept = given.filter((one) => {
    const system = (one as JsonObject | null)?.system;
    return system !== uhidSystem && system !== aliasSystem;
  });
  return {
    ...resource,
    identifier: [
      { system: uhidSystem, value: uhid },
      ...(alias ? [{ system: aliasSystem, value: alias }] : []),
      ...kept,
    ],
  };
}
