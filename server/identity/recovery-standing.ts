// As what somebody may vouch for a person who lost every way in: a guardian who manages their record, or staff of an organisation.
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { Standing } from '../../core/sign-in/recovery.ts';
import type { PersonActor } from '../http/actor.ts';
import { whoOfPerson } from '../http/require-person.ts';
import { listGuardians } from '../storage/guardians.ts';
import { listMemberships } from '../storage/members.ts';
import type { Identity } from './identity.ts';

export interface VouchesAs {
  stands: Standing;
  organizationId: string | null;
}

/** Those who look at papers as their work. */
const desks: ReadonlySet<string> = new Set(['desk', 'records']);

/** As staff; a desk before a colleague. Undefined for somebody who works nowhere. */
export async function deskOf(identity: Identity, accountId: string): Promise<VouchesAs | undefined> {
  const members = await listMemberships(identity.db.pool, accountId);
  const member = members.find(({ role }) => desks.has(role)) ?? members[0];
  return (
    member && {
      stands: desks.has(member.role) ? 'desk' : 'colleague',
      organizationId: member.organizationId,
    }
  );
}

/** For this person: as their guardian before as staff. */
export async function standingFor(
  identity: Identity,
  actor: PersonActor,
  patientId: string,
): Promise<VouchesAs | undefined> {
  const guardians = await listGuardians(identity.db.pool, patientId, identity.now());
  const isGuardian = guardians.some(
    ({ holderId, level }) => holderId === actor.accountId && level === 'manage',
  );
  return isGuardian ? { stands: 'guardian', organizationId: null } : deskOf(identity, actor.accountId);
}

export function whoOfStaff(actor: PersonActor, { stands, organizationId }: VouchesAs): StatementWho {
  const who = whoOfPerson(actor);
  if (stands === 'guardian') return { ...who, role: 'guardian' };
  return {
    ...who,
    role: 'professional',
    ...(organizationId === null ? {} : { reference: `Organization/${organizationId}` }),
  };
}
