// A records officer's correction as a write: through the one path of all writes, as the organisation, and of this one entry alone.
// Whether the officer may is decided before (`amend`); here nothing else could be written.
import type { Resource } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import type { Queryable } from '../storage/queryable.ts';
import { applyWrites } from './apply-writes.ts';

export interface EntryAmendment {
  patientId: string;
  resource: Resource;
  id: string;
  /** The version that the officer saw: if another came since, nothing is written. */
  version: number;
  who: StatementWho;
  agent: string;
  because: Record<string, string>;
  afterwards: (client: Queryable, version: number) => Promise<void>;
}

/** Throws FhirError 412 where somebody was first, 422 where it is not sound. */
export async function amendEntry(
  deps: Deps,
  amendment: EntryAmendment,
): Promise<{ version: number; entryId: string }> {
  const { patientId, resource, id, version, who, agent, because, afterwards } = amendment;
  const type = resource.resourceType;
  const [written] = await applyWrites(
    deps,
    {
      asker: { kind: 'amender', patientId, resourceType: type, resourceId: id },
      who,
      author: 'organization',
      agent,
      because,
    },
    [{ method: 'update', type, id, resource, ifMatch: version }],
    {
      async afterwards(client, [one]) {
        await afterwards(client, one?.version ?? version + 1);
        return [];
      },
    },
  );
  return { version: written?.version ?? version + 1, entryId: written?.entryId ?? '' };
}
