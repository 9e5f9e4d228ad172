// People who take medicines, at a server whose clock the test moves and whose mails it reads. Each test file is a process of its own: what
// stands here is that file's alone.
import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { beginPassesByHand } from '../harness/passes-by-hand.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

export let server: TestServer;
export let nowMs = 0;
export let asha: Person;
export let ravi: Person;
export const mails: { address: string; language: string; link: string }[] = [];
export const zone = 'Asia/Kolkata';
export const hour = 3_600_000;

beginPassesByHand();
before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs || Date.now(),
      messenger: {
        sendCode: async () => 'none',
        async sendReminder({ address, language }, link) {
          mails.push({ address, language, link });
          return 'sent';
        },
      },
    },
  });
});
after(async () => server?.stop());
beforeEach(async () => {
  // Seven in the morning of a day to come, in India: sessions and clocks of the test go together.
  const midnight = Math.ceil(Math.max(nowMs, Date.now()) / (24 * hour)) * 24 * hour;
  nowMs = midnight + 24 * hour + 1.5 * hour;
  mails.length = 0;
  await server.pool.query('delete from attempt_count');
  await server.pool.query('update dose_clock set next_at = null');
  asha = await signUp(server.url, { name: 'Asha Rao' });
  ravi = await signUp(server.url, { name: 'Ravi Rao' });
});

export const dayThere = (ms = nowMs): string => new Date(ms + 5.5 * hour).toISOString().slice(0, 10);
export async function goOn(ms: number, ...people: Person[]): Promise<void> {
  nowMs += ms;
  for (const person of people) {
    const body = { login: person.login, password: goodPassword };
    assert.equal((await person.call('POST', '/api/sessions', { body })).status, 201);
    await provedTwice(server.pool, person.accountId);
  }
}
const medicine = (of: string, name: string, more: object = {}) => ({
  resourceType: 'MedicationStatement',
  status: 'active',
  subject: { reference: `Patient/${of}` },
  medicationCodeableConcept: { text: name },
  effectivePeriod: { start: '2026-01-01' },
  ...more,
});
export const taken = async (name = 'Metformin', more: object = {}, by = asha, of = asha.patientId) =>
  `MedicationStatement/${(await by.create(medicine(of, name, more))).id}`;
export const at = (path: string, of?: string) =>
  `/api/doses${path}${of === undefined ? '' : `?patient=${of}`}`;
export const plan = (ref: string, more: object = {}, by = asha, of?: string) =>
  by.call('PUT', at(`/plans/${ref}`, of), {
    body: { times: ['20:00', '08:00'], days: [], begins: dayThere(), zone, ...more },
  });
export const set = async (...given: Parameters<typeof plan>) => {
  const answer = await plan(...given);
  assert.equal(answer.status, 204, answer.text);
  return answer;
};
export const tick = (ref: string, time: string, state: string, more: object = {}, by = asha, of?: string) =>
  by.call('PUT', at(`/ticks/${ref}/${time.includes('T') ? time : `${dayThere()}T${time}`}`, of), {
    body: { state, ...more },
  });
interface Today {
  zone: string;
  byMail: boolean;
  mayBeMailed: boolean;
  medicines: {
    ref: string;
    name: string;
    own: boolean;
    plan?: { times: string[]; days: number[]; ends?: string };
  }[];
  doses: { medicine: string; name: string; dose: string; state: string; reason?: string }[];
}
export const today = async (by = asha, of?: string): Promise<Today> => {
  const answer = await by.get(at('', of));
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Today>();
};
export const states = async (by = asha, of?: string) =>
  (await today(by, of)).doses.map(({ dose, state }) => `${dose.slice(11)} ${state}`);
interface NoticeRow {
  kind: string;
  detail: Record<string, unknown>;
  read_at: Date | null;
}
export const notices = async (of: Person | string): Promise<NoticeRow[]> =>
  (
    await server.pool.query<NoticeRow>(
      `select kind, detail, read_at from notice where patient_id = $1 and kind like 'dose%'`,
      [typeof of === 'string' ? of : of.patientId],
    )
  ).rows;
export const events = async (
  of = asha.patientId,
): Promise<{ event: string; who: { role: string }; on?: { type: string } }[]> =>
  (
    await server.pool.query<{ statement: string }>(
      'select statement from entry where patient_id = $1 order by recorded_at, entry_id',
      [of],
    )
  ).rows.map(({ statement }) => JSON.parse(statement) as { event: string; who: { role: string } });
export const addChild = async (by: Person): Promise<string> =>
  (
    await by.call('POST', '/api/dependants', {
      body: { name: 'Arjun Rao', birthDate: '2018-05-31', relationship: 'MTH' },
    })
  ).json<{ patient: { id: string } }>().patient.id;
export const guard = async (patient: string, level: string, from = asha, to = ravi) => {
  const invited = await from.call('POST', '/api/guardians/invites', {
    body: { to: to.login, patient, level, relationship: 'FTH', evidence: 'parent' },
  });
  assert.equal(invited.status, 201, invited.text);
  const path = `/api/guardians/invites/${invited.json<{ id: string }>().id}/accept`;
  const accepted = await to.call('POST', path);
  assert.equal(accepted.status, 201, accepted.text);
};

/** Moves the clock alone. */
export function moveClock(ms: number): void {
  nowMs += ms;
}
