// A person and a clinician at a server whose clock the test moves and whose codes it reads, for the tests of who is let in.
// Each test file is a process of its own: what stands here is that file's alone.
import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const codes: { patientId: string; code: string }[] = [];
export let nowMs = Date.now();
export let server: TestServer;
export let patient: Person;
export let doctor: Clinician;

before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs,
      messenger: {
        async sendCode({ patientId }, code) {
          codes.push({ patientId, code });
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
  patient = await signUp(server.url);
  doctor = await signUpClinician(server.url, server.pool);
});

export const whole = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };

export async function ask(terms: object = whole, from: Person = doctor, to: Person = patient) {
  const answer = await from.call('POST', '/api/access-requests', { body: { patient: to.uhid, ...terms } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string; codeSent: string }>();
}
export const lastCode = (to: Person = patient): string =>
  codes.findLast(({ patientId }) => patientId === to.patientId)?.code ?? '';
export const confirm = (id: string, code: string, from: Person = doctor) =>
  from.call('POST', `/api/access-requests/${id}/confirm`, { body: { code } });
export const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Sessions end after half an hour without a word: whoever comes back later signs in again. */
export async function later(ms: number, ...people: Person[]): Promise<void> {
  nowMs += ms;
  for (const person of people) {
    const body = { login: person.login, password: goodPassword };
    assert.equal((await person.call('POST', '/api/sessions', { body })).status, 201);
    await provedTwice(server.pool, person.accountId);
  }
}

export async function letIn(terms: object = whole): Promise<{ grant: string; consent: string }> {
  const { id } = await ask(terms);
  const answer = await confirm(id, lastCode());
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ grant: string; consent: string }>();
}

export const observation = (category: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] },
  ],
  code: { text: 'A measurement' },
  subject: { reference: `Patient/${patient.patientId}` },
  valueString: 'as measured',
  ...more,
});
export const sealed = {
  meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
};

/** Moves the clock alone. */
export function moveClock(ms: number): void {
  nowMs += ms;
}
