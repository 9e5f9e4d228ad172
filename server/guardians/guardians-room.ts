// What the handlers of this room share: limits, the words of relationship, the entry and notices that each act leaves.
import type { FastifyRequest } from 'fastify';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Deps } from '../http/deps.ts';
import { attemptKey, countAttempt } from '../storage/attempts.ts';
import { insertNotices } from '../storage/notices.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import { writeBatch } from '../storage/write-batch.ts';

export type GuardiansRoom = Deps;

export const bodyLimit = 16 * 1024;
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** v3-RoleCode: what the guardian is to the person. */
export const relationships = [
  'MTH',
  'FTH',
  'GRPRN',
  'SIB',
  'SPS',
  'CHILD',
  'FAMMEMB',
  'GUARD',
  'POWATT',
  'FRND',
] as const;

export const inviteLifetimeMs = 7 * 86_400_000;
/** More guardians than this look after nobody. */
export const mostGuardians = 20;

export const limits = {
  'guardian-invite': { limit: 20, windowMs: 24 * 3_600_000 },
  'dependant-add': { limit: 12, windowMs: 24 * 3_600_000 },
} as const;

export async function take(room: GuardiansRoom, purpose: keyof typeof limits, key: string): Promise<void> {
  const window = { purpose, key: attemptKey(key), ...limits[purpose] };
  const { allowed, retryAfterMs } = await countAttempt(room.db.pool, window, room.now());
  if (allowed) return;
  throw new ApiError(429, 'too-many-requests', 'Too many requests. Try again later.', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  });
}

export const notThere = () =>
  new ApiError(404, 'not-found', 'There is no such guardian or invitation, or you may not see it.');
export const inviteOver = () =>
  new ApiError(409, 'invite-over', 'This invitation was answered already, or it is over. Ask for a new one.');

export const agentOf = (request: FastifyRequest): string => agentFamily(request.headers['user-agent']);

export interface Note {
  patientId: string;
  event: StatementEvent;
  who: StatementWho;
  basis: string;
  detail: Record<string, string | number | boolean>;
  versions?: readonly VersionWrite[];
  /** Records of those who are told; `atMs`: when, for what is still to come. */
  tell: readonly { patientId: string; kind: string; detail?: Record<string, string>; atMs?: number }[];
}

/** Versions, the entry of the act and the notices that tell of it, inside the caller's transaction. Gives back the entry's id. */
export async function note(
  client: Queryable,
  room: GuardiansRoom,
  request: FastifyRequest,
  what: Note,
): Promise<string> {
  const nowMs = room.now();
  const { patientId, event, who, basis, detail, versions = [], tell } = what;
  const entry = sealEntry(
    patientId,
    { event, outcome: 'done', who, basis, agent: agentOf(request), detail },
    room,
    nowMs,
  );
  await writeBatch(client, { versions: [...versions], entries: [entry] });
  await insertNotices(
    client,
    tell.map((one) => ({
      patientId: one.patientId,
      noticeId: uuidV7(one.atMs ?? nowMs, room.randomBytes),
      kind: one.kind,
      entryId: entry.entryId,
      detail: one.detail ?? {},
      createdAtMs: one.atMs ?? nowMs,
    })),
  );
  return entry.entryId;
}
