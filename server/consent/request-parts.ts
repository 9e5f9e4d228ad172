// What asking and answering share: the request that is spoken of, its limits, how it is shown, and the entry that each act leaves.
import type { FastifyRequest } from 'fastify';
import type { Terms } from '../../core/access/terms.ts';
import { isTermsProblem, readTerms } from '../../core/access/terms.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import { findRequest } from '../storage/access-requests.ts';
import { attemptKey, countAttempt } from '../storage/attempts.ts';
import type { NewNotice } from '../storage/notices.ts';
import { insertNotices } from '../storage/notices.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { askingLimits } from './consent-room.ts';

export const bodyLimit = 64 * 1024;
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const notThere = () =>
  new ApiError(404, 'not-found', 'There is no such request, or you may not see it.');
export const isOver = () =>
  new ApiError(409, 'request-over', 'This request was answered already, or it is over. Ask anew.');

export function shown(room: ConsentRoom, found: AccessRequest) {
  const { state, coverage } = found;
  const expired = state === 'requested' && found.expiresAt.getTime() <= room.now();
  return {
    id: found.requestId,
    patient: found.patientId,
    requester: {
      id: found.requesterId,
      name: displayName(found.requesterName),
      ...(found.organizationName === null ? {} : { organization: found.organizationName }),
    },
    ...(found.everybody ? { everybody: true } : {}),
    ...(found.extendsId === null ? {} : { extends: true }),
    state: expired ? 'expired' : state,
    scope: {
      ...(coverage.categories ? { categories: coverage.categories } : {}),
      ...(coverage.entries ? { entries: coverage.entries } : {}),
      sealed: coverage.sealed,
      share: found.share,
      write: found.writing,
    },
    purpose: found.purpose,
    durationMs: found.durationMs,
    createdAt: found.createdAt,
    expiresAt: found.expiresAt,
    answeredAt: found.answeredAt,
  };
}

export function requireTerms(body: { scope: JsonValue; purpose: JsonValue; duration: JsonValue }): Terms {
  const terms = readTerms(body);
  if (isTermsProblem(terms))
    throw new ApiError(422, `${terms.field}-wrong`, 'Say what you ask to see, what for, and for how long.', {
      fields: [terms],
    });
  return terms;
}

/** Only the owner lets somebody know of sealed entries, with a yes of their own: nobody asks for it, no rule and no guardian gives it. */
export function refuseKnowing({ coverage }: Pick<Terms, 'coverage'>): void {
  if (coverage.knowsSealed === true)
    throw new ApiError(422, 'scope-wrong', 'Only the person themself lets somebody know of sealed entries.', {
      fields: [{ field: 'scope', code: 'knows-sealed' }],
    });
}

/** What somebody writes for others to read: on one line, ten letters at least. Throws 422 `words-wrong`. */
export function requireWords(text: string): string {
  const words = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (Array.from(words).length < 10 || /\p{Cc}/u.test(words))
    throw new ApiError(422, 'words-wrong', 'Say it in at least ten characters.', {
      fields: [{ field: 'words', code: 'too-short' }],
    });
  return words;
}

export async function take(
  room: ConsentRoom,
  purpose: keyof typeof askingLimits,
  key: string,
): Promise<void> {
  const { allowed, retryAfterMs } = await countAttempt(
    room.db.pool,
    { purpose, key: attemptKey(key), ...askingLimits[purpose] },
    room.now(),
  );
  if (allowed) return;
  throw new ApiError(429, 'too-many-requests', 'Too many requests. Try again later.', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  });
}

export async function requireRequest(room: ConsentRoom, request: FastifyRequest): Promise<AccessRequest> {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findRequest(room.db.pool, id) : undefined;
  if (!found) throw notThere();
  return found;
}

export async function requireOwnRequest(
  room: ConsentRoom,
  request: FastifyRequest,
  accountId: string,
): Promise<AccessRequest> {
  const found = await requireRequest(room, request);
  if (found.requesterId !== accountId) throw notThere();
  return found;
}

/** One entry in the person's chain with the notices that tell of it. Gives back the entry's id. */
export async function note(
  client: Queryable,
  room: ConsentRoom,
  request: FastifyRequest,
  what: {
    patientId: string;
    event: StatementEvent;
    who: StatementWho;
    basis: string;
    outcome?: 'done' | 'refused';
    detail: Record<string, string | number | boolean>;
    notices: readonly Pick<NewNotice, 'patientId' | 'kind' | 'detail'>[];
  },
): Promise<string> {
  const nowMs = room.now();
  const { patientId, event, who, basis, outcome = 'done', detail, notices } = what;
  const agent = agentFamily(request.headers['user-agent']);
  const entry = sealEntry(patientId, { event, outcome, who, basis, agent, detail }, room, nowMs);
  await writeBatch(client, { versions: [], entries: [entry] });
  await insertNotices(
    client,
    notices.map((one) => ({
      ...one,
      noticeId: uuidV7(nowMs, room.randomBytes),
      entryId: entry.entryId,
      createdAtMs: nowMs,
    })),
  );
  return entry.entryId;
}
