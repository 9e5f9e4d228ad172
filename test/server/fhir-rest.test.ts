// The RESTful API as R4 has it, beyond plain reads and writes, one resource at a time: conditions, chosen ids, patches.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { conditionOf, weightOf, weightText } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

type Body = Record<string, unknown>;

const patientOf = (mrn: string, more: Body = {}): Body => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: mrn }],
  ...more,
});

describe('the RESTful API', () => {
  let server: TestServer;
  let it: Program;
  let asha: Person;
  let serial = 0;
  const fresh = (): string => `m${++serial}`;
  before(async () => {
    server = await startServer();
    it = await program(server);
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const fhir = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    it.call(method, `/fhir/R4/${path}`, { ...(body === undefined ? {} : { body }), headers });
  const make = async (resource: Body): Promise<string> => {
    const answer = await fhir('POST', String(resource['resourceType']), resource);
    assert.equal(answer.status, 201, answer.text);
    return answer.json<{ id: string }>().id;
  };

  describe('conditional writes', () => {
    test('If-None-Exist makes one, finds one, and refuses to choose among several', async () => {
      const mrn = fresh();
      const header = { 'if-none-exist': `identifier=urn:mrn|${mrn}` };
      const made = await fhir('POST', 'Patient', patientOf(mrn), header);
      assert.equal(made.status, 201, made.text);
      const again = await fhir('POST', 'Patient', patientOf(mrn), header);
      assert.equal(again.status, 200, again.text);
      assert.equal(again.headers.get('location'), made.headers.get('location'));
      await make(patientOf(mrn));
      const several = await fhir('POST', 'Patient', patientOf(mrn), header);
      assert.equal(several.status, 412);
      assert.equal(several.json<OutcomeBody>().issue[0]?.code, 'multiple-matches');
    });

    test('of twenty that come together exactly one makes it', async () => {
      const mrn = fresh();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          fhir('POST', 'Patient', patientOf(mrn), { 'if-none-exist': `identifier=urn:mrn|${mrn}` }),
        ),
      );
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((a, b) => a - b),
        [...Array.from({ length: 19 }, () => 200), 201],
        answers.map(({ text }) => text.slice(0, 200)).join('\n'),
      );
      assert.equal(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size, 1);
    });

    test('PUT by search makes, changes, and refuses another id or several', async () => {
      const mrn = fresh();
      const where = `Patient?identifier=urn:mrn%7C${mrn}`;
      const made = await fhir('PUT', where, patientOf(mrn));
      assert.equal(made.status, 201, made.text);
      const { id } = made.json<{ id: string }>();
      const changed = await fhir('PUT', where, patientOf(mrn, { gender: 'female' }));
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual([changed.json<{ id: string }>().id, changed.headers.get('etag')], [id, 'W/"2"']);
      assert.equal((await fhir('PUT', where, patientOf(mrn, { id: 'another' }))).status, 400);
      assert.equal((await fhir('PUT', where, patientOf(mrn, { id }), { 'if-match': 'W/"1"' })).status, 412);
      await make(patientOf(mrn));
      assert.equal((await fhir('PUT', where, patientOf(mrn))).status, 412);
    });

    test('PATCH and DELETE by search act on the one that is found', async () => {
      const patientId = await make(patientOf(fresh()));
      const mark = fresh();
      const condition = { ...conditionOf(patientId), identifier: [{ system: 'urn:c', value: mark }] };
      const where = `Condition?identifier=urn:c%7C${mark}`;
      const patch = [{ op: 'replace', path: '/code/text', value: 'Eczema' }];
      const type = { 'content-type': 'application/json-patch+json' };
      assert.equal((await fhir('PATCH', where, patch, type)).status, 404);
      assert.equal((await fhir('DELETE', where)).status, 204, 'nothing to delete is no error');
      const id = await make(condition);
      const patched = await fhir('PATCH', where, patch, type);
      assert.equal(patched.json<{ code: { text: string } }>().code.text, 'Eczema', patched.text);
      const second = await make(condition);
      assert.equal((await fhir('PATCH', where, patch, type)).status, 412);
      assert.equal((await fhir('DELETE', where)).status, 412);
      assert.equal((await fhir('DELETE', `Condition/${second}`)).status, 204);
      assert.equal((await fhir('DELETE', where)).status, 204);
      assert.equal((await fhir('GET', `Condition/${id}`)).status, 410);
    });

    test('a condition finds nothing of another person, and leaves no trace of having looked there', async () => {
      const mark = fresh();
      const other = await signUp(server.url);
      await other.create({ ...conditionOf(other.patientId), identifier: [{ system: 'urn:c', value: mark }] });
      const earlier = await server.pool.query('select count(*)::int as n from entry where patient_id = $1', [
        other.patientId,
      ]);
      const texts = await Promise.all(
        [mark, fresh()].map(async (value) => {
          const answer = await asha.call('DELETE', `/fhir/R4/Condition?identifier=urn:c%7C${value}`);
          return [answer.status, answer.text];
        }),
      );
      assert.deepEqual(texts[0], texts[1]);
      const made = await asha.call('POST', '/fhir/R4/Condition', {
        body: conditionOf(asha.patientId),
        headers: { 'if-none-exist': `identifier=urn:c|${mark}` },
      });
      assert.equal(made.status, 201, made.text);
      const later = await server.pool.query('select count(*)::int as n from entry where patient_id = $1', [
        other.patientId,
      ]);
      assert.deepEqual(later.rows, earlier.rows);
    });

    test('searching needs its own letter of the scope', async () => {
      const writer = await program(server, 'system/Patient.cu');
      const mrn = fresh();
      const answer = await writer.call('POST', '/fhir/R4/Patient', {
        body: patientOf(mrn),
        headers: { 'if-none-exist': `identifier=urn:mrn|${mrn}` },
      });
      assert.equal(answer.status, 403, answer.text);
    });

    test('conditions that are none are refused by name', async () => {
      for (const [method, path] of [
        ['DELETE', 'Condition'],
        ['DELETE', 'Condition?'],
        ['DELETE', 'Condition?_count=1'],
        ['DELETE', 'Condition?nonsense=1'],
        ['DELETE', 'Condition?_sort=code'],
        ['PUT', 'Condition?_include=Condition:subject'],
      ] as const) {
        const answer = await fhir(method, path, method === 'PUT' ? conditionOf('x') : undefined);
        assert.equal(answer.status, 400, `${method} ${path} ${answer.text}`);
      }
    });
  });

  describe('ids that a program chooses', () => {
    test('PUT makes what is not there; If-None-Match: * makes and never changes', async () => {
      const id = `own-${fresh()}`;
      const made = await fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
      assert.equal(made.status, 201, made.text);
      assert.match(made.text, /urn:medallion:uhid/);
      assert.equal(
        (await fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id, active: true })).status,
        200,
      );
      const only = { 'if-none-match': '*' };
      assert.equal((await fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id }, only)).status, 412);
      const other = `own-${fresh()}`;
      assert.equal(
        (await fhir('PUT', `Patient/${other}`, { resourceType: 'Patient', id: other }, only)).status,
        201,
      );
      assert.equal(
        (await fhir('PUT', 'Patient/..', { resourceType: 'Patient', id: '..' })).status >= 400,
        true,
      );
      assert.equal(
        (
          await fhir(
            'PUT',
            'Patient/absent',
            { resourceType: 'Patient', id: 'absent' },
            { 'if-match': 'W/"1"' },
          )
        ).status,
        412,
      );
    });

    test('two that come together make one person, with one UHID', async () => {
      const id = `own-${fresh()}`;
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id })),
      );
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.ok(answers.every(({ status }) => status === 201 || status === 200 || status === 409));
      const { rows } = await server.pool.query(
        'select count(*)::int as n from person where patient_id = $1',
        [id],
      );
      assert.deepEqual(rows, [{ n: 1 }]);
    });

    test('what was deleted is gone for reads and comes back by PUT', async () => {
      const patientId = await make(patientOf(fresh()));
      const id = await make(conditionOf(patientId));
      assert.equal((await fhir('DELETE', `Condition/${id}`)).status, 204);
      assert.equal((await fhir('DELETE', `Condition/${id}`)).status, 204);
      assert.equal((await fhir('GET', `Condition/${id}`)).status, 410);
      assert.equal(
        (await fhir('PATCH', `Condition/${id}`, [], { 'content-type': 'application/json-patch+json' }))
          .status,
        410,
      );
      const back = await fhir('PUT', `Condition/${id}`, { ...conditionOf(patientId), id });
      assert.deepEqual([back.status, back.headers.get('etag')], [200, 'W/"3"']);
    });
  });

  describe('patches', () => {
    test('both kinds change what they name and nothing else, decimals included', async () => {
      const patientId = await make(patientOf(fresh()));
      const made = await it.call('POST', '/fhir/R4/Observation', { body: weightText(patientId, '71.10') });
      const { id } = made.json<{ id: string }>();
      const json = await fhir(
        'PATCH',
        `Observation/${id}`,
        [
          { op: 'test', path: '/status', value: 'final' },
          { op: 'replace', path: '/status', value: 'amended' },
          { op: 'add', path: '/note', value: [{ text: 'again' }] },
        ],
        { 'content-type': 'application/json-patch+json', 'if-match': 'W/"1"' },
      );
      assert.equal(json.status, 200, json.text);
      assert.match(json.text, /"value":71\.10/);
      const path = await fhir('PATCH', `Observation/${id}`, {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'operation',
            part: [
              { name: 'type', valueCode: 'replace' },
              { name: 'path', valueString: 'Observation.note[0].text' },
              { name: 'value', valueString: 'once more' },
            ],
          },
        ],
      });
      assert.equal(path.status, 200, path.text);
      assert.match(path.text, /once more/);
      assert.equal(path.headers.get('etag'), 'W/"3"');
    });

    test('a patch that does not fit, or leaves something invalid, changes nothing and says where', async () => {
      const patientId = await make(patientOf(fresh()));
      const id = await make(weightOf(patientId));
      const type = { 'content-type': 'application/json-patch+json' };
      const table: [unknown, number, string][] = [
        [[{ op: 'test', path: '/status', value: 'amended' }], 422, 'business-rule'],
        [[{ op: 'remove', path: '/status' }], 422, 'required'],
        [[{ op: 'replace', path: '/status', value: 'nope' }], 422, 'code-invalid'],
        [[{ op: 'replace', path: '/id', value: 'other' }], 422, 'business-rule'],
        [[{ op: 'replace', path: '', value: { resourceType: 'Patient', id } }], 422, 'business-rule'],
        [[{ op: 'add', path: '/nothing', value: 1 }], 422, 'structure'],
        [
          [{ op: 'replace', path: '/subject/reference', value: `Patient/${asha.patientId}` }],
          422,
          'business-rule',
        ],
        [[{ op: 'fly', path: '/status' }], 400, 'structure'],
        [{ op: 'add' }, 400, 'structure'],
      ];
      for (const [patch, status, code] of table) {
        const answer = await fhir('PATCH', `Observation/${id}`, patch, type);
        assert.equal(answer.status, status, `${JSON.stringify(patch)} ${answer.text}`);
        assert.equal(answer.json<OutcomeBody>().issue[0]?.code, code, answer.text);
      }
      assert.equal((await fhir('GET', `Observation/${id}`)).headers.get('etag'), 'W/"1"');
      assert.equal(
        (await fhir('PATCH', `Observation/${id}`, [], { ...type, 'if-match': 'W/"9"' })).status,
        412,
      );
      assert.equal((await fhir('PATCH', 'Observation/none', [], type)).status, 404);
    });
  });
});
