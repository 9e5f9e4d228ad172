// All official R4 examples sent to the server over HTTP by a partner's program, and read back: what is sound is stored and returned
// equal, to the order of arrays and the digits of decimals; what is refused is listed with its reason.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { program, type Program } from '../harness/program.ts';
import { startServer, type TestServer } from '../harness/server.ts';
import { type ExampleFile, officialExamples, unsoundExamples } from '../official-examples.ts';

interface Plain {
  resourceType: string;
  id: string;
  meta?: Record<string, unknown> & { tag?: { system?: string }[] };
  identifier?: { system?: string }[];
  channel?: Record<string, unknown>;
}

const atOnce = 4;

/** Sound, but larger than the 8 MB that a single resource may have. */
const tooLarge = new Set(['Bundle-resources', 'Bundle-valueset-expansions', 'Bundle-valuesets']);

/** People whom the examples are about and whom the package does not hold. */
const absentPeople = [
  '1',
  '100',
  '123',
  '4',
  '5',
  '72',
  '727127',
  '899962',
  'PatientId-patientId',
  'b248b1b2-1686-4b94-9936-37d7a5f94b51',
  'brcapat',
  'infant',
];

/** Numbers as they are written: what JSON.parse makes of them could not tell 1.10 from 1.1. */
function withDigits(text: string): Plain {
  const unlike = (_key: string, value: unknown, { source = '' }: { source?: string }): unknown =>
    typeof value === 'number' && String(value) !== source ? { digits: source } : value;
  const written = /\d\.\d*0[\s,}\]]|\d[eE][-+\d]|\d{16}/.test(text);
  return JSON.parse(
    text,
    written ? (unlike as (key: string, value: unknown) => unknown) : undefined,
  ) as Plain;
}

/** Without what the server says itself: version, time, author, the number on a person's card. */
function asSent({ meta, id, ...rest }: Plain, idByServer: boolean): unknown {
  const { versionId: _version, lastUpdated: _time, tag = [], ...kept } = meta ?? {};
  const tags = tag.filter(({ system }) => system !== 'urn:medallion:author');
  const own = { ...kept, ...(tags.length > 0 ? { tag: tags } : {}) };
  const plain: Record<string, unknown> = { ...rest };
  if (rest.resourceType === 'Patient') {
    const identifier = (rest.identifier ?? []).filter(({ system }) => system !== 'urn:medallion:uhid');
    plain['identifier'] = identifier;
  }
  if (rest.resourceType === 'Subscription') {
    // The server says itself whether it is active, and gives back no secret of a header.
    const { header: _header, ...channel } = rest.channel ?? {};
    Object.assign(plain, { channel, status: '', error: '' });
  }
  return { ...plain, ...(idByServer ? {} : { id }), ...(Object.keys(own).length > 0 ? { meta: own } : {}) };
}

describe('the official examples over HTTP', () => {
  let server: TestServer;
  let partner: Program;
  before(async () => {
    server = await startServer();
    partner = await program(server);
  });
  after(() => server.stop());

  test('are stored and returned equal where they are sound, and refused with the reason where not', async () => {
    const refused: Record<string, string> = {};
    const changed: string[] = [];
    let [stored, trailingZeros] = [0, 0];
    const send = async ({ name, text }: ExampleFile): Promise<void> => {
      const { resourceType: type, id } = JSON.parse(text) as Plain;
      // Ids are kept, so that what refers to each other still does; an audit event is reported, and gets its id from the server.
      const reported = type === 'AuditEvent';
      const path = `/fhir/R4/${type}${reported ? '' : `/${id}`}`;
      const headers = { prefer: 'return=minimal' };
      const answer = await partner.call(reported ? 'POST' : 'PUT', path, { body: text, headers });
      if (answer.status !== 201) {
        const { issue } = answer.json<{ issue: { code: string; expression?: string[] }[] }>();
        refused[name] = `${answer.status} ${issue[0]?.code} ${issue[0]?.expression?.join() ?? ''}`.trim();
        return;
      }
      const [place = ''] = /\/fhir\/R4\/\w+\/[\w.-]+/.exec(answer.headers.get('location') ?? '') ?? [];
      const back = await partner.get(place);
      assert.equal(back.status, 200, name);
      stored += 1;
      trailingZeros += back.text.match(/\d\.\d*0[,}\]]/g)?.length ?? 0;
      if (!isDeepStrictEqual(asSent(withDigits(back.text), reported), asSent(withDigits(text), reported)))
        changed.push(name);
    };
    const examples = officialExamples();
    assert.equal(examples.length, 5306);
    const missing = absentPeople.map((id) => ({ id, body: { resourceType: 'Patient', id } }));
    for (const { id, body } of missing)
      assert.equal((await partner.call('PUT', `/fhir/R4/Patient/${id}`, { body })).status, 201, id);
    // Type after type, people first: what stands already when a resource comes is the same every time.
    const types = new Set(['Patient', ...examples.map(({ name }) => name.split('-')[0])]);
    for (const type of types) {
      const waiting = examples.filter(({ name }) => name.split('-')[0] === type);
      const worker = async () => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await send(one);
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    }
    const unsound = Object.keys(unsoundExamples);
    assert.deepEqual(Object.keys(refused).toSorted(), [...unsound, ...tooLarge].toSorted());
    for (const [name, reason] of Object.entries(refused)) assert.equal(reason, reasonOf(name), name);
    assert.deepEqual(changed, []);
    assert.equal(stored, 5306 - unsound.length - tooLarge.size);
    assert.ok(trailingZeros > 300, `${trailingZeros} numbers end in a zero after the point`);
  });
});

/** Status, code and place of a refusal, by what the definitions say of the example (test/official-examples.ts). */
function reasonOf(name: string): string {
  if (tooLarge.has(name) || name === 'Bundle-dataelements') return '413 too-long';
  const [rule = '', expression = ''] = (unsoundExamples[name] ?? '').split(' ');
  // An address whose id has more than 64 characters leads nowhere.
  if (rule === 'id-malformed') return '404 not-found';
  const code = { 'element-missing': 'required', 'narrative-empty': 'invariant', 'sdf-4': 'invariant' }[rule];
  return `422 ${code ?? 'value'} ${expression}`;
}
