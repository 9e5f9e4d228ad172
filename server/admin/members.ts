// `add-member`: who works for which organisation, as what, and whose licence was checked.
import { joinOrganization } from '../organizations/join-organization.ts';
import { readLogin } from '../http/login.ts';
import { findAccountByLogin } from '../storage/accounts.ts';
import type { Stores } from '../stores.ts';

export interface NewMember {
  login: string;
  organization: string;
  role: string;
  practitioner?: string | undefined;
  licence?: string | undefined;
  until?: string | undefined;
}

export async function addMember({ deps, sequencer }: Stores, member: NewMember): Promise<string> {
  const { login, organization, role, practitioner, licence, until } = member;
  const account = await findAccountByLogin(deps.db.pool, readLogin(login, { bareHosts: true }).key);
  if (!account) throw new Error('Nobody signs in with this login.');
  const joined = await joinOrganization(
    deps,
    { role: 'operator', name: 'desk' },
    {
      accountId: account.accountId,
      organizationId: organization,
      role,
      ...(practitioner === undefined ? {} : { practitionerId: practitioner }),
      ...(licence === undefined ? {} : { licence }),
      ...(until === undefined ? {} : { licenceUntil: until }),
    },
  );
  await sequencer.flush();
  return joined ? 'Added. They have it from now on.' : 'They have this role there already.';
}
