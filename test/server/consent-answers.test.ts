// Answers in the app, revoking, sharing without being asked and writing with a pen that was lent, over HTTP.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signUp } from '../harness/client.ts';
import {
  nowMs,
  server,
  patient,
  doctor,
  ask,
  lastCode,
  confirm,
  later,
  letIn,
  observation,
  whole,
} from './consent-world.ts';

describe('an answer in the app', () => {
  it('may narrow what was asked for and never widen it', async () => {
    const laboratory = await patient.create(observation('laboratory'));
    const vital = await patient.create(observation('vital-signs'));
    const { id } = await ask({ ...whole, scope: { categories: ['results', 'vital-signs'], write: true } });
    const answer = await patient.call('POST', `/api/access-requests/${id}/approve`, {
      body: { scope: { categories: ['results', 'conditions'], sealed: true }, duration: 'P30D' },
    });
    assert.equal(answer.status, 201, answer.text);
    const until = new Date(answer.json<{ until: string }>().until).getTime();
    assert.ok(until <= nowMs + 7 * 86_400_000 + 1000);
    assert.equal(answer.json()['writeUntil'], undefined);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${laboratory.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${vital.id}`)).status, 404);
    const grants = (await patient.get('/api/grants')).json<
      { scope: { categories: string[]; sealed: boolean } }[]
    >();
    assert.deepEqual(grants[0]?.scope.categories, ['results']);
    assert.equal(grants[0]?.scope.sealed, false);
  });

  it('no, withdrawn and yes are three states, and each answer counts once', async () => {
    const one = await ask();
    assert.equal((await patient.call('POST', `/api/access-requests/${one.id}/decline`)).status, 204);
    assert.equal((await patient.call('POST', `/api/access-requests/${one.id}/approve`)).status, 409);
    assert.equal((await confirm(one.id, lastCode())).status, 403);
    const two = await ask();
    assert.equal((await doctor.call('POST', `/api/access-requests/${two.id}/withdraw`)).status, 204);
    const three = await ask();
    const both = await Promise.all([
      patient.call('POST', `/api/access-requests/${three.id}/approve`),
      patient.call('POST', `/api/access-requests/${three.id}/decline`),
    ]);
    assert.equal(both.filter(({ status }) => status < 300).length, 1);
    const states = (await patient.get('/api/access-requests')).json<{ id: string; state: string }[]>();
    assert.deepEqual(
      [one.id, two.id].map((id) => states.find((s) => s.id === id)?.state),
      ['refused', 'withdrawn'],
    );
  });

  it('nobody else answers: not who asked, not a stranger', async () => {
    const { id } = await ask();
    const stranger = await signUp(server.url);
    for (const one of [doctor, stranger])
      for (const act of ['approve', 'decline', 'block'])
        assert.equal((await one.call('POST', `/api/access-requests/${id}/${act}`)).status, 404, act);
  });

  it('OTP-08: to shut the door ends what is asked and keeps later requests out, until it is opened', async () => {
    const { id } = await ask();
    const pending = await ask();
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/block`)).status, 204);
    assert.equal((await confirm(pending.id, lastCode())).status, 403);
    const again = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    assert.equal(again.status, 403);
    assert.equal((await patient.call('DELETE', `/api/access-requests/${id}/block`)).status, 204);
    await ask();
  });

  it('after seven days there is nothing left to answer', async () => {
    const { id } = await ask();
    await later(7 * 86_400_000, patient);
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/approve`)).status, 409);
    const [shown] = (await patient.get('/api/access-requests')).json<{ state: string }[]>();
    assert.equal(shown?.state, 'expired');
  });
});

describe('revoking', () => {
  it('CON-03: holds for the very next request, on every route, and the Consent says so', async () => {
    const entry = await patient.create(observation('laboratory'));
    const { grant, consent } = await letIn({ ...whole, scope: { write: true } });
    const routes = [
      `/fhir/R4/Observation/${entry.id}`,
      `/fhir/R4/Observation/${entry.id}/_history`,
      `/fhir/R4/Patient/${patient.patientId}/$everything`,
      `/fhir/R4/Patient/${patient.patientId}`,
    ];
    for (const route of routes) assert.equal((await doctor.get(route)).status, 200, route);
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204);
    for (const route of routes) assert.equal((await doctor.get(route)).status, 404, route);
    const search = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`);
    assert.equal(search.json()['total'], 0);
    const late = await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') });
    assert.equal(late.status, 403);
    assert.equal((await patient.get(`/fhir/R4/${consent}`)).json()['status'], 'inactive');
    const grants = (await patient.get('/api/grants')).json<{ state: string }[]>();
    assert.ok(grants.every(({ state }) => state === 'revoked'));
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204, 'twice is as once');
  });

  it('CON-03: reaches what was begun before it: a page link, a batch, a version, a file, a summary, the timeline, a printed record, a subscription', async () => {
    const first = await patient.create(observation('laboratory'));
    for (let more = 0; more < 2; more += 1) await patient.create(observation('laboratory'));
    const file = await patient.call('POST', '/api/files?title=letter', {
      body: Buffer.from('%PDF-1.4 letter'),
      headers: { 'content-type': 'application/pdf' },
    });
    const { fileId } = file.json<{ fileId: string }>();
    const { grant } = await letIn();
    const { patientId } = patient;
    const search = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patientId}&_count=1`);
    const next = search
      .json<{ link: { relation: string; url: string }[] }>()
      .link.find(({ relation }) => relation === 'next')?.url;
    assert.ok(next);
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `Observation/${first.id}` } }],
    };
    const shows = async (): Promise<Record<string, boolean>> => {
      const held: Record<string, () => Promise<{ status: number; text: string }>> = {
        page: () => doctor.get(next.replace(server.url, '')),
        batch: () => doctor.call('POST', '/fhir/R4/', { body: batch }),
        version: () => doctor.get(`/fhir/R4/Observation/${first.id}/_history/1`),
        compartment: () => doctor.get(`/fhir/R4/Patient/${patientId}/Observation`),
        count: () => doctor.get(`/fhir/R4/Observation?subject=Patient/${patientId}&_summary=count`),
        file: () => doctor.get(`/api/files/${fileId}`),
        summary: () => doctor.get(`/fhir/R4/Patient/${patientId}/$summary`),
        timeline: () => doctor.get(`/api/timeline?patient=${patientId}`),
        printed: () => doctor.get(`/api/record.pdf?patient=${patientId}`),
        provenance: () => doctor.get(`/fhir/R4/Provenance?target=Observation/${first.id}`),
      };
      const shown: Record<string, boolean> = {};
      for (const [what, get] of Object.entries(held)) {
        const { status, text } = await get();
        const empty = /"total":0\b/.test(text) || /"status":"404/.test(text) || /"entry":\[\]/.test(text);
        const open = status === 200 && !empty && (what !== 'page' || text.includes('"resource"'));
        shown[what] = open;
      }
      return shown;
    };
    const before = await shows();
    for (const [what, open] of Object.entries(before)) assert.ok(open, `${what} was open`);
    const made = await doctor.call('POST', '/fhir/R4/Subscription', {
      body: {
        resourceType: 'Subscription',
        status: 'requested',
        reason: 'test',
        criteria: `Observation?subject=Patient/${patientId}`,
        channel: { type: 'websocket' },
      },
    });
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204);
    for (const [what, open] of Object.entries(await shows())) assert.ok(!open, `${what} is still open`);
    await patient.create(observation('laboratory'));
    await server.outbox.flush();
    const told = (await patient.get('/api/entries?kind=looks&limit=50')).text;
    assert.equal(made.status, 201, made.text);
    assert.ok(!/"event":"notify"/.test(told), 'nobody is told of what came later');
  });

  it('is the owner’s, not the holder’s, and not a stranger’s', async () => {
    const { grant } = await letIn();
    const stranger = await signUp(server.url);
    assert.equal((await stranger.call('POST', `/api/grants/${grant}/revoke`)).status, 404);
    assert.equal((await doctor.call('POST', `/api/grants/${grant}/revoke`)).status, 404);
  });
});

describe('sharing without being asked', () => {
  it('lets a clinician in, and nobody without a checked licence', async () => {
    const entry = await patient.create(observation('laboratory'));
    const share = (to: string) => patient.call('POST', '/api/grants', { body: { to, ...whole } });
    assert.equal((await share((await signUp(server.url)).accountId)).status, 404);
    assert.equal((await share('nobody')).status, 404);
    assert.equal((await share(doctor.accountId)).status, 201);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    const held = (await doctor.get('/api/grants?held=true')).json<{ patient: string }[]>();
    assert.equal(held[0]?.patient, patient.patientId);
  });
});

describe('writing with a pen that was lent', () => {
  it('holds for half an hour, names its authority, and a late write is refused', async () => {
    await letIn({ ...whole, scope: { write: true } });
    const written = await doctor.call('POST', '/fhir/R4/Condition', {
      body: {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patient.patientId}` },
        code: { text: 'Asthma' },
      },
    });
    assert.equal(written.status, 201, written.text);
    const { rows } = await server.pool.query<{ statement: string }>(
      'select statement from entry where entry_id = $1',
      [written.headers.get('ledger-entry')],
    );
    const statement = JSON.parse(rows[0]?.statement ?? '{}') as {
      who: { role: string };
      basis: string;
      detail: { authority: string };
    };
    assert.deepEqual([statement.who.role, statement.basis], ['professional', 'edit-grant']);
    const grants = (await patient.get('/api/grants')).json<{ id: string; basis: string }[]>();
    assert.equal(statement.detail.authority, grants.find(({ basis }) => basis === 'edit')?.id);
    assert.match(written.text, /"code":"professional"/);
    await later(30 * 60_000, doctor);
    const late = await doctor.call('POST', '/fhir/R4/Condition', {
      body: {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patient.patientId}` },
        code: { text: 'Late' },
      },
    });
    assert.equal(late.status, 403);
    assert.equal((await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).status, 200, 'looking goes on');
  });

  it('CON-07: makes no authority, moves nothing between records and takes nothing away', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn({ ...whole, scope: { write: true } });
    const p = { reference: `Patient/${patient.patientId}` };
    const forged: object[] = [
      { resourceType: 'RelatedPerson', patient: p },
      { resourceType: 'CareTeam', subject: p },
      {
        resourceType: 'Consent',
        status: 'active',
        scope: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
        },
        category: [{ text: 'x' }],
        patient: p,
        policyRule: { text: 'x' },
      },
    ];
    for (const body of forged)
      assert.equal(
        (await doctor.call('POST', `/fhir/R4/${(body as { resourceType: string }).resourceType}`, { body }))
          .status,
        403,
      );
    assert.equal((await doctor.call('DELETE', `/fhir/R4/Observation/${entry.id}`)).status, 403);
    const moved = await doctor.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: {
        ...observation('laboratory'),
        id: entry.id,
        subject: { reference: `Patient/${doctor.patientId}` },
      },
    });
    assert.ok([403, 422].includes(moved.status), String(moved.status));
    assert.equal(
      (await doctor.get(`/fhir/R4/Observation?subject=Patient/${doctor.patientId}`)).json()['total'],
      0,
    );
  });
});
