// 20,000 requests that were sound until something about them was changed, over every route of the FHIR API: each gets a lawful answer
// or an OperationOutcome that says where, never a failure of the server's own, never silence. A smaller run goes through real sockets.
import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Person, signUp } from '../harness/client.ts';
import { mutated, type MutatedRequest, mutation, type PlainRequest } from '../harness/mutated-requests.ts';
import { program, type Program } from '../harness/program.ts';
import { conditionOf, type OutcomeBody, weightOf } from '../harness/resources.ts';
import { startServer, type TestServer } from '../harness/server.ts';
import { soundRequests } from '../harness/sound-requests.ts';

/** Another one to look further: MUTATION_SEED=7 npm test -- test/server/fhir-mutated.test.ts */
const seed = Number(process.env['MUTATION_SEED'] ?? 20_261_129);
const together = 40;
const runs = 500;
/** Far above what any answer takes, on a machine however busy. */
const silenceMs = 60_000;

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Problems of an element of the body: an answer about one says where it is. */
const aboutElements = new Set(['required', 'invariant', 'code-invalid', 'business-rule']);

/** What is wrong with an answer; undefined where nothing is. */
function fault({ method }: MutatedRequest, { status, headers, body }: Got): string | undefined {
  if (status >= 500) return 'failed by itself';
  const { 'content-type': type = '' } = headers as { 'content-type'?: string };
  if (status < 400) {
    if (status !== 304 && body !== '' && /fhir\+json/.test(type)) JSON.parse(body);
    return status < 300 || status === 304 ? undefined : 'leads elsewhere';
  }
  if (method === 'HEAD') return body === '' ? undefined : 'HEAD has a body';
  const outcome = JSON.parse(body) as OutcomeBody;
  if (outcome.resourceType !== 'OperationOutcome' || outcome.issue.length === 0) return 'no OperationOutcome';
  const silent = outcome.issue.some(
    ({ code, expression }) => status === 422 && aboutElements.has(code) && (expression?.length ?? 0) === 0,
  );
  return silent ? 'does not say where' : undefined;
}

describe('mutated requests', () => {
  let server: TestServer;
  let asha: Person;
  let partner: Program;
  let bases: PlainRequest[];
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    partner = await program(server);
    const { id: c } = await asha.create(conditionOf(asha.patientId));
    const { id: o } = await asha.create(weightOf(asha.patientId));
    bases = soundRequests({ p: asha.patientId, c, o });
  });
  after(() => server.stop());

  /** Mostly a program, which may do most; sometimes a person, sometimes nobody. */
  const withWho = (request: MutatedRequest, who: number): MutatedRequest => {
    const own: Record<string, string> =
      who < 6 ? { authorization: `Bearer ${partner.token}` } : who < 9 ? { cookie: asha.cookie() ?? '' } : {};
    return { ...request, headers: { ...own, ...request.headers } };
  };

  const inTime = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), silenceMs);
    });
    return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  };

  async function check(
    send: (request: MutatedRequest) => Promise<Got>,
    numRuns: number,
  ): Promise<{ sent: number; statuses: Map<number, number> }> {
    const statuses = new Map<number, number>();
    let sent = 0;
    const wrong = new Map<string, string>();
    await fc
      .assert(
        fc.asyncProperty(
          fc.array(mutation, { minLength: together, maxLength: together, size: 'max' }),
          async (several) => {
            const answers = await Promise.all(
              several.map(async (one) => {
                const request = withWho(mutated(bases, one), one.who);
                const got = await inTime(send(request)).catch((error: unknown) => String(error));
                const problem = typeof got === 'string' ? got : fault(request, got);
                sent += 1;
                if (typeof got !== 'string') statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1);
                if (problem === undefined) return undefined;
                const { payload, headers, ...line } = request;
                const { authorization: _token, cookie: _cookie, ...shown } = headers;
                const answered = typeof got === 'string' ? '' : `${got.status} ${got.body.slice(0, 300)}`;
                return `${problem}: ${JSON.stringify({ ...line, shown })} ${payload?.toString().slice(0, 600) ?? ''}\n  ${answered}`;
              }),
            );
            for (const one of answers) if (one !== undefined) wrong.set(one.slice(0, 160), one);
            assert.ok(wrong.size < 20);
          },
        ),
        { numRuns, endOnFailure: true, seed },
      )
      .catch(() => undefined);
    assert.deepEqual([...wrong.values()], []);
    return { sent, statuses };
  }

  test('every route is among the sound requests, and none of these fails', async () => {
    const covered = new Set<string>();
    for (const { method, path, query, headers, body } of bases) {
      const text = new URLSearchParams(
        query.map(([name, value]): [string, string] => [name, value]),
      ).toString();
      const request = withWho({ method, url: `/fhir/R4${path}${text === '' ? '' : `?${text}`}`, headers }, 0);
      const answer = await server.inject({
        ...request,
        method,
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      assert.ok(answer.statusCode < 500, `${method} ${path}: ${answer.body}`);
      const parts = path.split('/').slice(1);
      const route = server.routes.find((one) => {
        const [verb, address = ''] = one.split(' ');
        const wanted = address
          .replace(/^\/fhir\/R4/, '')
          .split('/')
          .slice(1);
        return (
          verb === method &&
          address.startsWith('/fhir/R4') &&
          wanted.length === parts.length &&
          wanted.every((part, i) => part === parts[i] || (part.startsWith(':') && !covered.has(one)))
        );
      });
      if (route !== undefined) covered.add(route);
    }
    assert.ok(covered.size > 60, `${covered.size} routes`);
  });

  test('20,000 of them get a lawful answer or an outcome that says where', async () => {
    const send = async ({ method, url, headers, payload }: MutatedRequest): Promise<Got> => {
      const answer = await server.inject({
        method,
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    };
    const { sent, statuses } = await check(send, runs);
    assert.ok(sent >= 20_000, `${sent}`);
    // The mixture is worth something: much is taken, and much is refused, each in several ways.
    for (const status of [200, 201, 400, 401, 404, 405, 406, 412, 415, 422])
      assert.ok((statuses.get(status) ?? 0) > 0, `${status}: ${JSON.stringify([...statuses])}`);
  });

  test('through real sockets too', async () => {
    const { port, hostname } = new URL(server.url);
    const send = ({ method, url, headers, payload }: MutatedRequest): Promise<Got> =>
      new Promise((resolve, reject) => {
        const call = rawRequest(
          {
            host: hostname,
            port,
            method,
            path: url,
            headers: { ...headers, ...(payload === undefined ? {} : { 'content-length': payload.length }) },
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('error', reject);
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                headers: answer.headers,
                body: Buffer.concat(chunks).toString('utf8'),
              }),
            );
          },
        );
        call.on('error', reject);
        call.end(payload);
      });
    const { sent } = await check(send, 25);
    assert.ok(sent >= 1000, `${sent}`);
  });

  test('a name with the character 0 is refused, whatever route it is sent to, and fails no request beside it', async () => {
    const { id } = await asha.create(conditionOf(asha.patientId));
    const paths = [
      '/%00/x',
      '/Condition/%00',
      '/Condition?code=%00',
      '/%00/_history',
      '/CodeSystem/$validate-code?url=%00&code=x',
      '/CodeSystem/$lookup?system=%00&code=x',
      '/ValueSet/$expand?url=%00',
      '/Observation/$validate?profile=%00',
      '/Patient/$summary?identifier=%00',
    ];
    for (let round = 0; round < 5; round += 1) {
      const [refused, ...read] = await Promise.all([
        Promise.all(paths.map((path) => asha.get(`/fhir/R4${path}`))),
        ...Array.from({ length: 10 }, () => asha.get(`/fhir/R4/Condition/${id}`)),
      ]);
      for (const [i, answer] of refused.entries())
        assert.equal(answer.status, 400, `${paths[i]} ${answer.text}`);
      for (const answer of read) assert.equal(answer.status, 200, answer.text);
    }
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    for (const body of ['code=%00', 'code=\0'])
      assert.equal((await asha.call('POST', '/fhir/R4/Condition/_search', { ...form, body })).status, 400);
  });
});
