// One entry in the person's chain for a step of a laboratory, with the notices that tell of it. Never health content in a notice.
import type { StatementEvent, StatementWho } from '../../../core/ledger/statement.ts';
import type { Deps } from '../../http/deps.ts';
import { findNoticePlace } from '../../storage/lab-results.ts';
import type { NewNotice } from '../../storage/notices.ts';
import { insertNotices } from '../../storage/notices.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { writeBatch } from '../../storage/write-batch.ts';

export interface Step {
  readonly patientId: string;
  readonly event: StatementEvent;
  readonly who: StatementWho;
  readonly basis: string;
  readonly agent?: string;
  readonly on?: { readonly type: string; readonly id: string };
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export function entryOf(deps: Deps, step: Step, nowMs: number): SealedEntry {
  const { patientId, event, who, basis, agent, on, detail } = step;
  return sealEntry(
    patientId,
    {
      event,
      outcome: 'done',
      who,
      basis,
      purpose: 'TREAT',
      ...(agent === undefined ? {} : { agent }),
      ...(on ? { on: { ...on } } : {}),
      ...(detail ? { detail: { ...detail } } : {}),
    },
    deps,
    nowMs,
  );
}

export interface Told {
  /** An account, or the person's own record. */
  readonly to: { readonly account: string } | { readonly patientId: string };
  readonly kind: string;
  readonly detail?: NewNotice['detail'];
}

/** Stores notices that tell of this entry, which must be stored in the same transaction. Who is gone is not told. */
export async function tell(
  client: Queryable,
  deps: Deps,
  entryId: string,
  told: readonly Told[],
  nowMs: number,
): Promise<void> {
  const notices: NewNotice[] = [];
  for (const { to, kind, detail } of told) {
    const patientId = 'account' in to ? await findNoticePlace(client, to.account) : to.patientId;
    if (patientId === undefined || patientId === '') continue;
    notices.push({
      patientId,
      noticeId: uuidV7(nowMs, deps.randomBytes),
      kind,
      entryId,
      detail: detail ?? {},
      createdAtMs: nowMs,
    });
  }
  await insertNotices(client, notices);
}

/** An entry that stands for itself, and who hears of it. Gives back its id. */
export async function noteStep(
  client: Queryable,
  deps: Deps,
  step: Step,
  told: readonly Told[] = [],
): Promise<string> {
  const nowMs = deps.now();
  const entry = entryOf(deps, step, nowMs);
  await writeBatch(client, { versions: [], entries: [entry] });
  await tell(client, deps, entry.entryId, told, nowMs);
  return entry.entryId;
}
