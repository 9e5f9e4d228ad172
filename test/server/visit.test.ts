// A signed visit against the real server: one transaction under the pen, stored once, with its findings, its reasons and its note.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { VisitDraft } from '../../core/visit/draft.ts';
import { newDraft } from '../../core/visit/draft.ts';
import { visitBundle } from '../../core/visit/visit-bundle.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const codes: string[] = [];
let nowMs = Date.now();
let server: TestServer;
let patient: Person;
let doctor: Clinician;

before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs,
      messenger: {
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
      },
    },
  });
  patient = await signUp(server.url, { name: 'Asha Rao' });
  doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
});
after(() => server?.stop());

async function lend(scope: object = { sealed: false, share: false, write: true }): Promise<void> {
  const asked = await doctor.call('POST', '/api/access-requests', {
    body: { patient: patient.uhid, scope, purpose: 'TREAT', duration: 'P1D' },
  });
  assert.equal(asked.status, 201, asked.text);
  const { id } = asked.json<{ id: string }>();
  const confirmed = await doctor.call('POST', `/api/access-requests/${id}/confirm`, {
    body: { code: codes.at(-1) },
  });
  assert.equal(confirmed.status, 201, confirmed.text);
}

const medicine = (key: string, text: string, more: object = {}) => ({
  key,
  text,
  codes: [],
  dose: '500',
  unit: 'mg' as const,
  route: 'oral' as const,
  perDay: '3',
  days: '5',
  asNeeded: false,
  note: '',
  reasons: {},
  ...more,
});

function draftOf(id: string, more: Partial<VisitDraft> = {}): VisitDraft {
  const at = new Date(nowMs).toISOString();
  return {
    ...newDraft({ id, patientId: patient.patientId, startedAt: at, today: at.slice(0, 10), seen: {} }),
    symptoms: 'Cough\nFever <since yesterday>',
    examination: 'Chest clear',
    vitals: {
      weight: '61',
      height: '160',
      systolic: '134',
      diastolic: '84',
      pulse: '96',
      temperature: '38.4',
    },
    diagnoses: [{ key: 'd1', text: 'Acute bronchitis', codes: [], probable: true }],
    tests: [{ key: 't1', text: 'CRP', codes: [] }],
    medicines: [medicine('m1', 'Amoxicillin'), medicine('m2', 'Paracetamol')],
    procedures: [{ key: 'p1', text: 'Nebulisation', codes: [] }],
    notes: 'Comes with her son.',
    advice: 'Rest.',
    ...more,
  };
}

const sign = (draft: VisitDraft, more: object = {}) =>
  doctor.call('POST', '/fhir/R4', {
    body: visitBundle(draft, {
      at: new Date(nowMs).toISOString(),
      clinician: { name: 'Dr Meera Iyer' },
      ...more,
    }),
  });
const countOf = async (type: string) =>
  (await patient.get(`/fhir/R4/${type}?_summary=count`)).json<{ total: number }>().total;

describe('a visit', () => {
  it('is refused whole without a pen', async () => {
    const answer = await sign(draftOf('0c5f3f4e-0000-4000-8000-000000000001'));
    assert.ok(answer.status === 403 || answer.status === 404, answer.text);
    assert.equal(await countOf('Encounter'), 0);
  });

  it('is stored whole under the pen, and each entry says so', async () => {
    await lend();
    const answer = await sign(draftOf('0c5f3f4e-0000-4000-8000-000000000002'));
    assert.equal(answer.status, 200, answer.text);
    for (const [type, count] of Object.entries({
      Encounter: 1,
      Observation: 7,
      Condition: 1,
      ServiceRequest: 1,
      MedicationRequest: 2,
      Procedure: 1,
      ClinicalImpression: 1,
      Appointment: 1,
      Composition: 1,
    }))
      assert.equal(await countOf(type), count, type);
    const places = answer.json<{ entry: { response: { location: string } }[] }>().entry;
    for (const { response } of places) {
      const entry = /([A-Z][A-Za-z]+\/[^/]+)\/_history/.exec(response.location)?.[1] ?? '';
      const [origin] = (await patient.get(`/api/origins?entry=${entry}`)).json<
        { rule: string; permission?: { consent: string }; provenance: object }[]
      >();
      assert.equal(origin?.rule, 'edit-grant', entry);
      assert.match(origin.permission?.consent ?? '', /^Consent\//);
      assert.match(JSON.stringify(origin.provenance), /Consent\//);
    }
  });

  it('is not doubled when nobody knows whether it arrived', async () => {
    const again = await sign(draftOf('0c5f3f4e-0000-4000-8000-000000000002'), { again: true });
    assert.equal(again.status, 200, again.text);
    assert.equal(await countOf('Encounter'), 1);
    assert.equal(await countOf('MedicationRequest'), 2);
    assert.equal(await countOf('Composition'), 1);
  });

  it('keeps a note that says what was written, with nothing in it that runs', async () => {
    const note = (await patient.get('/fhir/R4/Composition')).text;
    assert.match(note, /Fever &lt;since yesterday&gt;/);
    assert.match(note, /Amoxicillin: 500 mg, 3 times a day, for 5 days, by mouth/);
    assert.match(note, /"attester":\[\{/);
  });

  it('is refused whole for a medicine that the record speaks against, and stored with the reason', async () => {
    await patient.create({
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${patient.patientId}` },
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      code: { text: 'Penicillin' },
    });
    const id = '0c5f3f4e-0000-4000-8000-000000000003';
    const penicillin = medicine('m1', 'Ampicillin');
    const refused = await sign(draftOf(id, { medicines: [penicillin] }));
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.text, /allergy-penicillins/);
    assert.equal(await countOf('Encounter'), 1);
    const reasons = { 'allergy-penicillins': 'Skin test last week was negative' };
    const signed = await sign(draftOf(id, { medicines: [{ ...penicillin, reasons }] }));
    assert.equal(signed.status, 200, signed.text);
    assert.match((await patient.get('/fhir/R4/MedicationRequest')).text, /Skin test last week was negative/);
  });

  it('can be told of by whoever wrote it, without a word of what is in it', async () => {
    const [encounter] = (await patient.get('/fhir/R4/Encounter')).json<{
      entry: { resource: { id: string } }[];
    }>().entry;
    const path = `/api/visits/${encounter?.resource.id ?? ''}/tell`;
    const other = await signUpClinician(server.url, server.pool, { name: 'Dr Salim Qureshi' });
    assert.equal((await other.call('POST', path)).status, 404);
    assert.equal((await doctor.call('POST', path)).status, 204);
    const { notices } = (await patient.get('/api/notices')).json<{
      notices: { kind: string; detail: object }[];
    }>();
    const told = notices.find(({ kind }) => kind === 'visit-told');
    assert.deepEqual(told?.detail, { name: 'Dr Meera Iyer', visit: encounter?.resource.id });
    assert.deepEqual(
      [(await doctor.call('POST', path)).status, (await doctor.call('POST', path)).status],
      [204, 204],
    );
    assert.equal((await doctor.call('POST', path)).status, 429);
  });

  it('holds only the parts that may be written into', async () => {
    const parts = ['visits', 'medicines'] as const;
    const covered = [...parts];
    const bundle = visitBundle(draftOf('0c5f3f4e-0000-4000-8000-000000000004'), {
      at: new Date(nowMs).toISOString(),
      clinician: { name: 'Dr Meera Iyer' },
      covered,
    });
    const types = (bundle['entry'] as { resource: { resourceType: string } }[]).map(
      ({ resource }) => resource.resourceType,
    );
    assert.deepEqual([...new Set(types)].sort(), ['Appointment', 'Encounter', 'MedicationRequest']);
  });

  it('is refused when the pen has ended', async () => {
    // Half an hour in steps: a session that is used stays open.
    for (let step = 0; step < 3; step += 1) {
      nowMs += 11 * 60_000;
      for (const one of [doctor, patient]) assert.equal((await one.get('/api/me')).status, 200);
    }
    const answer = await sign(draftOf('0c5f3f4e-0000-4000-8000-000000000005'));
    assert.ok(answer.status === 403 || answer.status === 404, answer.text);
  });
});

describe('a card that is scanned', () => {
  it('names the person to ask, until it is replaced', async () => {
    const terms = { scope: 'whole', purpose: 'TREAT', duration: 'P1D' };
    const ask = (card: string) =>
      doctor.call('POST', '/api/access-requests', { body: { ...terms, patient: card } });
    const url = (await patient.get('/api/emergency-card')).json<{ url: string }>().url;
    assert.match(url, /\/e\//);
    const asked = await ask(url);
    assert.equal(asked.status, 201, asked.text);
    assert.equal((await patient.call('POST', '/api/emergency-card/rotate')).status < 300, true);
    const dead = await ask(url);
    assert.equal(dead.status, 404);
    assert.equal(dead.json<{ code: string }>().code, 'card-not-valid');
    assert.equal((await ask(`${url.slice(0, -4)}0000`)).json<{ code: string }>().code, 'card-not-valid');
  });
});
