// Shared checks of the web: what every answer carries, and what no way of writing a request gets past. Named by their ids.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const mark = 'canary-web-90ab12cd34ef56';

describe('the web', () => {
  let server: TestServer;
  let asha: Person;
  let condition: string;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: mark });
    condition = (await asha.create(conditionOf(asha.patientId, mark))).id;
  });
  after(() => server.stop());

  const signedIn = () => ({ cookie: asha.cookie() ?? '' });
  const inject = async (
    method: string,
    url: string,
    headers: Record<string, string> = {},
    payload?: string,
  ) =>
    server.app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
  const fill = (address: string): string =>
    address
      .replace('/Patient/:id', `/Patient/${asha.patientId}`)
      .replace(':type/:id', `Condition/${condition}`)
      .replace(':type', 'Condition')
      .replace(/:[a-z]+/gi, '1')
      .replace('*', 'x');
  /** Those that neither open a socket nor end what the test holds. */
  const routes = () =>
    server.routes
      .map((one) => one.split(' ') as [string, string])
      .filter(([, url]) => url !== '/ws' && !url.startsWith('/assets/'));

  test('WEB-01: every answer of every route, of errors and of what is not there carries the headers', async () => {
    const asked = [
      ...routes(),
      ['GET', '/nowhere'],
      ['POST', '/api/nowhere'],
      ['GET', '/fhir/R4/Nothing'],
    ] as const;
    for (const [method, url] of asked)
      for (const headers of [{}, signedIn()] as Record<string, string>[]) {
        if (headers['cookie'] !== undefined && ends(method, url)) continue;
        const answer = await inject(
          method,
          fill(url),
          { ...headers, 'content-type': 'application/json' },
          '{',
        );
        const what = `${method} ${url} ${answer.statusCode}`;
        const policy = String(answer.headers['content-security-policy']);
        assert.match(policy, /default-src 'none'/, what);
        if (!policy.includes('sandbox')) {
          for (const directive of ["base-uri 'none'", "frame-ancestors 'none'"])
            assert.ok(policy.includes(directive), `${what}: ${policy}`);
          assert.ok(!/unsafe-|\*/.test(policy), `${what}: ${policy}`);
        }
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', what);
        assert.equal(answer.headers['referrer-policy'], 'no-referrer', what);
        assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin', what);
        const forAll = isForAll(url) && answer.headers['access-control-allow-origin'] === '*';
        assert.equal(
          answer.headers['cross-origin-resource-policy'],
          forAll ? 'cross-origin' : 'same-origin',
          what,
        );
        for (const name of ['server', 'x-powered-by', 'via'])
          assert.equal(answer.headers[name], undefined, what);
      }
  });

  test('WEB-01: behind https every answer says so for two years, for all names below too', async () => {
    const secure = await startServer({ environment: { PUBLIC_URL: 'https://health.example.org' } });
    try {
      for (const url of ['/', '/healthz', '/nowhere', '/fhir/R4/Condition', '/api/me']) {
        const answer = await secure.app.inject({ method: 'GET', url });
        assert.equal(answer.headers['strict-transport-security'], 'max-age=63072000; includeSubDomains', url);
      }
    } finally {
      await secure.stop();
    }
  });

  test('WEB-08: nothing under /api, /fhir and /e may be kept by anybody on the way', async () => {
    for (const [method, url] of routes().filter(([, one]) => /^\/(api|fhir|e)\//.test(one))) {
      if (isForAll(url)) continue;
      if (ends(method, url)) continue;
      const answer = await inject(
        method,
        fill(url),
        { ...signedIn(), 'content-type': 'application/json' },
        '{',
      );
      assert.match(String(answer.headers['cache-control']), /no-store/, `${method} ${url}`);
    }
    const other = await signUp(server.url);
    const first = await asha.get('/api/me');
    const second = await other.get('/api/me');
    assert.ok(first.text.includes(mark) && !second.text.includes(mark), 'one address, two people');
  });

  test('WEB-05: no form of another site changes anything, and no GET does', async () => {
    const events = async (): Promise<number> => {
      const { rows } = await server.pool.query<{ count: number }>(
        `select count(*)::int as count from resource_history union all select count(*)::int from resource`,
      );
      return rows.reduce((sum, { count }) => sum + count, 0);
    };
    const before_ = await events();
    const kinds = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'];
    for (const [origin, contentType] of [
      ['https://evil.example', 'application/x-www-form-urlencoded'],
      ['null', 'text/plain'],
      [`${server.url}.evil.example`, 'application/json'],
    ] as const)
      for (const [method, url] of routes().filter(([one]) => !['GET', 'HEAD', 'OPTIONS'].includes(one))) {
        const headers = {
          ...signedIn(),
          origin,
          'content-type': contentType,
          'sec-fetch-site': 'cross-site',
        };
        const answer = await inject(method, fill(url), headers, JSON.stringify(conditionOf(asha.patientId)));
        assert.ok(
          [403, 415].includes(answer.statusCode),
          `${method} ${url}: ${answer.statusCode} ${answer.body}`,
        );
      }
    // A form cannot send JSON: what it can send is not taken for JSON from one's own pages either.
    for (const contentType of kinds) {
      const headers = { ...signedIn(), 'content-type': contentType };
      const body = JSON.stringify(conditionOf(asha.patientId));
      for (const url of ['/fhir/R4/Condition', '/fhir/R4', '/api/access-requests', '/api/grants'])
        assert.ok(
          [400, 415].includes((await inject('POST', url, headers, body)).statusCode),
          `${contentType} ${url}`,
        );
    }
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await inject('GET', `/fhir/R4/Condition/${condition}`, {
        ...signedIn(),
        [header]: 'DELETE',
      });
      assert.equal(answer.statusCode, 200);
    }
    for (const [, url] of routes().filter(([method]) => method === 'GET')) {
      if (/\$export|\/api\/emergency-card|\/api\/export/.test(url)) continue;
      await inject('GET', fill(url), signedIn());
    }
    assert.equal(await events(), before_, 'no version came of it');
    assert.equal((await asha.get(`/fhir/R4/Condition/${condition}`)).status, 200);
  });

  test('WEB-06: no other origin is let in, and none is repeated', async () => {
    const { host } = new URL(server.url);
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${host}.evil.example`,
      `http://app.${host}`,
      'http://localhost:1',
      'file://',
    ])
      for (const url of [
        '/fhir/R4/Condition',
        '/fhir/R4/metadata',
        '/api/me',
        '/oauth/token',
        '/log/checkpoint',
      ]) {
        const asked = { ...signedIn(), origin, 'access-control-request-method': 'GET' };
        for (const method of ['GET', 'OPTIONS']) {
          const answer = await inject(method, url, asked);
          const what = `${method} ${url} for ${origin}`;
          assert.equal(answer.headers['access-control-allow-credentials'], undefined, what);
          const allowed = answer.headers['access-control-allow-origin'];
          assert.ok(allowed === undefined || (allowed === '*' && isForAll(url)), what);
        }
      }
  });

  test('WEB-07: no parameter sends anybody to another place', async () => {
    const places = [
      '//evil.example',
      String.raw`/\evil.example`,
      'https:evil.example',
      'https://evil.example',
      '%2f%2fevil.example',
    ];
    for (const name of ['next', 'returnTo', 'redirect', 'url', 'post_logout_redirect_uri', 'launch', 'iss'])
      for (const place of places)
        for (const url of [
          '/',
          '/sign-in',
          '/api/me',
          '/fhir/R4/metadata',
          '/fhir/R4/.well-known/smart-configuration',
        ]) {
          const answer = await inject('GET', `${url}?${name}=${place}`, signedIn());
          assert.ok(answer.statusCode < 300 || answer.statusCode >= 400, `${url}?${name}=${place}`);
          assert.equal(answer.headers.location, undefined, `${url}?${name}=${place}`);
          assert.equal(answer.headers['x-frame-options'], 'DENY', url);
        }
  });

  test('WEB-09: a body is judged or refused however its type is written', async () => {
    const bad = JSON.stringify({ resourceType: 'Condition' });
    for (const contentType of [
      'application/json\ta',
      ' application/json',
      'APPLICATION/JSON',
      'application/json;a=b',
      'application/json; charset=utf-8; charset=utf-16',
      'application/fhir+json ; charset=utf-8',
      'application/fhir+json;fhirVersion=4.0',
      'application/jsonx',
      'application/json,text/plain',
      'text/json',
      '',
    ]) {
      const answer = await inject(
        'POST',
        '/fhir/R4/Condition',
        { ...signedIn(), 'content-type': contentType },
        bad,
      );
      assert.ok([400, 415, 422].includes(answer.statusCode), `"${contentType}": ${answer.statusCode}`);
      const alias = await inject(
        'PUT',
        '/api/me/alias',
        { ...signedIn(), 'content-type': contentType },
        JSON.stringify({ alias: { not: 'text' } }),
      );
      assert.ok([400, 415].includes(alias.statusCode), `"${contentType}": ${alias.statusCode} ${alias.body}`);
    }
    const without = await inject('POST', '/fhir/R4/Condition', signedIn(), bad);
    assert.ok([400, 415, 422].includes(without.statusCode));
  });

  test('WEB-10: no way of writing an address gets past the question who asks', async () => {
    const stranger = newClient(server.url);
    const hidden = [`/fhir/R4/Condition/${condition}`, '/api/me', `/fhir/R4/Patient/${asha.patientId}`];
    const ways = (path: string): string[] => [
      path.replace('/fhir/', '//fhir/'),
      path.replace('/fhir/', '/./fhir/'),
      path.replace('/fhir/', '/log/../fhir/'),
      path.replace('/fhir/', '/log/%2e%2e/fhir/'),
      path.replace('/fhir/', '/log/..;/fhir/'),
      path.replace('/R4/', '%2FR4/'),
      path.replace('/R4/', String.raw`\R4\ `.trim()),
      path.replace('fhir', 'FHIR').replace('api', 'API'),
      path.replace('fhir', '%66hir').replace('api', '%61pi'),
      `${path}/`,
      `${path}.`,
      `${path}%20`,
      `${path};x=1`,
      `${path}%00`,
      `/assets/../..${path}`,
      `/verify.html/..${path}`,
      `/e/x/../..${path}`,
    ];
    for (const path of hidden)
      for (const way of [path, ...ways(path)]) {
        // As it stands, on the wire: a client library would make it plain first.
        const text = await rawRequest(server.url, way);
        assert.ok(!text.includes(mark), way);
        assert.ok(!text.startsWith('HTTP/1.1 5'), `${way}: ${text.slice(0, 60)}`);
        const absolute = await rawRequest(server.url, `${server.url}${way}`);
        assert.ok(!absolute.includes(mark), `absolute ${way}`);
      }
    assert.equal((await stranger.get(hidden[0] ?? '')).status, 401);
  });

  test('WEB-11: what a stranger writes about where they come from is not believed', async () => {
    const direct = await startServer({ environment: { TRUST_PROXY: '' } });
    try {
      const spoofed = {
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
        forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
        'x-real-ip': '203.0.113.7',
        'x-user-id': asha.accountId,
        host: 'evil.example',
      };
      const metadata = await direct.app.inject({ method: 'GET', url: '/fhir/R4/metadata', headers: spoofed });
      assert.ok(metadata.body.includes(direct.url) && !metadata.body.includes('evil.example'));
      const smart = await direct.app.inject({
        method: 'GET',
        url: '/fhir/R4/.well-known/smart-configuration',
        headers: spoofed,
      });
      assert.ok(!smart.body.includes('evil.example'));
      assert.equal(
        (await direct.app.inject({ method: 'GET', url: '/api/me', headers: spoofed })).statusCode,
        401,
      );
      // Ten failures of one address, whatever it says it is.
      const statuses: number[] = [];
      for (let i = 0; i < 12; i += 1) {
        const answer = await direct.app.inject({
          method: 'POST',
          url: '/api/sessions',
          headers: { ...spoofed, 'x-forwarded-for': `203.0.113.${i}` },
          payload: { login: 'nobody@example.org', password: 'copper lantern 73 rain' },
        });
        statuses.push(answer.statusCode);
      }
      assert.deepEqual(statuses.slice(-2), [429, 429]);
    } finally {
      await direct.stop();
    }
  });

  test('WEB-12: no name in a body, an address, a form or a patch reaches the prototype of anything', async () => {
    const poison = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}';
    const json = { ...signedIn(), 'content-type': 'application/json' };
    const fhir = { ...signedIn(), 'content-type': 'application/fhir+json' };
    const patch = { ...signedIn(), 'content-type': 'application/json-patch+json' };
    const own = `/fhir/R4/Condition/${condition}`;
    const asked = [
      await inject('POST', '/fhir/R4/Condition', fhir, `${poison},"resourceType":"Condition"}`),
      await inject('PUT', '/api/me/alias', json, `${poison},"alias":"polluted.one"}`),
      await inject('POST', '/api/access-requests', json, `${poison},"patient":"x"}`),
      await inject('PATCH', own, patch, '[{"op":"add","path":"/__proto__/polluted","value":"yes"}]'),
      await inject(
        'PATCH',
        own,
        patch,
        '[{"op":"add","path":"/constructor/prototype/polluted","value":"yes"}]',
      ),
      await inject('GET', '/fhir/R4/Condition?__proto__[polluted]=yes', signedIn()),
      await inject('GET', '/fhir/R4/Condition?constructor.prototype.polluted=yes', signedIn()),
      await inject('GET', '/api/entries?__proto__[polluted]=yes&limit=1&limit=2', signedIn()),
    ];
    for (const answer of asked) assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, answer.body);
    assert.equal(({} as { polluted?: string }).polluted, undefined);
    assert.equal((await inject('GET', '/healthz')).statusCode, 200);
  });

  test('WEB-13: an error names its request and nothing of the machine, and no file of the project is served', async () => {
    const asked = [
      await inject('GET', '/fhir/R4/Condition/nowhere', signedIn()),
      await inject('GET', '/fhir/R4/Condition?nonsense=1', signedIn()),
      await inject(
        'POST',
        '/fhir/R4/Condition',
        { ...signedIn(), 'content-type': 'application/fhir+json' },
        '{',
      ),
      await inject(
        'POST',
        '/api/access-requests',
        { ...signedIn(), 'content-type': 'application/json' },
        'x'.repeat(2_000_000),
      ),
      await inject('GET', '/api/entries?limit=abc', signedIn()),
      await inject('GET', '/fhir/R4/Condition/%E0%A4%A'),
    ];
    for (const answer of asked) {
      assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${answer.statusCode}`);
      assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{16}$/);
      assert.ok(!/node_modules|\.ts:\d|\bat .+\(|select |postgres|fastify/i.test(answer.body), answer.body);
    }
    for (const path of [
      '/.env',
      '/.git/config',
      '/package.json',
      '/server/main.ts',
      '/web/dist/index.html',
      '/../package.json',
    ]) {
      const text = await rawRequest(server.url, path);
      assert.ok(!/"dependencies"|\[core\]|import \{/.test(text), path);
    }
    const page = await inject('GET', '/');
    for (const script of page.body.matchAll(/src="([^"]+\.js)"/g)) {
      const source = await inject('GET', script[1] ?? '');
      assert.ok(!source.body.includes('sourceMappingURL'), script[1]);
      assert.ok(!(await inject('GET', `${script[1] ?? ''}.map`)).body.includes('"mappings"'), script[1]);
    }
  });

  test('WEB-16: a text that two readers could read differently has one meaning or is refused', async () => {
    const headers = { ...signedIn(), 'content-type': 'application/fhir+json' };
    const body = (more: string) =>
      `{"resourceType":"Condition","subject":{"reference":"Patient/${asha.patientId}"},"code":{"text":"x"}${more}}`;
    for (const text of [
      body(',"code":{"text":"y"}'),
      body(`,"subject":{"reference":"Patient/another"}`),
      body(String.raw`,"note":[{"text":"\ud800"}]`),
      body(',"onsetAge":{"value":1e400}'),
      body(',"note":[{"text":"a\u0000b"}]'),
      body(',/* a comment */"note":[{"text":"x"}]'),
      body(',"note":[{"text":"x"},]'),
      `\ufeff${body('')}x`,
      `${body('')}${body('')}`,
      body(',"recordedDate":"2026-01-01","recordedDate":"2027-01-01"'),
    ]) {
      const answer = await inject('POST', '/fhir/R4/Condition', headers, text);
      assert.ok([400, 422].includes(answer.statusCode), `${text}: ${answer.statusCode} ${answer.body}`);
    }
  });
});

/** What would end what the other tests need. */
const ends = (method: string, url: string): boolean =>
  method === 'DELETE' || /sessions|password|erasures|emergency-card/.test(url);

/** What the server can do, and the log: no secret of anybody's, and of use to programs everywhere. */
const isForAll = (url: string): boolean => /\/metadata$|\/\.well-known\/|^\/log\//.test(url);

/** What the server says to a request line written by hand. */
function rawRequest(url: string, target: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    socket.once('close', () => resolve(text));
    socket.once('error', reject);
  });
}
