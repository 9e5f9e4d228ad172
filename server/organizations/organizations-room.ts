// What the handlers of this room share: limits, who may change what here, and the entry that each act of an administrator leaves.
import type { FastifyRequest } from 'fastify';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson, requireProof } from '../http/require-person.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { attemptKey, countAttempt } from '../storage/attempts.ts';
import { listMemberships } from '../storage/members.ts';
import { insertNotices } from '../storage/notices.ts';
import { insertOrganizationAct } from '../storage/organization-acts.ts';
import type { ListedOrganization } from '../storage/organizations.ts';
import { listOrganizations } from '../storage/organizations.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import { writeBatch } from '../storage/write-batch.ts';

export type OrganizationsRoom = Deps;

export const bodyLimit = 16 * 1024;
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const inviteLifetimeMs = 7 * 86_400_000;

export const limits = {
  'member-invite': { limit: 60, windowMs: 24 * 3_600_000 },
  'licence-enter': { limit: 20, windowMs: 24 * 3_600_000 },
} as const;

export async function take(
  room: OrganizationsRoom,
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

export const notThere = () =>
  new ApiError(404, 'not-found', 'There is no such organisation or person, or you may not see it.');
export const wrong = (field: string, title: string, code = 'wrong') =>
  new ApiError(422, `${field}-wrong`, title, { fields: [{ field, code }] });

/** What somebody may do here, read at the time of the request. */
export interface Office {
  actor: PersonActor;
  /** The operator's administrator: every organisation. */
  operator: boolean;
  /** Organisations whose administrator they are. */
  administers: readonly string[];
  /** Whose administrators' acts they may read; an administrator those of their own. */
  audits: 'all' | readonly string[];
}

export async function readOffice(
  room: OrganizationsRoom,
  request: FastifyRequest,
  { proved }: { proved: boolean } = { proved: false },
): Promise<Office> {
  const actor = proved ? requireProof(request, room.now()) : requirePerson(request);
  const [account, members] = await Promise.all([
    findOwnAccount(room.db.pool, actor.accountId),
    listMemberships(room.db.pool, actor.accountId),
  ]);
  const roles = account?.roles ?? [];
  const ofRole = (...wanted: string[]) => [
    ...new Set(members.filter(({ role }) => wanted.includes(role)).map((one) => one.organizationId)),
  ];
  const operator = roles.includes('administrator');
  return {
    actor,
    operator,
    administers: ofRole('administrator'),
    audits: operator || roles.includes('auditor') ? 'all' : ofRole('administrator', 'auditor'),
  };
}

export interface Standing {
  office: Office;
  actor: PersonActor;
  organization: ListedOrganization;
  who: StatementWho;
  basis: 'administrator' | 'organization-administrator';
}

/**
 * The organisation of the address, for who administers it. Throws 401, 403 `reauthentication-required`, and 404 for an organisation
 * that is not theirs as for one that is not there.
 */
export async function requireStanding(
  room: OrganizationsRoom,
  request: FastifyRequest,
  wanted: { proved: boolean; operator?: boolean },
): Promise<Standing> {
  const office = await readOffice(room, request, wanted);
  const { id } = request.params as { id: string };
  if (wanted.operator === true) requireOperator(office);
  if (!office.operator && !office.administers.includes(id)) throw notThere();
  const [organization] = await listOrganizations(room.db.pool, { ids: [id] }, 1);
  if (!organization) throw notThere();
  return { office, actor: office.actor, organization, ...actingAs(office, id) };
}

/** Throws 403 `not-an-administrator`. */
export function requireOperator(office: Office): void {
  if (!office.operator)
    throw new ApiError(403, 'not-an-administrator', 'Only an administrator of this platform may do this.');
}

export function actingAs(
  { operator, actor, administers }: Office,
  organizationId: string,
): Pick<Standing, 'who' | 'basis'> {
  const own = administers.includes(organizationId) || !operator;
  return {
    who: {
      role: own ? 'organization' : 'operator',
      account: actor.accountId,
      ...(own ? { reference: `Organization/${organizationId}` } : {}),
      ...(actor.name ? { name: actor.name } : {}),
    },
    basis: own ? 'organization-administrator' : 'administrator',
  };
}

export interface Act {
  organizationId: string;
  /** In whose chain it stands; '' for the system's own. */
  chain: string;
  event: StatementEvent;
  who: StatementWho;
  basis: string;
  detail: Record<string, string | number | boolean>;
  versions?: readonly VersionWrite[];
  /** Records of those who are told. */
  tell?: readonly { patientId: string; kind: string; detail: Record<string, string> }[];
}

/** Versions, the entry of the act, its place in the list for auditors, and notices, inside the caller's transaction. Gives back the entry's id. */
export async function noteAct(
  client: Queryable,
  room: Pick<OrganizationsRoom, 'now' | 'randomBytes'>,
  request: FastifyRequest | undefined,
  act: Act,
): Promise<string> {
  const nowMs = room.now();
  const { organizationId, chain, event, who, basis, detail, versions = [], tell = [] } = act;
  const entry = sealEntry(
    chain,
    {
      event,
      outcome: 'done',
      who,
      basis,
      on: { type: 'Organization', id: organizationId },
      ...(request ? { agent: agentFamily(request.headers['user-agent']) } : {}),
      detail,
    },
    room,
    nowMs,
  );
  await writeBatch(client, { versions, entries: [entry] });
  await insertOrganizationAct(client, { organizationId, entryId: entry.entryId, chain });
  await insertNotices(
    client,
    tell.map((one) => ({
      ...one,
      noticeId: uuidV7(nowMs, room.randomBytes),
      entryId: entry.entryId,
      createdAtMs: nowMs,
    })),
  );
  return entry.entryId;
}
