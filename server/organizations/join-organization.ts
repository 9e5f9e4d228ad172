// Somebody comes to work for an organisation: the membership, with a licence that was checked where the operator's tool brings one, and its entry.
import type { StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import type { Member, MemberRole } from '../storage/members.ts';
import { insertMember, memberRoles } from '../storage/members.ts';
import { lockOrganization } from '../storage/organizations.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import { noteAct, wrong } from './organizations-room.ts';

export interface Joining {
  accountId: string;
  organizationId: string;
  role: string;
  practitionerId?: string;
  licence?: string;
  /** YYYY-MM-DD, the last day it is valid. */
  licenceUntil?: string;
}

type Sources = Pick<OrganizationsRoom, 'db' | 'now' | 'randomBytes'>;

export const clinicianRoles: ReadonlySet<string> = new Set(['doctor', 'nurse']);

/** By the operator's tool. False when they have this role there already. Throws 404 for an account or organisation that is not there, 422 for what is wrong. */
export async function joinOrganization(room: Sources, by: StatementWho, joining: Joining): Promise<boolean> {
  const role = requireRole(joining.role);
  const { licence, licenceUntil } = joining;
  if ((licence === undefined) !== (licenceUntil === undefined))
    throw wrong('licence', 'A licence has a number and a last day.');
  if (clinicianRoles.has(role) && licence === undefined)
    throw wrong('licence', 'A doctor or nurse needs a licence that was checked.');
  if (licenceUntil !== undefined && !isDay(licenceUntil))
    throw wrong('until', 'The last day of a licence is written as 2027-12-31.');
  const account = await findOwnAccount(room.db.pool, joining.accountId);
  if (!account) throw new ApiError(404, 'not-found', 'There is no such account.');
  const organization = await findResource(room.db.pool, 'Organization', joining.organizationId);
  if (!organization || organization.deleted)
    throw new ApiError(404, 'not-found', 'There is no such organisation in the directory.');
  const nowMs = room.now();
  return inTransaction(room.db.pool, async (client) => {
    const member = {
      memberId: uuidV7(nowMs, room.randomBytes),
      accountId: account.accountId,
      organizationId: joining.organizationId,
      role,
      practitionerId: joining.practitionerId ?? null,
      licence: licence ?? null,
      licenceUntil: licenceUntil ?? null,
    };
    if (!(await startMember(client, member, nowMs))) return false;
    await noteAct(client, room, undefined, {
      organizationId: joining.organizationId,
      chain: account.patientId,
      event: 'member-add',
      who: by,
      basis: 'operator-desk',
      detail: {
        role,
        person: displayName(account.name) ?? '',
        ...(licenceUntil === undefined ? {} : { licenceUntil }),
      },
    });
    return true;
  });
}

/** Under the organisation's lock. False when they have this role there already; throws 409 `organization-closed`. */
export async function startMember(
  client: Queryable,
  member: Omit<Member, 'organizationName'>,
  nowMs: number,
): Promise<boolean> {
  const { closed } = await lockOrganization(client, member.organizationId);
  if (closed) throw organizationClosed();
  return insertMember(client, member, nowMs);
}

export const organizationClosed = () =>
  new ApiError(409, 'organization-closed', 'This organisation is closed. Nobody begins to work there.');

export function requireRole(text: string): MemberRole {
  const role = memberRoles.find((one) => one === text);
  if (role === undefined) throw wrong('role', `A role is one of ${memberRoles.join(', ')}.`);
  return role;
}

export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
