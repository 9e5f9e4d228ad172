// A person asks that an entry be put right: the case, its clock, its answers, and what an officer can and cannot reach by it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { provedTwice } from '../harness/staff.ts';
import {
  ask,
  confirm,
  doctor,
  lastCode,
  later,
  letIn,
  nowMs,
  observation,
  patient,
  sealed,
  server,
  whole,
} from './consent-world.ts';

async function officerOf(organizationId = 'a-hospital'): Promise<Person> {
  const person = await signUp(server.url, { name: 'An officer' });
  const member = {
    memberId: randomUUID(),
    accountId: person.accountId,
    organizationId,
    role: 'records',
  } as const;
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

/** What the doctor wrote by a pen of this person. */
async function written(more: object = {}): Promise<string> {
  const { id } = await ask({ ...whole, scope: { write: true, sealed: true }, duration: 'PT30M' });
  assert.equal((await confirm(id, lastCode())).status, 201);
  const answer = await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory', more) });
  assert.equal(answer.status, 201, answer.text);
  return `Observation/${answer.json<{ id: string }>().id}`;
}

const said = { words: 'This was somebody else’s blood.', wished: 'Take it out of my results.' };
const askFor = (entry: string, who: Person = patient) =>
  who.call('POST', '/api/corrections', { body: { entry, ...said } });
const cases = async (who: Person, query = '') =>
  (await who.get(`/api/corrections${query}`)).json<
    {
      id: string;
      state: string;
      overdue: boolean;
      correctedVersion: number | null;
      disagreement: string | null;
      mayHandOn: boolean;
    }[]
  >();
async function amend(officer: Person, entry: string, value: string, more: object = {}) {
  const shown = await officer.get(`/api/kept-entries/${entry}`);
  if (shown.status !== 200) return shown;
  const { version, text } = shown.json<{ version: number; text: string }>();
  const body = {
    version,
    text: text.replace('as measured', value),
    reason: 'The tube bore the wrong name.',
    ...more,
  };
  return officer.call('POST', `/api/kept-entries/${entry}`, { body });
}

describe('a request to put an entry right', () => {
  it('goes to the organisation that wrote it, with thirty days, and is answered by a new version', async () => {
    const entry = await written();
    const opened = await askFor(entry);
    assert.equal(opened.status, 201, opened.text);
    const { id, dueAt } = opened.json<{ id: string; dueAt: string }>();
    assert.equal(new Date(dueAt).getTime(), nowMs + 30 * 86_400_000);
    assert.equal((await askFor(entry)).status, 409, 'once for each version');
    const officer = await officerOf();
    assert.ok((await cases(officer, '?at=work')).some((one) => one.id === id));
    assert.ok(!(await cases(await officerOf('elsewhere'), '?at=work')).some((one) => one.id === id));
    const answer = await amend(officer, entry, 'as measured in another tube', { case: id });
    assert.equal(answer.status, 200, answer.text);
    const [mine] = await cases(patient);
    assert.deepEqual([mine?.state, mine?.correctedVersion], ['corrected', 2]);
    const now = (await patient.get(`/fhir/R4/${entry}`)).json<{
      valueString: string;
      meta: { tag: { code: string }[] };
    }>();
    assert.equal(now.valueString, 'as measured in another tube');
    assert.ok(now.meta.tag.some(({ code }) => code === 'organization'));
    const old = (await patient.get(`/fhir/R4/${entry}/_history/1`)).json<{ valueString: string }>();
    assert.equal(old.valueString, 'as measured', 'the old version stays');
    const { text } = await patient.get('/api/notices');
    assert.match(text, /correction-answered/);
    assert.ok(
      !text.includes('tube') && !text.includes('blood'),
      'a notice says nothing of what the record holds',
    );
    assert.match((await patient.get('/api/entries')).text, /The tube bore the wrong name/);
  });

  it('is told to a clinician beside the entries that they may read, and beside no others', async () => {
    const beside = (who: Person) => who.get(`/api/corrections?beside=entries&patient=${patient.patientId}`);
    const entry = await written();
    assert.equal((await askFor(entry)).status, 201);
    const list = async (who: Person) =>
      (await beside(who)).json<{ entry: string; state: string }[]>().map((one) => [one.entry, one.state]);
    assert.deepEqual(await list(doctor), [[entry, 'open']]);
    assert.deepEqual(await list(patient), [[entry, 'open']]);
    assert.equal((await beside(await signUp(server.url))).status, 404);
    const elsewhere = await signUpClinician(server.url, server.pool);
    const { id } = await ask({ ...whole, scope: { categories: ['allergies'] } }, elsewhere);
    assert.equal((await confirm(id, lastCode(), elsewhere)).status, 201);
    assert.deepEqual(await list(elsewhere), [], 'a laboratory value is not theirs to read');
  });

  it('may be refused with a reason; then the person says beside the entry that they disagree, once', async () => {
    const entry = await written();
    const { id } = (await askFor(entry)).json<{ id: string }>();
    const officer = await officerOf();
    const disagree = (who: Person) =>
      who.call('POST', `/api/corrections/${id}/disagree`, { body: { words: 'I still say it is not mine.' } });
    assert.equal((await disagree(patient)).status, 409, 'before there is an answer');
    const refuse = (who: Person) =>
      who.call('POST', `/api/corrections/${id}/refuse`, { body: { words: 'The tube was checked twice.' } });
    for (const who of [patient, doctor, await officerOf('elsewhere')])
      assert.ok([403, 404].includes((await refuse(who)).status));
    assert.equal((await refuse(officer)).status, 204);
    assert.equal((await refuse(officer)).status, 409);
    assert.equal((await disagree(doctor)).status, 404);
    assert.equal((await disagree(patient)).status, 204);
    assert.equal((await disagree(patient)).status, 409);
    const beside = await doctor.get(`/api/corrections?patient=${patient.patientId}&entry=${entry}`);
    assert.equal(beside.status, 200, beside.text);
    assert.match(beside.text, /I still say it is not mine/);
    assert.ok(
      !beside.text.includes('somebody else'),
      'the case itself is the person’s and the organisation’s',
    );
    const all = await doctor.get(`/api/corrections?beside=entries&patient=${patient.patientId}`);
    assert.deepEqual(
      all.json<Record<string, unknown>[]>().map(({ openedAt: _at, ...one }) => one),
      [{ entry, version: 1, state: 'refused', disagreement: 'I still say it is not mine.' }],
      'that it is questioned, not the words of the case',
    );
    const stranger = await signUp(server.url);
    assert.equal(
      (await stranger.get(`/api/corrections?patient=${patient.patientId}&entry=${entry}`)).status,
      404,
    );
    const judge = await signUp(server.url);
    assert.equal(
      (
        await patient.call('POST', `/api/disputes/${id}/escalate`, {
          body: { words: 'The answer is no answer.' },
        })
      ).status,
      200,
    );
    assert.equal(
      (
        await judge.call('POST', `/api/disputes/${id}/answer`, {
          body: { finding: 'wrong', words: 'It must be put right.' },
        })
      ).status,
      404,
    );
  });

  it('is judged by the administrator once it is handed on, and nobody else', async () => {
    const entry = await written();
    const { id } = (await askFor(entry)).json<{ id: string }>();
    const officer = await officerOf();
    const administrator = await signUp(server.url, { name: 'An administrator' });
    await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
      administrator.accountId,
    ]);
    await provedTwice(server.pool, administrator.accountId);
    const judge = (who: Person, finding = 'wrong') =>
      who.call('POST', `/api/disputes/${id}/answer`, {
        body: { finding, words: 'It must be put right.' },
      });
    for (const who of [administrator, officer])
      assert.equal((await judge(who)).status, 404, 'its organisation answers first');
    const kept = { body: { words: 'The tube was checked twice.' } };
    assert.equal((await officer.call('POST', `/api/corrections/${id}/refuse`, kept)).status, 204);
    const more = { body: { words: 'The answer is no answer.' } };
    assert.equal((await patient.call('POST', `/api/disputes/${id}/escalate`, more)).status, 200);
    const waits = (await cases(administrator, '?at=work')).find((one) => one.id === id);
    assert.equal(waits?.state, 'escalated');
    for (const who of [patient, doctor, officer]) assert.equal((await judge(who)).status, 404);
    const judged = await judge(administrator);
    assert.equal(judged.status, 204, judged.text);
    assert.equal((await judge(administrator)).status, 409);
    assert.equal((await cases(patient)).find((one) => one.id === id)?.state, 'to-correct');
    assert.equal((await cases(officer, '?at=work')).find((one) => one.id === id)?.state, 'to-correct');
  });

  it('is late after thirty days, and can then be handed on', async () => {
    const entry = await written();
    const { id } = (await askFor(entry)).json<{ id: string }>();
    const mine = async () => (await cases(patient)).find((one) => one.id === id);
    assert.deepEqual([(await mine())?.overdue, (await mine())?.mayHandOn], [false, false]);
    await later(30 * 86_400_000, patient);
    assert.deepEqual([(await mine())?.overdue, (await mine())?.mayHandOn], [true, true]);
  });

  it('is not for what one wrote oneself, nor for other people’s entries', async () => {
    const own = await patient.create(observation('laboratory'));
    assert.equal((await askFor(`Observation/${own.id}`)).status, 422);
    const entry = await written();
    for (const who of [doctor, await signUp(server.url)])
      assert.equal((await askFor(entry, who)).status, 404);
  });
});

describe('a records officer', () => {
  it('puts right what their organisation wrote, unasked too, and the person is told', async () => {
    const entry = await written();
    const answer = await amend(await officerOf(), entry, 'as measured again');
    assert.equal(answer.status, 200, answer.text);
    assert.match((await patient.get('/api/notices')).text, /entry-amended/);
  });

  it('reaches nothing else: not what others wrote, not what is sealed and unasked, not consents, not their own record', async () => {
    const officer = await officerOf();
    const own = await patient.create(observation('laboratory'));
    const hidden = await written(sealed);
    const { consent } = await letIn();
    for (const entry of [
      `Observation/${own.id}`,
      hidden,
      consent.includes('/') ? consent : `Consent/${consent}`,
      `Patient/${patient.patientId}`,
    ])
      assert.equal((await officer.get(`/api/kept-entries/${entry}`)).status, 404, entry);
    const entry = await written();
    for (const who of [patient, doctor, await signUp(server.url)])
      assert.equal((await who.get(`/api/kept-entries/${entry}`)).status, 403);
    assert.equal((await officer.get(`/fhir/R4/${entry}`)).status, 404, 'the record itself stays shut');
    assert.equal((await askFor(hidden)).status, 201);
    assert.equal((await officer.get(`/api/kept-entries/${hidden}`)).status, 200, 'its person asked');
  });

  it('never moves an entry, never overwrites what came since, never writes what is not sound', async () => {
    const entry = await written();
    const officer = await officerOf();
    const { text } = (await officer.get(`/api/kept-entries/${entry}`)).json<{ text: string }>();
    const send = (changed: string, version = 1) =>
      officer.call('POST', `/api/kept-entries/${entry}`, {
        body: { version, text: changed, reason: 'The tube bore the wrong name.' },
      });
    const elsewhere = await signUp(server.url);
    assert.notEqual((await send(text.replaceAll(patient.patientId, elsewhere.patientId))).status, 200);
    assert.equal((await send(text)).status, 422, 'nothing was changed');
    assert.equal((await send('{')).status, 422);
    assert.equal((await send(text.replace('"final"', '"nonsense"'))).status, 422);
    assert.equal((await send(text.replace('as measured', 'x'))).status, 200);
    assert.equal((await send(text.replace('as measured', 'y'))).status, 412);
  });
});
