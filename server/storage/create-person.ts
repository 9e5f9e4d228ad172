// A new person: UHID, pseudonym in the log, and the first version of their Patient resource, which come to be together or not at all.
import { makeUhid } from '../../core/card/uhid.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import type { Queryable } from './queryable.ts';
import { insertPerson } from './people.ts';
import type { VersionDraft } from './prepare-version.ts';
import { prepareVersion } from './prepare-version.ts';
import type { SealingSources } from './sealed-entry.ts';
import type { PersonWrite, VersionWrite } from './write-batch.ts';

export const uhidSystem = 'urn:medallion:uhid';
export const aliasSystem = 'urn:medallion:alias';

export type NewPerson = Pick<VersionDraft, 'author' | 'who' | 'basis' | 'purpose' | 'agent'> & {
  resource: Resource;
  patientId: string;
};

/** Draws UHID and pseudonym and shapes the Patient version for the caller's batch; stores nothing. */
export function draftPerson(
  person: NewPerson,
  sources: SealingSources,
): { uhid: string; person: PersonWrite; version: VersionWrite } {
  const { resource, patientId, ...draft } = person;
  const uhid = makeUhid(sources.randomBytes);
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
  const pseudonym = Buffer.from(sources.randomBytes(16));
  return { uhid, person: { patientId, uhid, pseudonym, createdAtMs: sources.now() }, version };
}

/** As `draftPerson`, and stores the person row at once, inside the caller's transaction: a UHID that somebody has is drawn again. */
export async function preparePerson(
  client: Queryable,
  newPerson: NewPerson,
  sources: SealingSources,
): Promise<{ uhid: string; version: VersionWrite }> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const { uhid, person, version } = draftPerson(newPerson, sources);
    if (await insertPerson(client, person)) return { uhid, version };
  }
  throw new Error('no free UHID was drawn in five attempts');
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
