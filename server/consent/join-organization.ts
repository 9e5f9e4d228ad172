// Somebody comes to work for an organisation: the membership, with a licence that was checked where the work needs one, and its entry.
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { findAccount } from '../storage/accounts.ts';
import type { Member } from '../storage/members.ts';
import { insertMember, memberRoles } from '../storage/members.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';

export interface Joining {
  accountId: string;
  organizationId: string;
  role: string;
  practitionerId?: string;
  licence?: string;
  /** YYYY-MM-DD, the last day it is valid. */
  licenceUntil?: string;
}

const clinicians = new Set(['doctor', 'nurse']);

/** False when they have this role there already. Throws 404 for an account or organisation that is not there, 422 for what is wrong. */
export async function joinOrganization(
  room: Pick<ConsentRoom, 'db' | 'now' | 'randomBytes'>,
  by: StatementWho,
  joining: Joining,
): Promise<boolean> {
  const role = memberRoles.find((one) => one === joining.role);
  const wrong = (field: string, title: string) =>
    new ApiError(422, `${field}-wrong`, title, { fields: [{ field, code: 'wrong' }] });
  if (role === undefined) throw wrong('role', `A role is one of ${memberRoles.join(', ')}.`);
  const { licence, licenceUntil } = joining;
  if ((licence === undefined) !== (licenceUntil === undefined))
    throw wrong('licence', 'A licence has a number and a last day.');
  if (clinicians.has(role) && licence === undefined)
    throw wrong('licence', 'A doctor or nurse needs a licence that was checked.');
  if (licenceUntil !== undefined && !isDay(licenceUntil))
    throw wrong('until', 'The last day of a licence is written as 2027-12-31.');
  const account = await findAccount(room.db.pool, joining.accountId);
  if (!account) throw new ApiError(404, 'not-found', 'There is no such account.');
  const organization = await findResource(room.db.pool, 'Organization', joining.organizationId);
  if (!organization || organization.deleted)
    throw new ApiError(404, 'not-found', 'There is no such organisation in the directory.');
  const nowMs = room.now();
  const member: Omit<Member, 'organizationName'> = {
    memberId: uuidV7(nowMs, room.randomBytes),
    accountId: account.accountId,
    organizationId: joining.organizationId,
    role,
    practitionerId: joining.practitionerId ?? null,
    licence: licence ?? null,
    licenceUntil: licenceUntil ?? null,
  };
  return inTransaction(room.db.pool, async (client) => {
    if (!(await insertMember(client, member, nowMs))) return false;
    const entry = sealEntry(
      account.patientId,
      {
        event: 'member-add',
        outcome: 'done',
        who: by,
        basis: 'operator-desk',
        on: { type: 'Organization', id: joining.organizationId },
        detail: { role, ...(licenceUntil === undefined ? {} : { licenceUntil }) },
      },
      room,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return true;
  });
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
