// What the handlers of the front desk share: who works at one, its limits, and the doors that other rooms open to it.
import type { FastifyRequest } from 'fastify';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import { attemptKey, countAttempt } from '../storage/attempts.ts';
import type { Member } from '../storage/members.ts';
import { listMemberships } from '../storage/members.ts';

export interface CardHolder {
  patientId: string;
  who: StatementWho;
  agent: string;
  basis: string;
}

export interface DeskRoom extends Deps {
  /** The person's first card. */
  issueCard: (holder: CardHolder) => Promise<unknown>;
}

export const bodyLimit = 16 * 1024;

/** Documented in docs/decisions/desk.md: change both. */
export const claimLimits = {
  lifetimeMs: 30 * 86_400_000,
  /** Wrong ones, over the life of a code. */
  tries: 5,
} as const;

const hourMs = 3_600_000;
export const limits = {
  'desk-enrol': { limit: 100, windowMs: 24 * hourMs },
  /** Each tells whether somebody like that is here. */
  'desk-compare': { limit: 150, windowMs: 24 * hourMs },
  'desk-claim-code': { limit: 50, windowMs: 24 * hourMs },
  'claim-address': { limit: 20, windowMs: hourMs },
} as const;

export async function take(
  room: Pick<Deps, 'db' | 'now'>,
  purpose: keyof typeof limits,
  key: string,
): Promise<void> {
  const window = { purpose, key: attemptKey(key), ...limits[purpose] };
  const { allowed, retryAfterMs } = await countAttempt(room.db.pool, window, room.now());
  if (allowed) return;
  throw new ApiError(429, 'too-many-requests', 'Too many requests. Try again later.', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  });
}

export interface AtDesk {
  actor: PersonActor;
  /** Where they work at the desk. */
  desks: readonly Member[];
  who: StatementWho;
}

/** Throws 403 `desk-only`. Read at the time of the request: suspended is suspended. */
export async function requireDesk(room: Deps, request: FastifyRequest): Promise<AtDesk & { desk: Member }> {
  const actor = requirePerson(request);
  const members = await listMemberships(room.db.pool, actor.accountId);
  const desks = members.filter(({ role }) => role === 'desk');
  const [desk] = desks;
  if (!desk) throw new ApiError(403, 'desk-only', 'Only the front desk of an organisation may do this.');
  return {
    actor,
    desks,
    desk,
    who: {
      role: 'organization',
      account: actor.accountId,
      reference: `Organization/${desk.organizationId}`,
      ...(actor.name ? { name: actor.name } : {}),
    },
  };
}

export const agentOf = (request: FastifyRequest): string => agentFamily(request.headers['user-agent']);

export type DeskEvent = Extract<StatementEvent, 'desk-enrol' | 'desk-claim-code' | 'desk-claim'>;
