// What every act of a recovery has in common: how it is shown, its entry in the person's chain, and the alert to every address that is
// known, at once.
import type { FastifyRequest } from 'fastify';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { AlertKind } from '../http/deps.ts';
import { findReach } from '../storage/accounts.ts';
import type { Queryable } from '../storage/queryable.ts';
import { insertNotices } from '../storage/notices.ts';
import type { Recovery } from '../storage/recoveries.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';

const dayMs = 24 * 60 * 60_000;
/** How long a request that nobody vouches for stays open, and how long one that is ready waits for its password. */
export const recoveryLimits = { openMs: 7 * dayMs, readyMs: 3 * dayMs, mostOpen: 3 } as const;

export const recoveryOver = () =>
  new ApiError(
    404,
    'recovery-over',
    'There is no such request. It was stopped, used, or is too old. Begin a new one.',
  );

/** What whoever holds its token may know. */
export function shownRecovery(recovery: Recovery, nowMs: number) {
  const { state, number, begunAt, expiresAt, readyAt, vouchers } = recovery;
  const expired = state === 'open' && expiresAt.getTime() <= nowMs;
  return {
    state: expired ? 'expired' : state,
    number,
    begunAt,
    expiresAt,
    vouched: vouchers.map(({ stands }) => stands),
    readyAt,
    ready: state === 'open' && !expired && readyAt !== null && readyAt.getTime() <= nowMs,
  };
}

export interface RecoveryEntry {
  event: Extract<
    StatementEvent,
    'recovery-begin' | 'recovery-vouch' | 'recovery-ready' | 'recovery-stop' | 'recovery-done'
  >;
  who: StatementWho;
  basis: string;
  detail: Record<string, string | number | boolean>;
  /** Kinds of notices to the person, and to others by their patient id. */
  notices: readonly { patientId: string; kind: string; detail?: Record<string, string> }[];
}

/** Inside the caller's transaction. Gives back the entry's id. */
export async function noteRecovery(
  client: Queryable,
  identity: Identity,
  request: FastifyRequest,
  patientId: string,
  { event, who, basis, detail, notices }: RecoveryEntry,
): Promise<string> {
  const nowMs = identity.now();
  const agent = agentFamily(request.headers['user-agent']);
  const entry = sealEntry(patientId, { event, outcome: 'done', who, basis, agent, detail }, identity, nowMs);
  await writeBatch(client, { versions: [], entries: [entry] });
  await insertNotices(
    client,
    notices.map((one) => ({
      ...one,
      detail: one.detail ?? {},
      noticeId: uuidV7(nowMs, identity.randomBytes),
      entryId: entry.entryId,
      createdAtMs: nowMs,
    })),
  );
  return entry.entryId;
}

const mostAddresses = 6;

/** To the login and to every e-mail address of the record. Not waited for: a mail server that is slow stops nobody. */
export function alertPerson(
  identity: Identity,
  patientId: string,
  kind: AlertKind,
  stopToken?: string,
): void {
  const { messenger, config, log } = identity;
  // In the fragment: an address leaves its fragment neither in logs nor in a Referer.
  const link =
    stopToken === undefined ? `${config.publicUrl}/devices` : `${config.publicUrl}/recover/stop#${stopToken}`;
  const work = async (): Promise<void> => {
    const reach = await findReach(identity.db.pool, patientId);
    if (!reach || !messenger.sendAlert) return;
    const addresses = new Set([reach.login, ...(await recordAddresses(identity, patientId))]);
    for (const address of [...addresses].slice(0, mostAddresses))
      await messenger.sendAlert({ address, language: reach.language }, kind, link);
  };
  work().catch((error: unknown) => {
    log.error({ code: (error as { code?: string }).code }, 'an alert could not be sent');
  });
}

async function recordAddresses(identity: Identity, patientId: string): Promise<string[]> {
  const found = await findResource(identity.db.pool, 'Patient', patientId);
  if (!found || found.deleted) return [];
  const { telecom } = JSON.parse(found.content) as { telecom?: { system?: string; value?: string }[] };
  return (telecom ?? []).flatMap(({ system, value }) =>
    system === 'email' && typeof value === 'string' && /^[^\s@]{1,64}@[^\s@]{1,190}$/.test(value)
      ? [value]
      : [],
  );
}
