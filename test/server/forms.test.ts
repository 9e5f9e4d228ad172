// Filled forms over HTTP: stored with all they say or not at all, readable as what they say, under the rules of every other write.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { shippedForms } from '../../server/fhir/shipped-forms.ts';
import { filledForm } from '../core/forms/filled.ts';
import { newClient, signUp } from '../harness/client.ts';
import { program } from '../harness/program.ts';
import { doctor, letIn, patient, server, whole } from './consent-world.ts';

const forms = await shippedForms();
const filled = (id: string, patientId: string): Resource => {
  const form = forms.get(id);
  assert.ok(form);
  return filledForm(form, patientId);
};
const item = (group: string, field: string, answer: object) => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  questionnaire: 'urn:medallion:form:general',
  item: [{ linkId: group, item: [{ linkId: field, answer: [answer] }] }],
});

async function countOf(patientId: string): Promise<number> {
  const { rows } = await server.pool.query<{ count: number }>(
    'select count(*)::int as count from resource where patient_id = $1',
    [patientId],
  );
  return rows[0]?.count ?? 0;
}

describe('the forms there are', () => {
  it('are listed and served as sound Questionnaires, to whoever signed in', async () => {
    const listed = (await patient.get('/api/forms')).json<{ id: string; title: { hi: string } }[]>();
    assert.equal(listed.length, forms.size);
    for (const { id } of listed) {
      const answer = await patient.get(`/api/forms/${id}`);
      assert.equal(answer.status, 200);
      assert.deepEqual(
        validateResource(parseJson(answer.text)).filter(({ severity }) => severity === 'error'),
        [],
      );
    }
    assert.equal((await patient.get('/api/forms/no-such')).status, 404);
    assert.equal((await patient.get('/api/forms/..%2f..%2fcheck')).status, 404);
    assert.equal((await newClient(server.url).get('/api/forms')).status, 401);
  });
});

describe('a filled form', () => {
  for (const [id, { audience }] of forms)
    it(`${id} goes in complete, and everything it became can be read`, async () => {
      // What a visit prescribes and a person may not: the clinician fills it in.
      const by = audience === 'clinician' ? doctor : patient;
      if (audience === 'clinician') await letIn({ ...whole, scope: { write: true } });
      const answer = await by.call('POST', `/api/forms/${id}?patient=${patient.patientId}`, {
        body: filled(id, patient.patientId),
      });
      assert.equal(answer.status, 201, answer.text);
      const { response, resources } = answer.json<{ response: string; resources: string[] }>();
      assert.ok(resources.length > 0);
      assert.ok(answer.headers.get('ledger-entry'));
      for (const name of [response, ...resources]) {
        const read = await patient.get(`/fhir/R4/${name}`);
        assert.equal(read.status, 200, name);
        assert.ok(!read.text.includes('urn:uuid:'), `${name} refers to what has an id now`);
      }
      const { rows } = await server.pool.query<{ entries: number }>(
        `select count(*)::int as entries from entry where patient_id = $1 and statement::jsonb ->> 'event' = 'create'
            and statement::jsonb -> 'on' ->> 'id' = any($2)`,
        [patient.patientId, [response, ...resources].map((name) => name.split('/')[1])],
      );
      assert.equal(rows[0]?.entries, resources.length + 1, 'each is an entry of the log');
    });

  it('keeps the digits of a number', async () => {
    const body = JSON.stringify(item('vitals', 'temperature', {})).replace('{}', '{"valueDecimal":37.50}');
    const answer = await patient.call('POST', '/api/forms/general', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.status, 201, answer.text);
    const [name] = answer.json<{ resources: string[] }>().resources;
    assert.match((await patient.get(`/fhir/R4/${name}`)).text, /"value":37\.50/);
  });

  const refused: [name: string, form: string, body: () => object | string, status: number, code: string][] = [
    ['an unknown form', 'nothing', () => item('body', 'weight', { valueDecimal: 70 }), 404, 'not-found'],
    ['no answers', 'general', () => ({ ...item('body', 'weight', {}), item: [] }), 422, 'form-wrong'],
    [
      'a value that cannot be',
      'general',
      () => item('body', 'weight', { valueDecimal: 7000 }),
      422,
      'form-wrong',
    ],
    ['another resource', 'general', () => ({ resourceType: 'Patient' }), 422, 'form-wrong'],
    [
      'a form of clinicians by the person',
      'visit',
      () => filled('visit', patient.patientId),
      403,
      'forbidden',
    ],
    ['no JSON', 'general', () => '{', 400, 'structure'],
    ['a list', 'general', () => [], 400, 'structure'],
  ];
  for (const [name, form, body, status, code] of refused)
    it(`is refused whole: ${name}`, async () => {
      const before = await countOf(patient.patientId);
      const sent = body();
      const answer = await patient.call('POST', `/api/forms/${form}`, {
        body: typeof sent === 'string' ? sent : JSON.stringify(sent),
        headers: { 'content-type': 'application/json' },
      });
      assert.deepEqual([answer.status, answer.json()['code']], [status, code], answer.text);
      assert.equal(await countOf(patient.patientId), before);
    });

  it('names what is wrong by its question, and no value', async () => {
    const answer = await patient.call('POST', '/api/forms/general', {
      body: item('body', 'weight', { valueDecimal: 7654321987 }),
    });
    assert.deepEqual(answer.json()['fields'], [{ field: 'weight', code: 'out-of-range' }]);
    assert.ok(!answer.text.includes('7654321987'));
  });

  it('is not put into the record of somebody else', async () => {
    const stranger = await signUp(server.url);
    const before = await countOf(patient.patientId);
    const answer = await stranger.call('POST', `/api/forms/general?patient=${patient.patientId}`, {
      body: item('body', 'weight', { valueDecimal: 70 }),
    });
    assert.equal(answer.status, 403, answer.text);
    assert.equal(await countOf(patient.patientId), before);
  });

  it('whose prescription does not go with the record is refused whole, and names the rule; with a reason it is stored', async () => {
    await letIn({ ...whole, scope: { write: true } });
    await patient.call('POST', '/fhir/R4/AllergyIntolerance', {
      body: {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
        patient: { reference: `Patient/${patient.patientId}` },
        code: { text: 'Penicillin' },
      },
    });
    const visit = (reason?: string) => ({
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'urn:medallion:form:visit',
      status: 'completed',
      item: [
        { linkId: 'visit', item: [{ linkId: 'visit-date', answer: [{ valueDate: '2026-03-01' }] }] },
        {
          linkId: 'prescription',
          item: [
            { linkId: 'drug', answer: [{ valueString: 'Amoxicillin' }] },
            ...(reason ? [{ linkId: 'drug-reason', answer: [{ valueString: reason }] }] : []),
          ],
        },
      ],
    });
    const before = await countOf(patient.patientId);
    const path = `/api/forms/visit?patient=${patient.patientId}`;
    const answer = await doctor.call('POST', path, { body: visit() });
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.json<{ fields: { code: string }[] }>().fields[0]?.code, 'allergy-penicillins');
    assert.equal(await countOf(patient.patientId), before, 'the visit is not there either');
    const again = await doctor.call('POST', path, {
      body: visit('allergy-penicillins: Tested and tolerated'),
    });
    assert.equal(again.status, 201, again.text);
  });

  it('of mental health is sealed: who was let into the whole record does not see it', async () => {
    await letIn();
    await patient.call('POST', '/api/forms/mental-health', {
      body: filled('mental-health', patient.patientId),
    });
    const seen = await doctor.get(`/fhir/R4/Observation?patient=${patient.patientId}`);
    assert.equal(seen.status, 200);
    assert.equal(seen.json()['total'], 0);
    assert.ok(((await patient.get('/fhir/R4/Observation')).json()['total'] as number) > 16);
  });
});

describe('$extract', () => {
  const path = '/fhir/R4/QuestionnaireResponse/$extract';

  it('shows what a response says as a Bundle that can be posted, and stores nothing', async () => {
    const body = filled('general', patient.patientId);
    const before = await countOf(patient.patientId);
    const plain = await patient.call('POST', path, { body });
    const wrapped = await patient.call('POST', path, {
      body: { resourceType: 'Parameters', parameter: [{ name: 'questionnaire-response', resource: body }] },
    });
    for (const answer of [plain, wrapped]) {
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(
        validateResource(parseJson(answer.text)).filter(({ severity }) => severity === 'error'),
        [],
      );
    }
    assert.equal(await countOf(patient.patientId), before);
    const posted = await patient.call('POST', '/fhir/R4', { body: plain.json() });
    assert.equal(posted.status, 200, posted.text);
    assert.ok((await countOf(patient.patientId)) > before + 8);
  });

  it('of a stored response is a look at it', async () => {
    const body = filled('lipids', patient.patientId);
    const stored = await patient.call('POST', '/fhir/R4/QuestionnaireResponse', { body });
    const { id } = stored.json<{ id: string }>();
    const answer = await patient.get(`/fhir/R4/QuestionnaireResponse/${id}/$extract`);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, new RegExp(`"derivedFrom":\\[\\{"reference":"QuestionnaireResponse/${id}"`));
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/fhir/R4/QuestionnaireResponse/${id}/$extract`)).status, 404);
  });

  const refused: [name: string, body: () => object, status: number][] = [
    [
      'of a form that is not ours',
      () => ({ ...filled('general', 'p'), questionnaire: 'http://example.org/other' }),
      422,
    ],
    ['of nobody', () => ({ ...filled('general', 'p'), subject: undefined }), 422],
    ['of an unsound response', () => ({ ...filled('general', 'p'), status: 'nonsense' }), 422],
    [
      'of wrong answers',
      () => ({ ...item('body', 'weight', { valueDecimal: 0 }), subject: { reference: 'Patient/p' } }),
      422,
    ],
    ['of another resource', () => ({ resourceType: 'Patient' }), 400],
  ];
  for (const [name, body, status] of refused)
    it(`is refused ${name}`, async () => {
      const partner = await program(server);
      const answer = await partner.call('POST', path, { body: body() });
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.json()['resourceType'], 'OperationOutcome');
    });
});
