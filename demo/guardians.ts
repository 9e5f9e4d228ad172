// Who looks after whom in the demo: stored as an accepted invitation stores it, with its entry, once.
import { parseJson } from '../core/fhir/json.ts';
import type { Resource } from '../core/fhir/types.ts';
import type { Beginning } from '../server/guardians/begin-guardianship.ts';
import { beginGuardianship, majorityOf } from '../server/guardians/begin-guardianship.ts';
import type { Deps } from '../server/http/deps.ts';
import { listGuardians } from '../server/storage/guardians.ts';
import { findResource } from '../server/storage/resource-store.ts';
import { sealEntry } from '../server/storage/sealed-entry.ts';
import { inTransaction } from '../server/storage/transaction.ts';
import { writeBatch } from '../server/storage/write-batch.ts';
import type { FilledPerson } from './fill.ts';

interface Care extends Pick<Beginning, 'level' | 'relationship' | 'evidence'> {
  guardian: string;
  person: string;
}

const cares: readonly Care[] = [
  {
    guardian: 'nikhil-deshpande',
    person: 'ira-deshpande',
    level: 'manage',
    relationship: 'FTH',
    evidence: 'parent',
  },
  {
    guardian: 'nikhil-deshpande',
    person: 'sudhakar-deshpande',
    level: 'act',
    relationship: 'CHILD',
    evidence: 'wish',
  },
];

export async function fillGuardians(deps: Deps, people: readonly FilledPerson[]): Promise<void> {
  for (const { guardian, person, ...care } of cares) {
    const holder = people.find((one) => one.person.key === guardian);
    const cared = people.find((one) => one.person.key === person);
    if (holder?.accountId === undefined || !cared) throw new Error(`the demo lacks ${guardian} or ${person}`);
    await lookAfter(deps, { ...holder, accountId: holder.accountId }, cared.patientId, care);
  }
}

async function lookAfter(
  deps: Deps,
  { accountId, patientId: holderPatientId, person: { name } }: FilledPerson & { accountId: string },
  patientId: string,
  care: Pick<Beginning, 'level' | 'relationship' | 'evidence'>,
): Promise<void> {
  const nowMs = deps.now();
  const found = await findResource(deps.db.pool, 'Patient', patientId);
  const majorityMs = found && majorityOf(parseJson(found.content) as Resource);
  const who = {
    role: 'guardian',
    account: accountId,
    reference: `Patient/${holderPatientId}`,
    name,
  } as const;
  const by = { who, basis: 'invitation', author: 'guardian', agent: 'a program' } as const;
  await inTransaction(deps.db.pool, async (client) => {
    if ((await listGuardians(client, patientId, nowMs)).length > 0) return;
    const { version } = await beginGuardianship(client, deps, {
      ...care,
      patientId,
      holder: { accountId, patientId: holderPatientId, name },
      documentId: undefined,
      untilMs: undefined,
      majorityAtMs: majorityMs !== undefined && majorityMs > nowMs ? majorityMs : undefined,
      by,
    });
    const entry = sealEntry(
      patientId,
      {
        event: 'guardian-accept',
        outcome: 'done',
        who,
        basis: by.basis,
        agent: by.agent,
        detail: { level: care.level },
      },
      deps,
      nowMs,
    );
    await writeBatch(client, { versions: [version], entries: [entry] });
  });
}
