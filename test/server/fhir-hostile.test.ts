// Bodies and addresses that nobody sends by accident: each gets a clear refusal, nothing of them is stored, the server stays as it was.
import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { conditionOf, transactionOf, weightText } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const mebibyte = 1024 * 1024;

describe('hostile input', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  async function stored(): Promise<unknown> {
    const { rows } = await server.pool.query(
      `select (select count(*)::int from resource) as resources, (select count(*)::int from resource_history) as versions,
              (select sum(cardinality(search_keys))::int from resource) as searches, (select count(*)::int from stored_file) as files,
              (select count(*)::int from entry where kind = 1) as writes`,
    );
    return rows[0];
  }

  /** The person's condition with something in place of its code's text. */
  const withText = (json: string) =>
    JSON.stringify(conditionOf(asha.patientId, 'PLACE')).replace('"PLACE"', json);
  const withMember = (member: string) =>
    JSON.stringify(conditionOf(asha.patientId)).replace(/^\{/, `{${member},`);

  interface Hostile {
    body: string | Buffer;
    headers?: Record<string, string>;
    /** Default: any of 400, 413, 415, 422. */
    status?: number;
    /** The place that the answer must name. */
    expression?: string;
  }

  const table = (): Record<string, Hostile> => ({
    'nothing at all': { body: '', status: 400 },
    'white space': { body: ' \n\t ', status: 400 },
    'no JSON': { body: 'resourceType=Condition', status: 400 },
    'half a JSON': { body: withText('"x"').slice(0, -2), status: 400 },
    'two JSON texts': { body: withText('"x"') + withText('"x"'), status: 400 },
    'a comment': { body: withText('"x" /* really */'), status: 400 },
    'a trailing comma': { body: withText('"x",'), status: 400 },
    'single quotes': { body: withText("'x'"), status: 400 },
    NaN: { body: withText('NaN'), status: 400 },
    'a byte order mark': { body: `\ufeff${withText('"x"')}`, status: 400 },
    'a duplicate key': { body: withMember('"code":{"text":"one"}'), status: 400 },
    'a duplicate key by an escape': { body: withMember('"c\\u006fde":{"text":"one"}'), status: 400 },
    'a NUL': { body: withText('"a\\u0000b"'), status: 400 },
    'a raw NUL': { body: withText('"a\u0000b"'), status: 400 },
    'an escape sequence of a terminal': { body: withText('"\\u001b[2J"'), status: 400 },
    'a lone surrogate': { body: withText('"\\ud800"'), status: 400 },
    'a lone low surrogate': { body: withText('"x\\udc00y"'), status: 400 },
    'bytes that are no UTF-8': {
      body: Buffer.concat([
        Buffer.from('{"resourceType":"Condition","x":"'),
        Buffer.from([0xc3, 0x28, 0x22, 0x7d]),
      ]),
      status: 400,
    },
    'UTF-16': { body: Buffer.from(withText('"x"'), 'utf16le'), status: 400 },
    'the key __proto__': { body: withMember('"__proto__":{"polluted":true}'), status: 400 },
    'the key constructor': { body: withMember('"constructor":{"prototype":{"polluted":true}}'), status: 400 },
    'a number too large to calculate with': {
      body: weightText(asha.patientId, '1e400'),
      status: 400,
    },
    'a number of a million digits': { body: weightText(asha.patientId, '1'.repeat(1_000_000)), status: 400 },
    'a number with a leading zero': { body: weightText(asha.patientId, '071'), status: 400 },
    'a hundred thousand arrays in each other': { body: '['.repeat(100_000), status: 400 },
    'a hundred thousand extensions in each other': {
      body: withMember(`"extension":${'[{"extension":'.repeat(100_000)}`),
      status: 400,
    },
    'a thousand extensions in each other': {
      body: withMember(
        `"extension":${'[{"url":"urn:x","extension":'.repeat(1000)}[{"url":"urn:x","valueString":"x"}]${'}]'.repeat(1000)}`,
      ),
      status: 400,
    },
    'a million keys': {
      body: `{"resourceType":"Condition",${Array.from({ length: 300_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
      status: 422,
    },
    'a field of 10 MB': { body: withText(`"${'x'.repeat(10 * mebibyte)}"`), status: 413 },
    'a field of 2 MB': {
      body: withText(`"${'x'.repeat(2 * mebibyte)}"`),
      status: 422,
      expression: 'Condition.code.text',
    },
    'null in place of a resource': { body: 'null', status: 400 },
    'a list in place of a resource': { body: '[]', status: 400 },
    'a number in place of a resource': { body: '1.10', status: 400 },
    'no resourceType': { body: '{"id":"x"}', status: 400 },
    'a resourceType that is no text': { body: '{"resourceType":["Condition"]}', status: 400 },
    'a resourceType that R4 does not have': { body: '{"resourceType":"Potion"}', status: 400 },
    'a text where an object belongs': {
      body: withMember('"onsetAge":"ten"'),
      status: 422,
      expression: 'Condition.onset',
    },
    'an object where a text belongs': {
      body: withText('{"x":1}'),
      status: 422,
      expression: 'Condition.code.text',
    },
    'a number where a text belongs': { body: withText('5'), status: 422, expression: 'Condition.code.text' },
    'a boolean where a text belongs': {
      body: withText('true'),
      status: 422,
      expression: 'Condition.code.text',
    },
    'null where a text belongs': { body: withText('null'), status: 422, expression: 'Condition.code.text' },
    'an empty text': { body: withText('""'), status: 422, expression: 'Condition.code.text' },
    'an object where a list belongs': {
      body: withMember('"note":{"text":"x"}'),
      status: 422,
      expression: 'Condition.note',
    },
    'a list where an object belongs': {
      body: withMember('"severity":[{"text":"x"}]'),
      status: 422,
      expression: 'Condition.severity',
    },
    'an empty list': { body: withMember('"note":[]'), status: 422, expression: 'Condition.note' },
    'an element that R4 does not have': {
      body: withMember('"colour":"red"'),
      status: 422,
      expression: 'Condition',
    },
    'two values of one choice': {
      body: withMember('"onsetString":"x","onsetDateTime":"2020"'),
      status: 422,
      expression: 'Condition.onset',
    },
    'a code outside its list': {
      body: weightText(asha.patientId, '71').replace('"final"', '"finished"'),
      status: 422,
      expression: 'Observation.status',
    },
    'a decimal in quotes': {
      body: weightText(asha.patientId, '"71"'),
      status: 422,
      expression: 'Observation.value.value',
    },
    ...Object.fromEntries(
      [
        '2026-02-30',
        '2025-02-29',
        '2026-13-01',
        '2026-00-10',
        '2026-1-1',
        '0000-01-01',
        '26-01-01',
        '2026-01-01T25:00:00Z',
        '2026-01-01T10:00:00',
        'yesterday',
        '1/1/2026',
      ].map((date): [string, Hostile] => [
        `the date ${date}`,
        { body: withMember(`"recordedDate":"${date}"`), status: 422, expression: 'Condition.recordedDate' },
      ]),
    ),
    'a script in the narrative': {
      body: withMember(
        '"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><script>1</script></div>"}',
      ),
      status: 422,
    },
    'a reference that is no reference': {
      body: withMember('"encounter":{"reference":"../../etc/passwd"}'),
      status: 422,
      expression: 'Condition.encounter.reference',
    },
    'a resource inside itself': {
      body: withMember('"contained":[{"resourceType":"Condition","id":"a","contained":[]}]'),
      status: 422,
    },
    'plain text': { body: withText('"x"'), headers: { 'content-type': 'text/plain' }, status: 415 },
    XML: { body: '<Condition/>', headers: { 'content-type': 'application/fhir+xml' }, status: 415 },
    'a form': {
      body: 'resourceType=Condition',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
    },
    'no content type': { body: withText('"x"'), headers: { 'content-type': '' } },
    'a content type that only begins well': {
      body: withText('5'),
      headers: { 'content-type': 'application/json\ta' },
    },
    'two content types': { body: withText('5'), headers: { 'content-type': 'application/json, text/plain' } },
    'a content type in capitals, with an invalid body': {
      body: withText('5'),
      headers: { 'content-type': 'APPLICATION/FHIR+JSON; charset=utf-8' },
      status: 422,
    },
  });

  test('WEB-16: every hostile body is refused with an outcome, and nothing of it is stored', async () => {
    const earlier = await stored();
    for (const [what, { body, headers, status, expression }] of Object.entries(table())) {
      const type = /^\s*\{"resourceType":"Observation"/.test(String(body).slice(0, 60))
        ? 'Observation'
        : 'Condition';
      const answer = await asha.call('POST', `/fhir/R4/${type}`, { body, ...(headers ? { headers } : {}) });
      const outcome = answer.json<OutcomeBody>();
      assert.equal(outcome.resourceType, 'OperationOutcome', what);
      assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
      if (status !== undefined) assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 500)}`);
      assert.ok(outcome.issue.length <= 100, `${what}: at most a hundred issues`);
      assert.ok(outcome.issue[0]?.diagnostics, what);
      assert.ok(answer.text.length < 100_000, `${what}: the answer stays small`);
      if (expression !== undefined)
        assert.deepEqual(outcome.issue[0]?.expression, [expression], `${what}: ${answer.text.slice(0, 500)}`);
    }
    assert.deepEqual(await stored(), earlier);
  });

  test('the same bodies are refused as updates and inside a transaction', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const earlier = await stored();
    for (const [what, { body, headers }] of Object.entries(table())) {
      const put = await asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
        body,
        ...(headers ? { headers } : {}),
      });
      assert.ok(put.status >= 400 && put.status < 500, `${what}: ${put.status}`);
      if (headers || Buffer.isBuffer(body) || body.length > mebibyte) continue;
      const wrapped = `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":${body === '' ? '""' : body},"request":{"method":"POST","url":"Condition"}}]}`;
      const posted = await asha.call('POST', '/fhir/R4', { body: wrapped });
      assert.ok(posted.status >= 400 && posted.status < 500, `${what} in a transaction: ${posted.status}`);
      assert.equal(posted.json<OutcomeBody>().resourceType, 'OperationOutcome');
    }
    assert.deepEqual(await stored(), earlier);
    assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}`)).text, made.text);
  });

  test('WEB-13: refusals quote nothing of what was sent', async () => {
    const secret = 'secretdiagnosis7731';
    for (const body of [
      withText(`"${secret}`),
      withText(`"${secret}\\u0000"`),
      withMember(`"${secret}":1`),
      withMember(`"recordedDate":"${secret}"`),
      withMember(`"encounter":{"reference":"Encounter/${secret}"}`),
      withMember(
        `"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"${secret}"}]}`,
      ),
      JSON.stringify(
        transactionOf({ fullUrl: secret, resource: {}, request: { method: secret, url: secret } }),
      ),
    ]) {
      for (const path of ['/fhir/R4/Condition', '/fhir/R4']) {
        const answer = await asha.call('POST', path, { body });
        assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
        assert.ok(!answer.text.includes(secret), answer.text);
      }
    }
  });

  test('hostile addresses are answered like any absent thing', async () => {
    for (const path of [
      'Condition/%00',
      'Condition/a%2Fb',
      'Condition/..%2f..%2fetc',
      'Condition/a%0d%0aSet-Cookie:x',
      `Condition/${'a'.repeat(65)}`,
      `Condition/${'a'.repeat(5000)}`,
      'Condition/x;y',
      "Condition/'or'1'='1",
      'Condition/%F0%9F%92%8A',
      'condition/x',
      'Condition/x/_history/%00',
      'Condition/x/y',
      'Condition//',
      '/Condition',
      'Condition%00/x',
      '%E0%A4%A/x',
    ]) {
      const answer = await asha.get(`/fhir/R4/${path}`);
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} answers ${answer.status}`);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome', path);
    }
  });

  test('a body that is shorter or longer than announced ends without harm', async () => {
    const port = Number(new URL(server.url).port);
    const send = (length: number, body: string) =>
      new Promise<number>((resolve) => {
        const raw = rawRequest(
          {
            port,
            host: '127.0.0.1',
            method: 'POST',
            path: '/fhir/R4/Condition',
            headers: {
              cookie: asha.cookie() ?? '',
              'content-type': 'application/json',
              'content-length': length,
            },
          },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode ?? 0));
          },
        );
        raw.on('error', () => resolve(0));
        raw.write(body);
        if (body.length < length) raw.destroy();
        else raw.end();
      });
    const earlier = await stored();
    assert.equal(await send(1000, withText('"x"')), 0);
    const body = withText('"x"');
    assert.equal(await send(body.length - 2, body.slice(0, -2)), 400);
    assert.deepEqual(await stored(), earlier);
  });

  test('WEB-12: after all that nobody’s prototype is changed and the server works as before', async () => {
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    const health = await asha.get('/healthz');
    assert.deepEqual([health.status, health.json()], [200, { status: 'up' }]);
    assert.equal((await asha.get('/readyz')).status, 200);
    const made = await asha.create(conditionOf(asha.patientId));
    assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}`)).text, made.text);
  });

  test('hostile values in every parameter of a person’s own routes are 4xx', async () => {
    for (const path of [
      '/api/entries/%00',
      '/api/entries/x',
      '/api/entries?before=%00',
      '/api/chain?from=0',
      '/api/chain?from=-1',
      '/api/chain?from=1.5',
      '/api/chain?from=x',
      '/api/chain?from=9007199254740993',
      '/api/chain?limit=501',
      '/api/chain?size=-1',
      '/api/chain?size=999999',
      '/api/chain?size=x',
      '/api/chain?from=1&from=2',
      '/api/files/%00',
      '/api/files/..%2f..%2fetc%2fpasswd',
      '/log/leaf/-1',
      '/log/leaf/x',
      '/log/leaf/99999999999999999999',
      '/log/leaf/999999',
      '/log/tile/0/000.p/256',
      '/log/tile/0/000.p/0',
      '/log/tile/64/000',
      '/log/tile/0/001',
      '/log/tile/..%2f..%2fetc',
      '/log/tile/0/x1000/000',
      '/log/tile/entries/999',
      '/log/proof/inclusion',
      '/log/proof/inclusion?index=0&size=999999',
      '/log/proof/inclusion?index=999999',
      '/log/proof/inclusion?index=0&index=1',
      '/log/proof/inclusion?entry=x',
      '/log/proof/consistency',
      '/log/proof/consistency?from=5&to=2',
      '/log/proof/consistency?from=0&to=999999',
      '/log/proof/consistency?from=1e3',
    ]) {
      const answer = await asha.get(path);
      assert.ok(
        answer.status >= 400 && answer.status < 500,
        `${path} answers ${answer.status} ${answer.text}`,
      );
      assert.equal(answer.json<{ type: string }>().type, 'about:blank', path);
    }
  });
});
