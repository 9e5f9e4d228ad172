// Conditional writes of a clinician who was let in to write: looked for in the person's record, and only among what they may see.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { doctor, letIn, observation, patient, sealed, server, whole } from './consent-world.ts';

const pen = { ...whole, scope: { categories: ['results'], write: true } };
const numbered = (value: string, more: object = {}) =>
  observation('laboratory', { identifier: [{ system: 'urn:lab', value }], ...more });
const unlessThere = (value: string, body: object = numbered(value)) =>
  doctor.call('POST', '/fhir/R4/Observation', {
    body,
    headers: { 'if-none-exist': `identifier=urn:lab|${value}` },
  });

it('what the clinician wrote a moment ago, and what stood before, is found and not written twice', async () => {
  const before = await patient.create(numbered('before'));
  await letIn(pen);
  const first = await unlessThere('n-1');
  assert.equal(first.status, 201, first.text);
  const second = await unlessThere('n-1');
  assert.equal(second.status, 200, second.text);
  assert.equal(second.json()['id'], first.json()['id']);
  const stood = await unlessThere('before');
  assert.deepEqual([stood.status, stood.json()['id']], [200, before.id]);
  const changed = await doctor.call('PUT', '/fhir/R4/Observation?identifier=urn:lab|n-1', {
    body: numbered('n-1', { valueString: 'corrected' }),
  });
  assert.deepEqual([changed.status, changed.json()['id']], [200, first.json()['id']], changed.text);
});

it('the search is a look in the person’s log, as the clinician, by the permission that opened the record', async () => {
  await patient.create(numbered('seen'));
  await letIn(pen);
  await unlessThere('seen');
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by entry_id desc limit 5',
    [patient.patientId],
  );
  const look = rows
    .map(
      ({ statement }) =>
        JSON.parse(statement) as {
          event: string;
          basis: string;
          who: { role: string };
          detail?: { authority?: string };
        },
    )
    .find(({ event }) => event === 'search');
  assert.equal(look?.who.role, 'professional');
  assert.ok(['grant', 'edit-grant'].includes(look.basis), look.basis);
  assert.ok(look.detail?.authority);
});

it('FHIR-09: what is sealed, outside the permission or in another record is answered as if it were not there', async () => {
  await patient.create(numbered('sealed', sealed));
  await patient.create(observation('vital-signs', { identifier: [{ system: 'urn:lab', value: 'vital' }] }));
  await doctor.create({
    ...numbered('own'),
    subject: { reference: `Patient/${doctor.patientId}` },
  });
  await letIn(pen);
  const answered = async (value: string) => {
    const answers = [
      await doctor.call('PUT', `/fhir/R4/Observation?identifier=urn:lab|${value}`, {
        body: numbered(value),
        headers: { 'if-match': 'W/"1"' },
      }),
      await doctor.call('POST', '/fhir/R4', {
        body: {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              resource: {
                ...numbered('new'),
                derivedFrom: [{ reference: `Observation?identifier=urn:lab|${value}` }],
              },
              request: { method: 'POST', url: 'Observation' },
            },
          ],
        },
      }),
      await unlessThere(value),
    ];
    return answers.map(({ status, text, headers }) => [
      status,
      [...headers.keys()].filter((name) => name !== 'date').toSorted(),
      status === 201 ? '' : text,
    ]);
  };
  const absent = await answered('nobodys');
  assert.deepEqual(
    absent.map(([status]) => status),
    [412, 422, 201],
  );
  for (const hidden of ['sealed', 'vital', 'own']) assert.deepEqual(await answered(hidden), absent, hidden);
});
