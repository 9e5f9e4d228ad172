// What a grant covers on every route that reads: narrow stays narrow, sealed stays sealed, and it ends by the clock.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { server, patient, doctor, whole, letIn, observation, moveClock, sealed } from './consent-world.ts';

describe('what a grant covers', () => {
  it('CON-06: narrow stays narrow on every route that reads', async () => {
    const laboratory = await patient.create(observation('laboratory'));
    const vital = await patient.create(observation('vital-signs'));
    const hidden = await patient.create(observation('laboratory', sealed));
    await letIn({ ...whole, scope: { categories: ['results'] } });
    const seen = (text: string) => [laboratory.id, vital.id, hidden.id].map((id) => text.includes(id));
    const p = patient.patientId;
    const found = await doctor.get(`/fhir/R4/Observation?subject=Patient/${p}`);
    assert.deepEqual(seen(found.text), [true, false, false]);
    assert.equal(found.json()['total'], 1);
    assert.equal(
      (await doctor.get(`/fhir/R4/Observation?subject=Patient/${p}&_summary=count`)).json()['total'],
      1,
    );
    assert.deepEqual(seen((await doctor.get(`/fhir/R4/Patient/${p}/Observation`)).text), [
      true,
      false,
      false,
    ]);
    assert.deepEqual(seen((await doctor.get(`/fhir/R4/Observation`)).text), [true, false, false]);
    for (const hiddenOne of [vital, hidden])
      for (const path of ['', '/_history', '/_history/1'])
        assert.equal((await doctor.get(`/fhir/R4/Observation/${hiddenOne.id}${path}`)).status, 404, path);
    assert.equal((await doctor.get(`/fhir/R4/Patient/${p}/$everything`)).status, 404);
    assert.equal((await doctor.get(`/fhir/R4/AuditEvent?patient=${p}`)).json()['total'] ?? 0, 0);
    const mine = await patient.get(`/fhir/R4/Observation?subject=Patient/${p}`);
    assert.deepEqual(seen(mine.text), [true, true, true]);
  });

  it('single entries are these alone', async () => {
    const one = await patient.create(observation('laboratory'));
    const two = await patient.create(observation('laboratory'));
    await letIn({ ...whole, scope: { entries: [`Observation/${one.id}`] } });
    assert.equal((await doctor.get(`/fhir/R4/Observation/${one.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${two.id}`)).status, 404);
    const found = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`);
    assert.equal(found.json()['total'], 1);
  });

  it('FHIR-06: an earlier version that was sealed stays sealed, and a version count does not tell of it', async () => {
    const entry = await patient.create(observation('laboratory', sealed));
    const open = await patient.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: { ...observation('laboratory'), id: entry.id },
    });
    assert.equal(open.status, 200, open.text);
    await letIn();
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}/_history/1`)).status, 404);
    const history = await doctor.get(`/fhir/R4/Observation/${entry.id}/_history`);
    assert.equal(history.json<{ entry: unknown[] }>().entry.length, 1);
    assert.equal(history.json()['total'], undefined);
  });

  it('everything of a whole grant leaves out what is sealed', async () => {
    const seen = await patient.create(observation('laboratory'));
    const hidden = await patient.create(observation('laboratory', sealed));
    await letIn();
    const everything = await doctor.get(`/fhir/R4/Patient/${patient.patientId}/$everything`);
    assert.equal(everything.status, 200);
    assert.ok(everything.text.includes(seen.id));
    assert.ok(!everything.text.includes(hidden.id));
    assert.ok(!everything.text.includes('"Consent"'));
  });

  it('looking is not writing', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn();
    const created = await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') });
    assert.equal(created.status, 403);
    const changed = await doctor.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: { ...observation('laboratory'), id: entry.id },
    });
    assert.equal(changed.status, 403);
    assert.equal((await doctor.call('DELETE', `/fhir/R4/Observation/${entry.id}`)).status, 403);
  });

  it('CON-05: ends at its instant without anything having to run', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn({ ...whole, duration: 'PT10M' });
    const read = () => doctor.get(`/fhir/R4/Observation/${entry.id}`);
    assert.equal((await read()).status, 200);
    moveClock(10 * 60_000 - 1);
    assert.equal((await read()).status, 200);
    moveClock(1);
    assert.equal((await read()).status, 404);
  });

  it('lapses with the licence', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn();
    await server.pool.query(
      `update organization_member set licence_until = '2020-01-01' where member_id = $1`,
      [doctor.memberId],
    );
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
  });
});
