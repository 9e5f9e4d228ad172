// Medicines with times of day: who may set and tick, and that ticks are of the record: read by those who were let in, sealed and erased
// with their medicine.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passDoses } from '../../server/fhir/doses/pass.ts';
import { give } from '../access/world.ts';
import { signUpClinician } from '../harness/clinician.ts';
import {
  asha,
  at,
  dayThere,
  events,
  goOn,
  hour,
  nowMs,
  plan,
  ravi,
  server,
  set,
  states,
  taken,
  tick,
  today,
  zone,
} from './doses-world.ts';

describe('reminders of a medicine', () => {
  it('are set for one’s own, stand in the statement as its timing, and make the doses of the day', async () => {
    const ref = await taken();
    await set(ref, { ends: '2099-01-31', days: [1, 2, 3, 4, 5, 6, 7] });
    const { medicines, doses } = await today();
    assert.equal(medicines[0]?.own, true);
    assert.deepEqual(medicines[0]?.plan?.times, ['08:00', '20:00']);
    assert.deepEqual(
      doses.map(({ dose, name, state }) => [dose, name, state]),
      ['08:00', '20:00'].map((time) => [`${dayThere()}T${time}`, 'Metformin', 'later']),
    );
    const { dosage } = (await asha.get(`/fhir/R4/${ref}`)).json<{
      dosage: { timing: { repeat: { timeOfDay: string[]; boundsPeriod: object } } }[];
    }>();
    assert.deepEqual(dosage[0]?.timing.repeat.timeOfDay, ['08:00:00', '20:00:00']);
    assert.deepEqual(dosage[0]?.timing.repeat.boundsPeriod, { start: dayThere(), end: '2099-01-31' });
    assert.equal((await events()).filter(({ event }) => event === 'dose-plan').length, 1);
    // Taken away again, the statement is as it was.
    assert.equal((await asha.call('DELETE', at(`/plans/${ref}`))).status, 204);
    assert.equal((await asha.get(`/fhir/R4/${ref}`)).json()['dosage'], undefined);
    assert.deepEqual((await today()).doses, []);
    assert.equal((await asha.call('DELETE', at(`/plans/${ref}`))).status, 204);
  });

  it('of a prescription leave it as the doctor wrote it', async () => {
    const doctor = await signUpClinician(server.url, server.pool);
    const change = { startsAtMs: nowMs - 1000 };
    await give(server, asha.patientId, doctor, { kind: 'grant' }, change);
    await give(server, asha.patientId, doctor, { kind: 'edit' }, change);
    const { id } = await doctor.create({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${asha.patientId}` },
      medicationCodeableConcept: { text: 'Amlodipine' },
      dosageInstruction: [{ text: '1-0-0' }],
    });
    const ref = `MedicationRequest/${id}`;
    await set(ref);
    assert.equal((await asha.get(`/fhir/R4/${ref}/_history`)).json<{ total: number }>().total, 1);
    assert.equal((await tick(ref, '08:00', 'taken')).status, 204);
    const found = (await doctor.get(`/fhir/R4/MedicationAdministration?patient=${asha.patientId}`)).json<{
      entry: {
        resource: { status: string; request: { reference: string }; performer: { actor: object }[] };
      }[];
    }>();
    assert.equal(found.entry[0]?.resource.request.reference, ref);
    assert.deepEqual(found.entry[0]?.resource.performer[0]?.actor, {
      reference: `Patient/${asha.patientId}`,
    });
    // Who was let in to write reminds nobody and ticks nothing for her.
    for (const answer of [
      await plan(ref, {}, doctor, asha.patientId),
      await tick(ref, '20:00', 'taken', {}, doctor, asha.patientId),
      await doctor.get(at('', asha.patientId)),
      await doctor.get(at('/history', asha.patientId)),
    ])
      assert.equal(answer.status, 404, answer.text);
  });

  it('begin on the day where the device is, before anything was chosen', async () => {
    // Seven in the morning in India, and still the evening before in New York.
    const asked = async (zone: string) =>
      (await asha.get(at(`?zone=${zone}`))).json<{ today: string }>().today;
    assert.equal(await asked('Asia/Kolkata'), dayThere());
    assert.equal(await asked('America/New_York'), dayThere(nowMs - 24 * hour));
    assert.equal(await asked('nowhere'), dayThere());
    await set(await taken());
    assert.equal(await asked('America/New_York'), dayThere());
  });

  it('that cannot be are refused field by field, and nothing is saved', async () => {
    const ref = await taken();
    const wrong: [object, string][] = [
      [{ times: [] }, 'times'],
      [{ times: ['25:00'] }, 'times'],
      [{ days: [9] }, 'days'],
      [{ begins: '2026-13-01' }, 'begins'],
      [{ ends: '2020-01-01' }, 'ends'],
      [{ zone: '+05:30' }, 'zone'],
    ];
    for (const [more, field] of wrong) {
      const answer = await plan(ref, more);
      assert.equal(answer.status, 422, JSON.stringify(more));
      assert.deepEqual(
        answer.json<{ fields: { field: string }[] }>().fields.map((one) => one.field),
        [field],
      );
    }
    assert.equal((await plan('MedicationStatement/nothing-there')).status, 404);
    assert.equal((await plan('Observation/x')).status, 404);
    const stopped = await taken('Ibuprofen', { status: 'stopped' });
    assert.equal((await plan(stopped)).status, 409);
    assert.deepEqual((await today()).doses, []);
    assert.equal((await asha.get(`/fhir/R4/${ref}/_history`)).json<{ total: number }>().total, 1);
    const quiet = { zone, byMail: false, quiet: { from: '22:00', until: '22:00' } };
    assert.equal((await asha.call('PUT', at('/settings'), { body: quiet })).status, 422);
  });

  it('of another person’s record are not there', async () => {
    const ref = await taken();
    await set(ref);
    const answers = [
      await plan(ref, {}, ravi),
      await tick(ref, '08:00', 'taken', {}, ravi),
      await ravi.get(at('', asha.patientId)),
      await plan(ref, {}, ravi, asha.patientId),
      await tick(ref, '08:00', 'taken', {}, ravi, asha.patientId),
      await ravi.call('PUT', at('/settings', asha.patientId), { body: { zone, byMail: true } }),
      await ravi.call('DELETE', at(`/plans/${ref}`, asha.patientId)),
    ];
    for (const answer of answers) assert.equal(answer.status, 404, answer.text);
    assert.deepEqual(await states(), ['08:00 later', '20:00 later']);
  });
});

describe('a tick', () => {
  it('is taken, left out with a reason, and taken back; a second one of the same changes nothing', async () => {
    const ref = await taken();
    await set(ref);
    const versions = async () =>
      (await events()).filter(({ on }) => on?.type === 'MedicationAdministration').length;
    assert.equal((await tick(ref, '08:00', 'taken')).status, 204);
    assert.equal((await tick(ref, '08:00', 'taken')).status, 204);
    assert.equal(await versions(), 1);
    assert.deepEqual(await states(), ['08:00 taken', '20:00 later']);
    assert.equal((await tick(ref, '08:00', 'open')).status, 204);
    assert.deepEqual(await states(), ['08:00 later', '20:00 later']);
    assert.equal((await tick(ref, '08:00', 'skipped', { reason: ' Felt sick ' })).status, 204);
    assert.equal((await today()).doses[0]?.reason, 'Felt sick');
    assert.equal(await versions(), 3);
    // Asked at once from two devices: one of them writes.
    const both = await Promise.all([1, 2].map(() => tick(ref, '20:00', 'taken')));
    assert.deepEqual(
      both.map(({ status }) => status),
      [204, 204],
    );
    assert.equal(await versions(), 4);
  });

  it('is of today or of the last week, of a dose that has a name', async () => {
    const ref = await taken();
    await set(ref);
    const day = 24 * hour;
    for (const [time, status] of [
      [`${dayThere(nowMs - 7 * day)}T08:00`, 204],
      [`${dayThere(nowMs - 8 * day)}T08:00`, 422],
      [`${dayThere(nowMs + day)}T08:00`, 422],
      [`${dayThere()}T8`, 422],
    ] as const)
      assert.equal((await tick(ref, time, 'taken')).status, status, time);
    assert.equal((await tick(ref, '08:00', 'forgotten')).status, 400);
    assert.equal((await tick(ref, '08:00', 'skipped', { reason: 'x'.repeat(201) })).status, 400);
  });

  it('stands in no timeline, makes no finding of a medicine that was checked, and is counted by day', async () => {
    await asha.create({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      patient: { reference: `Patient/${asha.patientId}` },
      code: { text: 'Amoxicillin' },
      criticality: 'high',
    });
    const ref = await taken('Amoxicillin');
    await set(ref);
    const issues = async () =>
      (await asha.get('/fhir/R4/DetectedIssue?_summary=count')).json<{ total: number }>().total;
    const before = await issues();
    await tick(ref, '08:00', 'taken');
    await tick(ref, '20:00', 'skipped');
    assert.equal(await issues(), before);
    const { entries } = (await asha.get('/api/timeline?kind=medicines')).json<{
      entries: { type: string }[];
    }>();
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['MedicationStatement'],
    );
    await goOn(13 * hour, asha);
    const { days } = (await asha.get(at('/history'))).json<{ days: { day: string }[] }>();
    assert.equal(days.at(-1)?.day, dayThere());
    assert.deepEqual(days.at(-1), { day: dayThere(), planned: 2, taken: 1, skipped: 1 });
    assert.equal(new Date(days[0]?.day ?? '').getUTCDay(), 1);
    assert.ok(days.length > 49 && days.length <= 56);
  });

  it('is sealed where its medicine is', async () => {
    const ref = await taken('Zidovudine', {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
    });
    await set(ref);
    await tick(ref, '08:00', 'taken');
    const doctor = await signUpClinician(server.url, server.pool);
    await give(server, asha.patientId, doctor, { kind: 'grant' }, { startsAtMs: nowMs - 1000 });
    const search = `/fhir/R4/MedicationAdministration?patient=${asha.patientId}`;
    assert.equal((await doctor.get(search)).json<{ total: number }>().total, 0);
    assert.equal((await asha.get(search)).json<{ total: number }>().total, 1);
  });

  it('goes with its medicine when that is erased for good, and the rest stays', async () => {
    const [gone, stays] = [await taken('Metformin'), await taken('Aspirin')];
    for (const ref of [gone, stays]) {
      await set(ref);
      await tick(ref, '08:00', 'taken');
      await tick(ref, '08:00', 'open');
    }
    await server.sequencer.flush();
    const [type, id] = gone.split('/');
    const answer = await asha.call('POST', '/api/erasures', {
      body: { scope: 'resource', type, id, confirm: 'erase for good' },
    });
    assert.equal(answer.status, 201, answer.text);
    const { rows } = await server.pool.query<{ content: string }>(
      `select content from resource where patient_id = $1 union all select content from resource_history where patient_id = $1`,
      [asha.patientId],
    );
    const texts = rows.map(({ content }) => content).join('\n');
    assert.ok(!texts.includes('Metformin'));
    assert.ok(texts.includes('Aspirin'));
    const plans = await server.pool.query<{ medicine_id: string }>(
      'select medicine_id from dose_plan where patient_id = $1',
      [asha.patientId],
    );
    assert.deepEqual(
      plans.rows.map((row) => `MedicationStatement/${row.medicine_id}`),
      [stays],
    );
    assert.equal(await passDoses(server.deps), 0);
  });
});
