// `erase`, `hold` and `lift-hold`: what an operator may do to a person's record, each with its reason in that person's own chain.
import { writeFile } from 'node:fs/promises';
import { decide } from '../../core/access/decide.ts';
import type { ErasureTarget } from '../ledger/erase.ts';
import { erase } from '../ledger/erase.ts';
import { writeReceipt } from '../ledger/receipt.ts';
import { findHold, liftHold, lockPerson, placeHold } from '../storage/erasure.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Stores } from '../stores.ts';
import { requirePersonByUhid } from './person-by-uhid.ts';

const operator = { role: 'operator', name: 'operator' } as const;

/** `what` is `Type/id` or `everything`. The receipt is for the person: for everything it exists in this file only. */
export async function erasePerson(
  { deps, logKey, sequencer }: Stores,
  { uhid, what, reason, file }: { uhid: string; what: string; reason: string; file: string },
): Promise<string> {
  const target = readTarget(what);
  const { patientId } = await requirePersonByUhid(deps, uhid);
  const decision = decide({ kind: 'operator' }, 'erase', { patientId, resourceType: 'Patient' });
  if (!decision.allowed) throw new Error(decision.rule);
  await sequencer.flush();
  const done = await erase(deps, target, { patientId, who: operator, basis: decision.rule, reason });
  await sequencer.flush();
  const receipt = await writeReceipt(deps, { origin: logKey.origin, vkey: logKey.vkey }, done);
  if (receipt === undefined) throw new Error('It is erased, but the log has not taken the erasure in yet.');
  await writeFile(file, receipt, { flag: 'wx', mode: 0o600 });
  return `${done.erased.length} entries are erased for good. The receipt is in ${file}: give it to the person.`;
}

function readTarget(what: string): ErasureTarget {
  if (what === 'everything') return { scope: 'person' };
  const [, type, id] = /^([A-Za-z]{1,64})\/([A-Za-z0-9.-]{1,64})$/.exec(what) ?? [];
  if (type === undefined || id === undefined || type === 'Patient')
    throw new Error('Say what is to be erased: Type/id of one resource, or everything.');
  return { scope: 'resource', type, id };
}

/** Stops every erasure in this record until it is lifted. */
export async function holdRecord(
  { deps, sequencer }: Stores,
  { uhid, reason, lift }: { uhid: string; reason: string; lift: boolean },
): Promise<string> {
  const { patientId } = await requirePersonByUhid(deps, uhid);
  const decision = decide({ kind: 'operator' }, 'hold', { patientId, resourceType: 'Patient' });
  if (!decision.allowed) throw new Error(decision.rule);
  await inTransaction(deps.db.pool, async (client) => {
    if (!(await lockPerson(client, patientId))) throw new Error('Nobody here has this UHID.');
    const nowMs = deps.now();
    if (lift) {
      if (!(await liftHold(client, patientId, nowMs))) throw new Error('There is no hold on this record.');
    } else {
      if (await findHold(client, patientId)) throw new Error('There is a hold on this record already.');
      await placeHold(client, { patientId, holdId: uuidV7(nowMs, deps.randomBytes), reason, nowMs });
    }
    const entry = sealEntry(
      patientId,
      {
        event: lift ? 'hold-lifted' : 'hold',
        outcome: 'done',
        who: operator,
        basis: decision.rule,
        detail: { reason },
      },
      deps,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
  });
  await sequencer.flush();
  return lift ? 'The hold is lifted.' : 'Nothing of this record can be erased until the hold is lifted.';
}
