// Medicines that do not go with the record: refused to clinicians and programs without a reason, recorded where nobody was asked,
// whichever way they come in. Over HTTP, on the real database.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { validateResource } from '../../core/fhir/validate.ts';
import { importBundle } from '../../server/fhir/import-bundle.ts';
import type { Answer, Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import { doctor, later, letIn, patient, server, whole } from './consent-world.ts';

type Json = Record<string, unknown>;

const subject = (of: Person = patient) => ({ reference: `Patient/${of.patientId}` });
const ruleSystem = 'urn:medallion:clinical-rule';

const prescription = (text: string, more: Json = {}): Json => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  subject: subject(),
  medicationCodeableConcept: { text },
  ...more,
});
const dispense = (text: string, more: Json = {}): Json => ({
  resourceType: 'MedicationDispense',
  status: 'completed',
  subject: subject(),
  medicationCodeableConcept: { text },
  ...more,
});
const taken = (text: string, more: Json = {}): Json => ({
  resourceType: 'MedicationStatement',
  status: 'active',
  subject: subject(),
  medicationCodeableConcept: { text },
  ...more,
});
const given = (text: string): Json => ({
  resourceType: 'MedicationAdministration',
  status: 'completed',
  effectiveDateTime: new Date().toISOString(),
  subject: subject(),
  medicationCodeableConcept: { text },
});
const allergy = (text: string, more: Json = {}): Json => ({
  resourceType: 'AllergyIntolerance',
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
  },
  patient: subject(),
  code: { text },
  ...more,
});
const because = (
  rule: string,
  reason = 'Tested by the allergist, tolerated well',
  by = 'identifier',
): Json => ({
  contained: [
    {
      resourceType: 'DetectedIssue',
      id: 'why',
      status: 'mitigated',
      ...(by === 'identifier'
        ? { identifier: [{ system: ruleSystem, value: rule }] }
        : { code: { coding: [{ system: ruleSystem, code: rule }] } }),
      mitigation: [{ action: { text: reason } }],
    },
  ],
  detectedIssue: [{ reference: '#why' }],
});

const post = (who: Client, resource: Json): Promise<Answer> =>
  who.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, { body: resource });

async function stored(who: Client, resource: Json): Promise<Json> {
  const answer = await post(who, resource);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<Json>();
}

const rulesOf = (answer: Answer): string[] =>
  answer
    .json<{ issue: { code: string; details: { coding: { system: string; code: string }[] } }[] }>()
    .issue.map(({ code, details }) => {
      assert.equal(code, 'business-rule');
      assert.equal(details.coding[0]?.system, ruleSystem);
      return details.coding[0]?.code ?? '';
    });

async function issuesOf(who: Client, of: Person = patient): Promise<Json[]> {
  const answer = await who.get(`/fhir/R4/DetectedIssue?patient=${of.patientId}`);
  assert.equal(answer.status, 200, answer.text);
  return (answer.json<{ entry?: { resource: Json }[] }>().entry ?? []).map(({ resource }) => resource);
}
const ruleOf = (issue: Json): unknown => (issue['identifier'] as { value: string }[])[0]?.value;

async function statements(of: Person, what: string): Promise<Json[]> {
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 and position($2 in statement) > 0 order by entry_id',
    [of.patientId, what],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as Json);
}

let partner: Program;
beforeEach(async () => {
  partner = await program(server);
});

describe('a clinician with a pen', () => {
  beforeEach(async () => {
    await letIn({ ...whole, scope: { write: true } });
  });

  const cases: [name: string, record: () => Json[], written: () => Json, rules: string[]][] = [
    [
      'a penicillin for who is allergic to it',
      () => [allergy('Penicillin')],
      () => prescription('Amoxicillin 500 mg'),
      ['allergy-penicillins'],
    ],
    [
      'the same dispensed',
      () => [allergy('Penicillin')],
      () => dispense('Amoxicillin 500 mg'),
      ['allergy-penicillins'],
    ],
    [
      'sildenafil beside a nitrate',
      () => [taken('Nitroglycerin')],
      () => prescription('Sildenafil'),
      ['nitrate-pde5'],
    ],
    [
      'a nitrate beside prescribed sildenafil',
      () => [prescription('Sildenafil')],
      () => dispense('Nitroglycerin'),
      ['nitrate-pde5'],
    ],
    [
      'ten times the dose',
      () => [],
      () =>
        prescription('Paracetamol', {
          dosageInstruction: [
            {
              timing: { repeat: { frequency: 4, period: 1, periodUnit: 'd' } },
              doseAndRate: [{ doseQuantity: { value: 10, unit: 'g' } }],
            },
          ],
        }),
      ['day-paracetamol'],
    ],
    [
      'two rules at once',
      () => [allergy('Aspirin'), taken('Ketorolac')],
      () => prescription('Ibuprofen'),
      ['allergy-nsaids', 'ketorolac-nsaid'],
    ],
  ];
  for (const [name, record, written, rules] of cases)
    it(`is refused: ${name}; with a reason it is stored, and the log says so`, async () => {
      for (const one of record()) await stored(patient, one);
      const before = await issuesOf(patient);
      const refused = await post(doctor, written());
      assert.equal(refused.status, 422, refused.text);
      assert.deepEqual(rulesOf(refused).sort(), rules);
      assert.match(refused.text, /Source: /);
      const type = String(written()['resourceType']);
      assert.equal(
        (await doctor.get(`/fhir/R4/${type}?patient=${patient.patientId}&_summary=count`)).json()['total'],
        record().filter((one) => one['resourceType'] === type).length,
        'nothing was stored',
      );
      const [kept] = await statements(patient, '"outcome":"refused"');
      assert.deepEqual(kept?.['detail'], { ...(kept?.['detail'] as Json), rules: rules.join(' ') });
      const overrides = rules.map((rule, i) => {
        const one = because(rule);
        const [issue] = one['contained'] as Json[];
        return { ...issue, id: `why${i}` };
      });
      const again = await stored(doctor, {
        ...written(),
        contained: overrides,
        detectedIssue: overrides.map((_, i) => ({ reference: `#why${i}` })),
      });
      assert.equal((again['contained'] as Json[]).length, rules.length, 'the reason is kept with it');
      const said = await statements(patient, `"override":"${rules.join(' ')}"`);
      assert.equal(said.length, 1);
      assert.deepEqual({ ...(said[0]?.['on'] as Json), version: 0 }, { type, id: again['id'], version: 0 });
      assert.equal((await issuesOf(patient)).length, before.length, 'whoever was asked is not reported on');
    });

  const notEnough: [name: string, more: Json][] = [
    ['no reason', {}],
    ['another rule', because('nitrate-pde5')],
    ['a reason of two letters', because('allergy-penicillins', 'ok')],
    ['a reason of signs', because('allergy-penicillins', '----------')],
    ['an issue that nothing refers to', { contained: because('allergy-penicillins')['contained'] }],
    [
      'the rule in another system',
      {
        ...because('allergy-penicillins'),
        contained: [
          {
            ...(because('allergy-penicillins')['contained'] as Json[])[0],
            identifier: [{ system: 'urn:x', value: 'allergy-penicillins' }],
          },
        ],
      },
    ],
    [
      'no mitigation',
      {
        ...because('allergy-penicillins'),
        contained: [{ ...(because('allergy-penicillins')['contained'] as Json[])[0], mitigation: undefined }],
      },
    ],
  ];
  for (const [name, more] of notEnough)
    it(`is not let past by ${name}`, async () => {
      await stored(patient, allergy('Penicillin'));
      const answer = await post(doctor, prescription('Amoxicillin', more));
      assert.equal(answer.status, 422, answer.text);
    });

  it('may name the rule as a code as well', async () => {
    await stored(patient, allergy('Penicillin'));
    await stored(
      doctor,
      prescription('Amoxicillin', because('allergy-penicillins', 'Tolerated in hospital', 'code')),
    );
  });

  it('is refused by update, by patch and inside a transaction alike, and nothing of it stands', async () => {
    await stored(patient, allergy('Penicillin'));
    const { id } = await stored(doctor, prescription('Paracetamol'));
    const path = `/fhir/R4/MedicationRequest/${String(id)}`;
    const update = await doctor.call('PUT', path, { body: prescription('Amoxicillin', { id }) });
    const patch = await doctor.call('PATCH', path, {
      body: JSON.stringify([
        { op: 'replace', path: '/medicationCodeableConcept/text', value: 'Amoxicillin' },
      ]),
      headers: { 'content-type': 'application/json-patch+json' },
    });
    const bundle = await doctor.call('POST', '/fhir/R4', {
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            request: { method: 'POST', url: 'Condition' },
            resource: { resourceType: 'Condition', subject: subject(), code: { text: 'Otitis' } },
          },
          { request: { method: 'POST', url: 'MedicationRequest' }, resource: prescription('Amoxicillin') },
        ],
      },
    });
    for (const answer of [update, patch, bundle])
      assert.deepEqual([answer.status, ...rulesOf(answer)], [422, 'allergy-penicillins']);
    assert.match(bundle.text, /Bundle\.entry\[1\]\.resource\.medication/);
    assert.equal((await patient.get('/fhir/R4/Condition')).json()['total'], 0);
    assert.equal((await doctor.get(path)).json<{ meta: { versionId: string } }>().meta.versionId, '1');
  });

  it('is refused for two in one transaction that do not go together', async () => {
    const entry = ['Sildenafil', 'Nitroglycerin'].map((text) => ({
      request: { method: 'POST', url: 'MedicationRequest' },
      resource: prescription(text),
    }));
    const answer = await doctor.call('POST', '/fhir/R4', {
      body: { resourceType: 'Bundle', type: 'transaction', entry },
    });
    assert.equal(answer.status, 422, answer.text);
  });

  it('is judged by the Medication that is named by reference', async () => {
    await stored(patient, allergy('Penicillin'));
    const medication = await stored(partner, {
      resourceType: 'Medication',
      code: { text: 'Amoxicillin 250 mg' },
    });
    const { medicationCodeableConcept: _concept, ...rest } = prescription('');
    const answer = await post(doctor, {
      ...rest,
      medicationReference: { reference: `Medication/${String(medication['id'])}` },
    });
    assert.equal(answer.status, 422, answer.text);
  });

  it('may stop what does not go together, and propose without being refused', async () => {
    await stored(patient, taken('Nitroglycerin'));
    await stored(doctor, prescription('Sildenafil', { status: 'stopped' }));
    await stored(doctor, prescription('Sildenafil', { intent: 'proposal' }));
    await stored(doctor, prescription('Sildenafil', { doNotPerform: true }));
  });

  it('of two at once that do not go together, one is refused', async () => {
    const answers = await Promise.all([
      post(doctor, prescription('Sildenafil')),
      post(doctor, prescription('Nitroglycerin')),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [201, 422],
    );
  });

  it('what was stated or given is recorded, not refused', async () => {
    await stored(patient, allergy('Penicillin'));
    await stored(doctor, given('Amoxicillin'));
    await stored(doctor, taken('Ampicillin'));
    const issues = await issuesOf(patient);
    assert.deepEqual(issues.map(ruleOf), ['allergy-penicillins', 'allergy-penicillins']);
  });

  it('a late entry is no way round', async () => {
    await later(31 * 60_000, doctor, patient);
    const body = {
      patient: patient.patientId,
      resource: prescription('Amoxicillin'),
      reason: 'Forgotten in the rush',
    };
    assert.equal((await doctor.call('POST', '/api/amendments', { body })).status, 422);
  });
});

describe('what is hidden from the clinician', () => {
  it('neither refuses them nor tells them anything; the owner has it recorded, sealed', async () => {
    await letIn({ ...whole, scope: { write: true } });
    const label = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] };
    await stored(patient, taken('Ritonavir', { meta: label }));
    await stored(doctor, prescription('Simvastatin'));
    assert.deepEqual(await issuesOf(doctor), []);
    const [issue, ...more] = await issuesOf(patient);
    assert.equal(more.length, 0);
    assert.equal(ruleOf(issue ?? {}), 'statin-cyp3a4');
  });
});

describe('a program', () => {
  it('is refused as a clinician is, by create and by conditional create, and let past by a reason', async () => {
    await stored(patient, allergy('Penicillin'));
    assert.equal((await post(partner, prescription('Amoxicillin'))).status, 422);
    const conditional = await partner.call('POST', '/fhir/R4/MedicationRequest', {
      body: prescription('Amoxicillin', { identifier: [{ system: 'urn:x', value: '1' }] }),
      headers: { 'if-none-exist': 'identifier=urn:x|1' },
    });
    assert.equal(conditional.status, 422, conditional.text);
    await stored(partner, prescription('Amoxicillin', because('allergy-penicillins')));
  });
});

describe('the person themself, and imports', () => {
  it('is never refused; what was found is recorded once, sound, with rule and source', async () => {
    await stored(patient, allergy('Penicillin'));
    const first = await stored(patient, taken('Amoxicillin'));
    const path = `/fhir/R4/MedicationStatement/${String(first['id'])}`;
    assert.equal(
      (await patient.call('PUT', path, { body: { ...taken('Amoxicillin'), id: first['id'] } })).status,
      200,
    );
    const [issue, ...more] = await issuesOf(patient);
    assert.equal(more.length, 0, 'once');
    assert.ok(issue);
    assert.deepEqual(
      validateResource(issue as never).filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal(ruleOf(issue), 'allergy-penicillins');
    assert.equal(issue['severity'], 'high');
    assert.match(String(issue['detail']), /Source: /);
    assert.match(String(issue['reference']), /^https:/);
    const implicated = (issue['implicated'] as { reference: string }[]).map(({ reference }) => reference);
    assert.equal(implicated[0], `MedicationStatement/${String(first['id'])}`);
    assert.match(implicated[1] ?? '', /^AllergyIntolerance\//);
    const said = await statements(patient, '"rule":"allergy-penicillins"');
    assert.equal(said.length, 1, 'its own entry in the log');
  });

  it('a moderate finding is not stored', async () => {
    await stored(patient, taken('Warfarin'));
    await stored(patient, taken('Ibuprofen'));
    assert.deepEqual(await issuesOf(patient), []);
  });

  it('an imported record is taken as it is, its issues beside it', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: 'urn:uuid:5d9b2c4e-0b5e-4d3a-9c55-1d7f00000001',
          request: { method: 'POST', url: 'Patient' },
          resource: { resourceType: 'Patient', name: [{ text: 'Imported' }], birthDate: '1970-01-01' },
        },
        ...[
          allergy('Penicillin', { patient: { reference: 'urn:uuid:5d9b2c4e-0b5e-4d3a-9c55-1d7f00000001' } }),
          prescription('Amoxicillin', {
            subject: { reference: 'urn:uuid:5d9b2c4e-0b5e-4d3a-9c55-1d7f00000001' },
          }),
        ].map((resource, i) => ({
          fullUrl: `urn:uuid:5d9b2c4e-0b5e-4d3a-9c55-1d7f0000001${i}`,
          request: { method: 'POST', url: String(resource['resourceType']) },
          resource,
        })),
      ],
    };
    const result = await importBundle(server.deps, 'test', JSON.stringify(bundle));
    assert.equal(result.state, 'imported');
    const patientId = result.state === 'imported' ? (result.people[0]?.patientId ?? '') : '';
    const { rows } = await server.pool.query<{ content: string }>(
      `select content from resource where patient_id = $1 and resource_type = 'DetectedIssue'`,
      [patientId],
    );
    assert.deepEqual(
      rows.map(({ content }) => ruleOf(JSON.parse(content) as Json)),
      ['allergy-penicillins'],
    );
  });

  it('a child is judged by the newest weight, in whatever order it was entered', async () => {
    const child = await signUp(server.url);
    const of = { subject: subject(child) };
    const patched = await child.call('PATCH', `/fhir/R4/Patient/${child.patientId}`, {
      body: JSON.stringify([
        {
          op: 'add',
          path: '/birthDate',
          value: new Date(Date.now() - 4 * 365 * 86_400_000).toISOString().slice(0, 10),
        },
      ]),
      headers: { 'content-type': 'application/json-patch+json' },
    });
    assert.equal(patched.status, 200, patched.text);
    const weight = (value: number, effectiveDateTime: string): Json => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
      ...of,
      effectiveDateTime,
      valueQuantity: { value, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    });
    await stored(child, weight(15, '2026-02-01'));
    await stored(child, weight(60, '2020-02-01'));
    const dose = prescription('Paracetamol', {
      ...of,
      dosageInstruction: [
        {
          timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } },
          doseAndRate: [{ doseQuantity: { value: 500, unit: 'mg' } }],
        },
      ],
    });
    const answer = await post(partner, dose);
    assert.deepEqual([answer.status, ...rulesOf(answer)], [422, 'weight-paracetamol']);
  });
});

describe('other writes', () => {
  it('cost no read of the record', async () => {
    const asked: string[] = [];
    const { pool } = server.deps.db;
    const query = pool.query.bind(pool);
    const spy = (...args: Parameters<typeof query>) => {
      const [first] = args as unknown as [{ name?: string }];
      asked.push(first?.name ?? '');
      return query(...args);
    };
    Object.assign(pool, { query: spy });
    try {
      await stored(patient, allergy('Penicillin'));
      assert.ok(asked.length > 0, 'the spy sees statements');
      assert.ok(!asked.includes('list-clinical-record'));
      await stored(patient, taken('Paracetamol'));
      assert.equal(asked.filter((name) => name === 'list-clinical-record').length, 1);
    } finally {
      Object.assign(pool, { query });
    }
  });
});
