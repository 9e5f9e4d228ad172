// Clinicians for tests: an account with a membership and a licence, as an administrator would have checked it.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from './client.ts';
import { signUp } from './client.ts';
import { provedTwice } from './staff.ts';

export interface Clinician extends Person {
  readonly memberId: string;
}

export async function signUpClinician(
  url: string,
  pool: pg.Pool,
  {
    name = 'Meera Iyer',
    licenceUntil = '2999-12-31',
    login,
    organizationId = 'a-hospital',
  }: {
    readonly name?: string;
    readonly organizationId?: string;
    readonly licenceUntil?: string | null;
    readonly login?: string;
  } = {},
): Promise<Clinician> {
  const person = await signUp(url, { name, ...(login ? { login } : {}) });
  const memberId = randomUUID();
  await insertMember(
    pool,
    {
      memberId,
      accountId: person.accountId,
      organizationId,
      role: 'doctor',
      practitionerId: null,
      licence: licenceUntil === null ? null : 'KMC 12345',
      licenceUntil,
    },
    Date.now(),
  );
  await provedTwice(pool, person.accountId);
  return { ...person, memberId };
}
