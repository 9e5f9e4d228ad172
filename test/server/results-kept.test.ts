// A result that its person chose to hear of later is nowhere for them, on no path, until its time; clinicians who were let in see it; and
// what is critical, or waits for nobody, does not wait for good.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { passResults } from '../../server/fhir/laboratory/pass.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Laboratory, Signed } from '../harness/laboratory.ts';
import { beginPassesByHand } from '../harness/passes-by-hand.ts';
import { accept, openLaboratory, order, sign } from '../harness/laboratory.ts';
import {
  confirm,
  ask,
  doctor,
  later,
  lastCode,
  letIn,
  nowMs,
  patient,
  server,
  whole,
} from './consent-world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
beginPassesByHand();
let lab: Laboratory;
beforeEach(async () => {
  await server.pool.query('delete from lab_result');
  lab = await openLaboratory(server);
});

const choose = async (body: object, of: Person = patient) => {
  const answer = await of.call('PUT', '/api/results/release', { body });
  assert.equal(answer.status, 204, answer.text);
};
async function result(
  given: Readonly<Record<string, number>> = { potassium: 5.6180339 },
): Promise<{ id: string; signed: Signed }> {
  await letIn({ ...whole, scope: { write: true } });
  const id = await order(doctor, patient.patientId, lab.id);
  await accept(lab, id);
  return { id, signed: await sign(lab, id, given) };
}
const pass = () => passResults({ ...server.deps, now: () => nowMs });
const seesReport = async (who: Person, { report }: Signed) => (await who.get(`/fhir/R4/${report}`)).status;
interface Waiting {
  test: string;
  until: string;
}
const waiting = async (who: Person = patient) => (await who.get('/api/results/waiting')).json<Waiting[]>();

describe('the choice', () => {
  it('is at once until something else is chosen, and of a guardian only who shares', async () => {
    assert.deepEqual((await patient.get('/api/results/release')).json(), { rule: 'at-once' });
    const { signed } = await result();
    assert.equal(signed.kept, false);
    assert.equal(await seesReport(patient, signed), 200);
    await choose({ rule: 'after-days', days: 3 });
    assert.deepEqual((await patient.get('/api/results/release')).json(), { rule: 'after-days', days: 3 });
    for (const body of [
      { rule: 'after-days' },
      { rule: 'after-seen', days: 3 },
      { rule: 'after-days', days: 15 },
      { rule: 'never' },
    ])
      assert.ok(
        (await patient.call('PUT', '/api/results/release', { body })).status >= 400,
        JSON.stringify(body),
      );
    const stranger = await signUp(server.url);
    const path = `/api/results/release?patient=${patient.patientId}`;
    assert.equal((await stranger.get(path)).status, 404);
    assert.equal((await doctor.call('PUT', path, { body: { rule: 'at-once' } })).status, 404);
  });
});

describe('a result that is kept back', () => {
  it('is for its person on no path, in no count and in no text of their log', async () => {
    await choose({ rule: 'after-seen' });
    const before = (await patient.get('/fhir/R4/Observation?_summary=count')).json<{ total: number }>().total;
    const { signed } = await result();
    assert.equal(signed.kept, true);
    const [type, reportId = ''] = signed.report.split('/');
    const me = patient.patientId;
    const paths = [
      `/fhir/R4/${type}/${reportId}`,
      `/fhir/R4/${type}/${reportId}/_history`,
      `/fhir/R4/DiagnosticReport?patient=${me}&_include=DiagnosticReport:result`,
      `/fhir/R4/Observation?patient=${me}`,
      `/fhir/R4/ServiceRequest?patient=${me}&_revinclude=DiagnosticReport:based-on`,
      `/fhir/R4/Patient/${me}/$everything?_count=1000`,
      `/fhir/R4/Patient/${me}/$summary`,
      '/fhir/R4/_history?_count=100',
      `/api/timeline`,
      '/api/timeline/months',
      '/api/export',
      '/api/chain',
      '/api/record.pdf',
      '/api/results/waiting',
      '/api/results/tasks',
      '/api/notices',
    ];
    for (const path of paths) {
      const answer = await patient.get(path);
      assert.ok(!answer.text.includes('5.6180339'), path);
      assert.ok(!answer.text.includes('"valueQuantity"'), path);
    }
    const words = await patient.call('POST', '/api/timeline/search', { body: { words: 'Potassium' } });
    assert.ok(!words.text.includes('5.6180339'));
    assert.equal((await patient.get(`/fhir/R4/${signed.report}`)).status, 404);
    const held = await patient.get('/api/results/held');
    assert.equal(held.status, 404);
    assert.equal(
      (await patient.get('/fhir/R4/Observation?_summary=count')).json<{ total: number }>().total,
      before,
    );
    const [one] = await waiting();
    assert.equal(one?.test, 'Salts and kidneys');
    assert.equal(Date.parse(one.until), nowMs + 14 * day);
    assert.ok(!JSON.stringify(one).includes('critical'));
  });

  it('is there for clinicians who were let into results or break the glass, and for nobody else', async () => {
    await choose({ rule: 'after-days', days: 5 });
    const { signed } = await result();
    const path = `/api/results/held?patient=${patient.patientId}`;
    const seen = await doctor.get(path);
    assert.match(seen.text, /5\.61/);
    assert.equal((await doctor.get(`/fhir/R4/${signed.report}`)).status, 404);
    const other = await signUpClinician(server.url, server.pool, { name: 'Anil Kumar' });
    assert.equal((await other.get(path)).status, 404);
    const { id } = await ask({ ...whole, scope: { categories: ['allergies'] } }, other);
    assert.equal((await confirm(id, lastCode(), other)).status, 201);
    assert.equal((await other.get(path)).status, 404);
    const glass = await signUpClinician(server.url, server.pool, { name: 'Rekha Shenoy' });
    const reason = 'Unconscious after a road accident';
    const broken = await glass.call('POST', '/api/break-glass', { body: { patient: patient.uhid, reason } });
    assert.equal(broken.status, 201, broken.text);
    assert.match((await glass.get(path)).text, /5\.61/);
    assert.equal((await lab.person.get(path)).status, 404);
  });

  it('comes with the acknowledgement where that was chosen, and with all its versions', async () => {
    await choose({ rule: 'after-seen' });
    const { id, signed } = await result();
    const second = await sign(lab, id, { potassium: 4.9 });
    assert.equal(second.kept, true);
    assert.equal(await seesReport(patient, signed), 404);
    const done = await doctor.call('POST', `/api/results/tasks/${second.result}/acknowledge`, { body: {} });
    assert.equal(done.status, 204, done.text);
    const report = (await patient.get(`/fhir/R4/${signed.report}`)).json<{ status: string }>();
    assert.equal(report.status, 'corrected');
    const first = await patient.get(`/fhir/R4/${signed.report}/_history/1`);
    assert.equal(first.json<{ status: string }>().status, 'final');
    assert.deepEqual(await waiting(), []);
    // What corrects what they have seen does not wait.
    const third = await sign(lab, id, { potassium: 4.8 });
    assert.equal(third.kept, false);
  });

  it('comes by the clock when its person looks, without a job; and by the pass when nobody does', async () => {
    await choose({ rule: 'after-days', days: 2 });
    const { signed } = await result();
    const acknowledged = await doctor.call('POST', `/api/results/tasks/${signed.result}/acknowledge`, {
      body: {},
    });
    assert.equal(acknowledged.status, 204);
    assert.equal(await seesReport(patient, signed), 404, 'the days that were chosen');
    await later(2 * day - minute, patient);
    await pass();
    assert.equal((await waiting()).length, 1);
    await later(minute, patient);
    assert.deepEqual(await waiting(), []);
    assert.equal(await seesReport(patient, signed), 200);
    await later(0, doctor, lab.person);
    const next = await result();
    await later(3 * day, patient);
    const both = await Promise.all([pass(), pass()]);
    assert.equal(
      both.reduce((sum, { released }) => sum + released, 0),
      1,
    );
    assert.equal(await seesReport(patient, next.signed), 200);
  });

  it('that is critical does not wait longer than the half hour of those who were told', async () => {
    await choose({ rule: 'after-days', days: 9 });
    const { signed } = await result({ potassium: 6.9 });
    assert.equal(signed.kept, true);
    await later(29 * minute);
    await pass();
    assert.equal(await seesReport(patient, signed), 404);
    await later(minute, patient);
    await pass();
    assert.equal(await seesReport(patient, signed), 200);
  });

  it('which its person ordered themself waits for nobody', async () => {
    await choose({ rule: 'after-seen' });
    const id = await order(patient, patient.patientId, lab.id);
    await accept(lab, id);
    const signed = await sign(lab, id, { potassium: 4.2 });
    assert.equal(signed.kept, false);
    assert.equal(await seesReport(patient, signed), 200);
  });

  it('goes into the record also where the order was deleted meanwhile', async () => {
    await choose({ rule: 'after-days', days: 1 });
    const { id, signed } = await result();
    assert.ok((await patient.call('DELETE', `/fhir/R4/ServiceRequest/${id}`)).status < 300);
    await later(day, patient);
    await pass();
    assert.equal(await seesReport(patient, signed), 200);
  });

  it('of a sealed order is sealed like it: not there for whoever was not allowed sealed entries', async () => {
    await choose({ rule: 'after-days', days: 5 });
    await letIn({ ...whole, scope: { write: true, sealed: true } });
    const meta = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] };
    const id = await order(doctor, patient.patientId, lab.id, { meta });
    await accept(lab, id);
    await sign(lab, id, { potassium: 5.6180339 });
    const glassless = await signUpClinician(server.url, server.pool, { name: 'Anil Kumar' });
    const { id: asked } = await ask(whole, glassless);
    assert.equal((await confirm(asked, lastCode(), glassless)).status, 201);
    const hidden = await glassless.get(`/api/results/held?patient=${patient.patientId}`);
    assert.deepEqual([hidden.status, hidden.text], [200, '[]']);
    assert.match((await doctor.get(`/api/results/held?patient=${patient.patientId}`)).text, /5\.61/);
  });
});
