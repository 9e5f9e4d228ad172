// Guardians at a server whose clock the test moves. Each test file is a process of its own: what stands here is that file's alone.
import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

export let server: TestServer;
export let nowMs = Date.now();
export let mother: Person;
export let father: Person;
export const day = 86_400_000;

before(async () => {
  server = await startServer({ sources: { now: () => nowMs } });
});
after(async () => {
  await server?.stop();
});
beforeEach(async () => {
  nowMs = Math.max(nowMs, Date.now());
  await server.pool.query('delete from attempt_count');
  mother = await signUp(server.url, { name: 'Anita Rao' });
  father = await signUp(server.url, { name: 'Ravi Rao' });
});

/** Who signed in long ago signs in again. */
export async function goTo(ms: number, ...people: Person[]): Promise<void> {
  nowMs = ms;
  for (const person of people) {
    const body = { login: person.login, password: goodPassword };
    assert.equal((await person.call('POST', '/api/sessions', { body })).status, 201);
    await provedTwice(server.pool, person.accountId);
  }
}

export interface Child {
  id: string;
  uhid: string;
  guardian: string;
  endsAt: string;
}

export async function addChild(
  by: Person = mother,
  birthDate = '2017-05-31',
  more: object = {},
): Promise<Child> {
  const answer = await by.call('POST', '/api/dependants', {
    body: { name: 'Arjun Rao', birthDate, relationship: 'MTH', ...more },
  });
  assert.equal(answer.status, 201, answer.text);
  const { patient, guardian, endsAt } = answer.json<{
    patient: { id: string; uhid: string };
    guardian: string;
    endsAt: string;
  }>();
  return { ...patient, guardian, endsAt };
}

export const invite = (patient: string | undefined, from: Person, to: Person, more: object = {}) =>
  from.call('POST', '/api/guardians/invites', {
    body: {
      to: to.login,
      level: 'manage',
      relationship: 'FTH',
      evidence: 'parent',
      ...(patient === undefined ? {} : { patient }),
      ...more,
    },
  });

/** Invited and accepted: the id of the guardianship. */
export async function makeGuardian(
  patient: string | undefined,
  from: Person,
  to: Person,
  more: object = {},
): Promise<string> {
  const invited = await invite(patient, from, to, more);
  assert.equal(invited.status, 201, invited.text);
  const accepted = await to.call(
    'POST',
    `/api/guardians/invites/${invited.json<{ id: string }>().id}/accept`,
  );
  assert.equal(accepted.status, 201, accepted.text);
  return accepted.json<{ id: string }>().id;
}

export const patientOf = async (person: Person, patient: string) =>
  (await person.get(`/fhir/R4/Patient/${patient}`)).status;

export const events = async (
  patient: string,
): Promise<{ event: string; who: { role: string; name?: string } }[]> => {
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by entry_id',
    [patient],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as { event: string; who: { role: string } });
};

export const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'A measurement' },
  subject: { reference: `Patient/${patient}` },
  valueString: 'as measured',
  ...more,
});
