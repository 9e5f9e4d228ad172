// Two officers of a hospital and the way in which two records become one, for the tests of what follows from it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { provedTwice } from '../harness/staff.ts';
import { server } from './consent-world.ts';

export async function officerOf(
  organizationId = 'a-hospital',
  role: 'records' | 'desk' = 'records',
): Promise<Person> {
  const person = await signUp(server.url, { name: 'An officer' });
  const member = { memberId: randomUUID(), accountId: person.accountId, organizationId, role };
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

export const reason = 'She came twice and gave two spellings of her name.';
export const propose = (officer: Person, survivor: Person, merged: Person) =>
  officer.call('POST', '/api/merges', { body: { survivor: survivor.uhid, merged: merged.uhid, reason } });
export const act = (who: Person, id: string, what: string, body: object = {}) =>
  who.call('POST', `/api/merges/${id}/${what}`, { body });

export interface Joined {
  id: string;
  first: Person;
  second: Person;
}
export async function join(survivor: Person, merged: Person): Promise<Joined> {
  const [first, second] = [await officerOf(), await officerOf()];
  const proposed = await propose(first, survivor, merged);
  assert.equal(proposed.status, 201, proposed.text);
  const { id } = proposed.json<{ id: string }>();
  for (const [who, what] of [
    [second, 'second'],
    [survivor, 'agree'],
    [merged, 'agree'],
  ] as const) {
    const answer = await act(who, id, what);
    assert.equal(answer.status, 200, answer.text);
  }
  return { id, first, second };
}
