// `_summary` and `_elements` wherever resources are shown: less of each, marked as less, never less than R4 requires.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Person, signUp } from '../harness/client.ts';
import { program, type Program } from '../harness/program.ts';
import { startServer, type TestServer } from '../harness/server.ts';

interface Shown extends Record<string, unknown> {
  resourceType: string;
  meta?: { tag?: { code: string }[] };
  entry?: { resource?: Shown; search?: { mode: string } }[];
  total?: number;
}

const tag = 'SUBSETTED';

describe('parts of resources', () => {
  let server: TestServer;
  let asha: Person;
  let partner: Program;
  let id: string;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    partner = await program(server);
    const made = await asha.create({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Weight' },
      subject: { reference: `Patient/${asha.patientId}` },
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Weight</div>' },
      note: [{ text: 'before breakfast' }],
      effectiveDateTime: '2026-03-01',
    });
    id = made.id;
  });
  after(() => server.stop());

  /** The Observations of an answer, whatever it is. */
  const observations = ({ resourceType, entry = [], ...rest }: Shown): Shown[] =>
    resourceType === 'Observation'
      ? [{ resourceType, ...rest }]
      : entry.flatMap(({ resource }) => (resource ? observations(resource) : []));

  const places = (): [place: string, path: string][] => [
    ['read', `Observation/${id}?`],
    ['vread', `Observation/${id}/_history/1?`],
    ['history', `Observation/${id}/_history?`],
    ['history of a type', 'Observation/_history?'],
    ['search', `Observation?subject=Patient/${asha.patientId}&`],
    ['search over types', '?_type=Observation,Condition&'],
    ['compartment', `Patient/${asha.patientId}/Observation?`],
    ['whole compartment', `Patient/${asha.patientId}/*?`],
    ['include', `Patient?_id=${asha.patientId}&_revinclude=Observation:subject&`],
    ['$everything', `Patient/${asha.patientId}/$everything?`],
  ];

  for (const [query, there, gone] of [
    ['_summary=true', ['status', 'code', 'subject', 'effectiveDateTime'], ['text', 'note']],
    ['_summary=text', ['status', 'code', 'text'], ['note', 'effectiveDateTime']],
    ['_summary=data', ['status', 'note', 'effectiveDateTime'], ['text']],
    ['_elements=note', ['status', 'code', 'note'], ['text', 'effectiveDateTime']],
    ['_elements=Observation.note,Patient.name', ['status', 'note'], ['text', 'effectiveDateTime']],
  ] as const)
    test(`${query}, wherever it is asked`, async () => {
      for (const [place, path] of places()) {
        // Of what is included everything is shown: the elements are those of the hits. One address names one type.
        if (query.startsWith('_elements') && place === 'include') continue;
        if (query.includes('Patient.') && /read|history/.test(place)) continue;
        const answer = await asha.get(`/fhir/R4/${path}${query}`);
        assert.equal(answer.status, 200, `${place} ${answer.text}`);
        const shown = observations(answer.json<Shown>());
        assert.equal(shown.length, 1, `${place}: ${answer.text}`);
        for (const one of shown) {
          for (const name of there) assert.ok(name in one, `${place}: ${name}`);
          for (const name of gone) assert.ok(!(name in one), `${place}: ${name}`);
          assert.ok(
            one.meta?.tag?.some(({ code }) => code === tag),
            place,
          );
        }
      }
    });

  test('in the entries of a batch and of a transaction too', async () => {
    for (const type of ['batch', 'transaction']) {
      const entry = [
        { request: { method: 'GET', url: `Observation/${id}?_summary=text` } },
        { request: { method: 'GET', url: `Observation?subject=Patient/${asha.patientId}&_elements=status` } },
      ];
      const answer = await asha.call('POST', '/fhir/R4/', { body: { resourceType: 'Bundle', type, entry } });
      assert.equal(answer.status, 200, answer.text);
      const shown = observations(answer.json<Shown>());
      assert.equal(shown.length, 2, answer.text);
      for (const one of shown) {
        assert.ok(!('note' in one) && 'code' in one, type);
        assert.ok(
          one.meta?.tag?.some(({ code }) => code === tag),
          type,
        );
      }
    }
  });

  test('false shows everything, count nothing but the number, and what is misspelt is refused', async () => {
    for (const [place, path] of places()) {
      const whole = observations((await asha.get(`/fhir/R4/${path}_summary=false`)).json<Shown>());
      assert.ok('note' in (whole[0] ?? {}) && !JSON.stringify(whole).includes(tag), place);
      const wrong = await asha.get(`/fhir/R4/${path}_summary=brief`);
      assert.equal(wrong.status, 400, place);
    }
    const counted = (
      await partner.get(`/fhir/R4/Observation?subject=Patient/${asha.patientId}&_summary=count`)
    ).json<Shown>();
    assert.deepEqual([counted.total, counted.entry], [1, undefined]);
    assert.equal((await asha.get('/fhir/R4/Observation?_elements=nots')).status, 400);
    assert.equal((await asha.get(`/fhir/R4/Observation/${id}?_elements=nots`)).status, 400);
  });

  test('a part never takes the place of the whole: update, patch and transaction refuse what is marked as one', async () => {
    const path = `/fhir/R4/Observation/${id}`;
    const part = (await asha.get(`${path}?_elements=code,subject`)).json<Shown>();
    const before_ = await asha.get(path);
    const mark = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: tag };
    const transaction = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: part, request: { method: 'PUT', url: `Observation/${id}` } }],
    };
    const refused: [what: string, method: string, at: string, body: unknown, contentType?: string][] = [
      ['update', 'PUT', path, part],
      ['conditional update', 'PUT', `/fhir/R4/Observation?_id=${id}`, part],
      [
        'JSON Patch',
        'PATCH',
        path,
        [{ op: 'add', path: '/meta/tag/-', value: mark }],
        'application/json-patch+json',
      ],
      ['transaction', 'POST', '/fhir/R4/', transaction],
    ];
    for (const [what, method, at, body, contentType = 'application/fhir+json'] of refused) {
      const answer = await asha.call(method, at, { body, headers: { 'content-type': contentType } });
      assert.equal(answer.status, 422, `${what}: ${answer.text}`);
      assert.match(
        answer.text,
        /"expression":\["(Bundle\.entry\[0\]\.resource|Observation)\.meta\.tag"\]/,
        what,
      );
      assert.match(answer.text, /SUBSETTED/, what);
    }
    assert.equal((await asha.get(path)).text, before_.text);
    // Without the mark it is what its sender says it is; a tag of that name in another system is no mark.
    const { meta: _meta, ...unmarked } = part;
    const other = { ...unmarked, meta: { tag: [{ system: 'urn:x', code: tag }] } };
    assert.equal((await asha.call('PUT', path, { body: other })).status, 200);
    // Nobody is told by this refusal that a resource of somebody else stands.
    const ravi = await signUp(server.url);
    const hidden = await ravi.call('PUT', path, { body: part });
    const absent = await ravi.call('PUT', '/fhir/R4/Observation/nothing', {
      body: { ...part, id: 'nothing' },
    });
    assert.deepEqual([hidden.status, hidden.text], [404, absent.text]);
  });
});
