// What a scan leaves behind: its entry in the holder's chain and the notices that tell of it. Never health content, never a token.
import { decide } from '../../core/access/decide.ts';
import type { Statement, StatementEvent } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import type { ScannedCard } from '../storage/cards.ts';
import type { NewNotice } from '../storage/notices.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';

export type Tier = 'first' | 'second';

export interface ScanRecord {
  event: Extract<StatementEvent, 'scan' | 'scan-code'>;
  outcome: Statement['outcome'];
  /** The tier that was shown. */
  tier: Tier;
  shown: { count: number; digest: string };
  agent: string;
  /** Only for a scan with a code: why it opened nothing more. */
  problem?: string;
}

/** Durable when it returns: one entry, another in the chain of each record that was joined to it, and each notice with the first. */
export async function recordScan(
  deps: Deps,
  card: ScannedCard,
  scan: ScanRecord,
  notices: readonly { patientId: string; kind: string; detail: NewNotice['detail'] }[],
): Promise<void> {
  const { rule } = decide({ kind: 'card', patientId: card.patientId, tier: scan.tier }, 'emergency-page', {
    patientId: card.patientId,
    resourceType: 'Patient',
  });
  const entryOf = (patientId: string) =>
    sealEntry(
      patientId,
      {
        event: scan.event,
        outcome: scan.outcome,
        who: { role: 'card-reader' },
        basis: rule,
        purpose: 'ETREAT',
        on: { type: 'Patient', id: card.patientId },
        shown: scan.shown,
        agent: scan.agent,
        detail: { card: card.number, tier: scan.tier, ...(scan.problem ? { problem: scan.problem } : {}) },
      },
      deps,
    );
  const entry = entryOf(card.patientId);
  await Promise.all([
    deps.entries.store(
      entry,
      notices.map((one) => newNotice(deps, entry.entryId, one)),
    ),
    ...card.joined.map(({ patientId }) => deps.entries.store(entryOf(patientId))),
  ]);
}

/**
 * A scan that showed nothing. A card that is no longer valid tells its holder; a code that never was one goes into the
 * system's own chain. Both take the same way to the disk.
 */
export async function recordDeadScan(
  deps: Deps,
  card: ScannedCard | undefined,
  scan: { basis: 'card-not-valid' | 'no-such-card' | 'card-without-owner' | 'link-preview'; agent: string },
): Promise<void> {
  const entry = sealEntry(
    card?.patientId ?? '',
    {
      event: 'scan',
      outcome: 'refused',
      who: { role: 'card-reader' },
      basis: scan.basis,
      agent: scan.agent,
      ...(card ? { detail: { card: card.number, state: card.state } } : {}),
    },
    deps,
  );
  const notices =
    card && card.state !== 'active'
      ? [
          newNotice(deps, entry.entryId, {
            patientId: card.patientId,
            kind: 'card-scan-refused',
            detail: { card: card.number, state: card.state },
          }),
        ]
      : [];
  await deps.entries.store(entry, notices);
}

function newNotice(
  deps: Deps,
  entryId: string,
  one: { patientId: string; kind: string; detail: NewNotice['detail'] },
): NewNotice {
  const nowMs = deps.now();
  return { ...one, noticeId: uuidV7(nowMs, deps.randomBytes), entryId, createdAtMs: nowMs };
}
