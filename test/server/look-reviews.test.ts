// What follows a look: the review of an emergency, the counts for auditors, and a look that its person questions.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { MemberRole } from '../../server/storage/members.ts';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { provedTwice } from '../harness/staff.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { doctor, later, letIn, nowMs, observation, patient, sealed, server } from './consent-world.ts';

const reason = 'Unconscious after a road accident';

/** Somebody of the organisation that the clinicians of these tests work for, or of another. */
async function staff(role: MemberRole, organizationId = 'a-hospital'): Promise<Person> {
  const person = await signUp(server.url, { name: `A ${role}` });
  const member = { memberId: randomUUID(), accountId: person.accountId, organizationId, role };
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

async function breakGlass(): Promise<string> {
  const answer = await doctor.call('POST', '/api/break-glass', { body: { patient: patient.uhid, reason } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
}

interface Review {
  id: string;
  dueAt: string;
  overdue: boolean;
  finding: string | null;
  personAnswer: string | null;
}
const review = (who: Person, id: string, finding = 'justified') =>
  who.call('POST', `/api/glass-reviews/${id}`, { body: { finding, words: 'Brought in by ambulance.' } });

describe('the review of an emergency (CON-15)', () => {
  it('is due within 72 hours, and says so when it is late', async () => {
    const id = await breakGlass();
    const officer = await staff('records');
    const mine = async () =>
      (await officer.get('/api/glass-reviews?at=work')).json<Review[]>().find((one) => one.id === id);
    const open = await mine();
    assert.equal(new Date(open?.dueAt ?? 0).getTime(), nowMs + 72 * 3_600_000);
    assert.equal(open?.overdue, false);
    await later(72 * 3_600_000, officer);
    assert.equal((await mine())?.overdue, true);
  });

  it('is for an officer of that organisation, never for who broke the glass, and counts once', async () => {
    const id = await breakGlass();
    for (const one of [patient, doctor, await staff('records', 'elsewhere'), await staff('nurse')])
      assert.equal((await review(one, id)).status, 404);
    await insertMember(
      server.pool,
      {
        memberId: randomUUID(),
        accountId: doctor.accountId,
        organizationId: 'a-hospital',
        role: 'records',
        practitionerId: null,
        licence: null,
        licenceUntil: null,
      },
      nowMs,
    );
    assert.equal((await review(doctor, id)).status, 403);
    const officer = await staff('records');
    assert.equal((await review(officer, id, 'not-justified')).status, 204);
    assert.equal((await review(officer, id)).status, 409);
    const [shown] = (await patient.get('/api/glass-reviews')).json<Review[]>();
    assert.equal(shown?.finding, 'not-justified');
    assert.match((await patient.get('/api/notices')).text, /glass-reviewed/);
  });

  it('hears what the person says of it, and nobody answers for them', async () => {
    const id = await breakGlass();
    const answer = (who: Person, word: string) =>
      who.call('POST', `/api/glass-reviews/${id}/answer`, { body: { answer: word } });
    assert.equal((await answer(doctor, 'right')).status, 404);
    assert.equal((await answer(patient, 'questioned')).status, 204);
    assert.equal((await answer(patient, 'perhaps')).status, 400);
    const officer = await staff('records');
    const heard = (await officer.get('/api/glass-reviews?at=work')).json<Review[]>();
    assert.equal(heard.find((one) => one.id === id)?.personAnswer, 'questioned');
    assert.ok(!JSON.stringify(heard).includes(patient.patientId), 'whose record it was stays out');
  });

  it('is counted for auditors, by organisation and without a name; for nobody else', async () => {
    await breakGlass();
    for (const one of [patient, doctor, await staff('records')])
      assert.equal((await one.get('/api/break-glass/counts')).status, 403);
    const auditor = await staff('auditor', 'elsewhere');
    const answer = await auditor.get('/api/break-glass/counts');
    const { organizations } = answer.json<{ organizations: { organizationId: string; broken: number }[] }>();
    const { rows } = await server.pool.query<{ count: number }>(
      `select count(*)::int as count from glass_review where organization_id = 'a-hospital'`,
    );
    assert.equal(
      organizations.find(({ organizationId }) => organizationId === 'a-hospital')?.broken,
      rows[0]?.count,
    );
    assert.ok(!answer.text.includes(patient.patientId) && !answer.text.includes(doctor.accountId));
  });
});

const words = 'I was not in the hospital on that day.';
async function look(): Promise<string> {
  const entry = await patient.create(observation('laboratory'));
  await letIn();
  assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
  const { entries } = (await patient.get('/api/entries?kind=looks')).json<{
    entries: { entryId: string; who: { account?: string } }[];
  }>();
  return entries.find(({ who }) => who.account === doctor.accountId)?.entryId ?? '';
}
const question = (who: Person, entry: string, said = words) =>
  who.call('POST', '/api/disputes', { body: { entry, words: said } });

describe('a look that is questioned', () => {
  it('is a case of thirty days that an officer of the looker’s organisation answers once', async () => {
    const opened = await question(patient, await look());
    assert.equal(opened.status, 201, opened.text);
    const { id, dueAt } = opened.json<{ id: string; dueAt: string }>();
    assert.equal(new Date(dueAt).getTime(), nowMs + 30 * 86_400_000);
    const officer = await staff('records');
    const cases = (await officer.get('/api/disputes?at=work')).json<{ id: string; words: string }[]>();
    assert.equal(cases.find((one) => one.id === id)?.words, words);
    const answer = (who: Person) =>
      who.call('POST', `/api/disputes/${id}/answer`, {
        body: { finding: 'wrong', words: 'It was the wrong record; she was told.' },
      });
    for (const one of [doctor, patient, await staff('records', 'elsewhere')])
      assert.equal((await answer(one)).status, 404);
    assert.equal((await answer(officer)).status, 204);
    assert.equal((await answer(officer)).status, 409);
    const [mine] = (await patient.get('/api/disputes')).json<{ finding: string }[]>();
    assert.equal(mine?.finding, 'wrong');
    assert.match((await patient.get('/api/notices')).text, /dispute-answered/);
  });

  const refused: [string, (entry: string) => ReturnType<typeof question>, number][] = [
    ['twice', async (entry) => (await question(patient, entry), question(patient, entry)), 409],
    ['by somebody else', (entry) => question(doctor, entry), 404],
    ['that is no entry', () => question(patient, randomUUID()), 404],
    ['that is no id', () => question(patient, '..'), 404],
    ['without words', (entry) => question(patient, entry, 'why'), 422],
    [
      'of one’s own',
      async () => {
        const { entries } = (await patient.get('/api/entries?kind=looks')).json<{
          entries: { entryId: string; who: { account?: string } }[];
        }>();
        const own = entries.find(({ who }) => who.account === patient.accountId);
        return question(patient, own?.entryId ?? '');
      },
      422,
    ],
  ];
  for (const [what, act, status] of refused)
    it(`${what} is refused with ${status}`, async () => {
      const answer = await act(await look());
      assert.equal(answer.status, status, answer.text);
    });
});

describe('before somebody is let in', () => {
  it('the owner sees how much each part holds, sealed apart, and which entries; nobody else does', async () => {
    await patient.create(observation('laboratory'));
    await patient.create(observation('laboratory', sealed));
    await patient.create(observation('vital-signs'));
    const parts = (await patient.get('/api/record-parts')).json<{ category: string }[]>();
    assert.deepEqual(
      parts.filter(({ category }) => category === 'results' || category === 'vital-signs'),
      [
        { category: 'results', open: 1, sealed: 1 },
        { category: 'vital-signs', open: 1, sealed: 0 },
      ],
    );
    const { entries } = (await patient.get('/api/record-parts/entries?parts=results')).json<{
      entries: { type: string; sealed: boolean; title: string }[];
    }>();
    assert.equal(entries.length, 2);
    assert.equal(entries.filter((one) => one.sealed).length, 1);
    assert.equal(entries[0]?.title, 'A measurement');
    for (const path of ['/api/record-parts', '/api/record-parts/entries?parts=results&x=1'])
      assert.equal(
        (await doctor.get(`${path}${path.includes('?') ? '&' : '?'}patient=${patient.patientId}`)).status,
        404,
      );
    for (const wrong of ['', 'results,', 'nothing', 'results,nothing'])
      assert.equal((await patient.get(`/api/record-parts/entries?parts=${wrong}`)).status, 400, wrong);
  });

  it('clinicians are found by name or organisation while their licence is valid, and laymen never', async () => {
    const name = `Kavya Shenoy ${randomUUID().slice(0, 8)}`;
    const found = await signUpClinician(server.url, server.pool, { name });
    await signUpClinician(server.url, server.pool, { name, licenceUntil: '2020-01-01' });
    await signUp(server.url, { name });
    const search = (text: string) => patient.call('POST', '/api/clinicians/search', { body: { name: text } });
    const hits = (await search(name.toUpperCase())).json<{ id: string }[]>();
    assert.deepEqual(
      hits.map(({ id }) => id),
      [found.accountId],
    );
    for (const hostile of ['%%', "' or 1=1 --", '__', '\\\\'])
      assert.deepEqual((await search(hostile)).json(), [], hostile);
    assert.equal((await search('k')).status, 422);
  });
});

describe('how a questioned look ends', () => {
  const answer = (who: Person, id: string, finding = 'right') =>
    who.call('POST', `/api/disputes/${id}/answer`, { body: { finding, words: 'She was in our ward.' } });
  const close = (id: string, who: Person = patient) => who.call('POST', `/api/disputes/${id}/close`);
  const escalate = (id: string, who: Person = patient, said = 'I was never in that ward.') =>
    who.call('POST', `/api/disputes/${id}/escalate`, { body: { words: said } });
  const mine = async (id: string) =>
    (await patient.get('/api/disputes'))
      .json<{ id: string; state: string; finalFinding: string | null; dueAt: string }[]>()
      .find((one) => one.id === id);
  async function administrator(): Promise<Person> {
    const person = await signUp(server.url, { name: 'An administrator' });
    await server.pool.query(`update account set roles = array['administrator'] where account_id = $1`, [
      person.accountId,
    ]);
    await provedTwice(server.pool, person.accountId);
    return person;
  }
  async function open(): Promise<string> {
    const asked = await question(patient, await look());
    assert.equal(asked.status, 201, asked.text);
    return asked.json<{ id: string }>().id;
  }

  it('the one who questioned closes it when there is an answer, once, and nobody else does', async () => {
    const id = await open();
    assert.equal((await close(id)).status, 409, 'nothing is answered yet');
    const officer = await staff('records');
    assert.equal((await answer(officer, id)).status, 204);
    for (const other of [doctor, officer, await signUp(server.url)])
      assert.equal((await close(id, other)).status, 404);
    assert.equal((await mine(id))?.state, 'answered');
    assert.equal((await close(id)).status, 204);
    assert.equal((await close(id)).status, 409);
    assert.equal((await escalate(id)).status, 409);
    assert.equal((await mine(id))?.state, 'closed');
  });

  it('or hands it on to the administrator, who has thirty days and the last word', async () => {
    const id = await open();
    assert.equal((await escalate(id)).status, 409, 'not before it is answered or late');
    const officer = await staff('records');
    await answer(officer, id);
    assert.equal((await escalate(id, patient, 'no')).status, 422);
    const due = (await escalate(id)).json<{ dueAt: string }>().dueAt;
    assert.equal(Date.parse(due), nowMs + 30 * 86_400_000);
    assert.equal((await mine(id))?.state, 'escalated');
    assert.equal((await answer(officer, id)).status, 404, 'the organisation has spoken');
    const judge = await administrator();
    const cases = (await judge.get('/api/disputes?at=work')).json<{ id: string }[]>();
    assert.ok(cases.some((one) => one.id === id));
    assert.equal((await answer(judge, id, 'wrong')).status, 204);
    assert.equal((await answer(judge, id)).status, 409);
    assert.deepEqual([(await mine(id))?.state, (await mine(id))?.finalFinding], ['answered', 'wrong']);
    assert.equal((await close(id)).status, 204);
  });

  it('also when nobody answered in time', async () => {
    const id = await open();
    await later(30 * 86_400_000, patient);
    assert.equal((await escalate(id)).status, 200);
    assert.equal((await answer(await staff('records'), id)).status, 404);
    assert.equal((await answer(await administrator(), id)).status, 204);
  });
});
