// An organisation with its administrator at a server whose clock the test moves, for the tests of who works where.
// Each test file is a process of its own: what stands here is that file's alone.
import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import type { Answer, Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

export let server: TestServer;
export let nowMs = Date.now();
/** What would have been mailed, the newest last. */
export const mails: { login: string; link: string }[] = [];
export let operator: Person;
export let administrator: Person;
export let hospital: string;
export const day = 86_400_000;

before(async () => {
  server = await startServer({
    sources: {
      // Each look at the clock is a moment later than the one before: entries have an order.
      now: () => nowMs++,
      messenger: {
        sendCode: async () => 'none',
        async sendInvitation({ login }, link) {
          mails.push({ login, link });
          return 'sent';
        },
      },
    },
  });
});
after(async () => {
  await server?.stop();
});
beforeEach(async () => {
  nowMs = Math.max(nowMs, Date.now());
  await server.pool.query('delete from attempt_count');
  operator = await signUp(server.url, { name: 'Joseph Lobo' });
  await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
    operator.accountId,
  ]);
  await provedTwice(server.pool, operator.accountId);
  hospital = await found('Kaveri General Hospital');
  administrator = await signUp(server.url, { name: 'Prakash Bhat' });
  await employ(administrator, 'administrator', operator);
});

export async function found(name: string): Promise<string> {
  const made = await operator.call('POST', '/api/admin/organizations', { body: { name } });
  assert.equal(made.status, 201, made.text);
  return made.json<{ id: string }>().id;
}

export const code = (answer: Answer): string => answer.json<{ code: string }>().code;

/** Below the organisation's address. */
export const at = (path = '', id = hospital): string => `/api/admin/organizations/${id}${path}`;

export const invite = (to: Person | string, role: string, by: Person = administrator, id = hospital) =>
  by.call('POST', at('/invites', id), {
    body: { to: typeof to === 'string' ? to : to.login, role },
  });

export const tokenOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);
export const lastToken = (to: Person): string =>
  tokenOf(mails.findLast(({ login }) => login === to.login)?.link ?? '');

/** Invited, accepted: the id of the membership. */
export async function employ(
  person: Person,
  role: string,
  by: Person = administrator,
  id = hospital,
): Promise<string> {
  const invited = await invite(person, role, by, id);
  assert.equal(invited.status, 201, invited.text);
  const accepted = await person.call('POST', `/api/places/invitations/${lastToken(person)}/accept`);
  assert.equal(accepted.status, 201, accepted.text);
  await provedTwice(server.pool, person.accountId);
  return accepted.json<{ id: string }>().id;
}

export const licence = { number: 'KMC 41001', authority: 'Karnataka Medical Council', until: '2999-12-31' };

/** A doctor whose licence the administrator looked at. */
export async function employDoctor(person: Person, until = licence.until): Promise<string> {
  const memberId = await employ(person, 'doctor');
  const entered = await person.call('PUT', `/api/places/${memberId}/licence`, {
    body: { ...licence, until },
  });
  assert.equal(entered.status, 201, entered.text);
  const checked = await administrator.call('POST', at(`/licences/${entered.json<{ id: string }>().id}`), {
    body: { finding: 'right' },
  });
  assert.equal(checked.status, 204, checked.text);
  return memberId;
}

/** Moves the clock; who goes on signs in again. */
export async function later(ms: number, ...people: Person[]): Promise<void> {
  nowMs += ms;
  for (const person of people) {
    const body = { login: person.login, password: goodPassword };
    assert.equal((await person.call('POST', '/api/sessions', { body })).status, 201);
    await provedTwice(server.pool, person.accountId);
  }
}

export interface Statement {
  event: string;
  who: { role: string; name?: string; account?: string };
  basis: string;
  detail?: Record<string, unknown>;
}

export async function statements(chain: string): Promise<Statement[]> {
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by entry_id',
    [chain],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as Statement);
}
