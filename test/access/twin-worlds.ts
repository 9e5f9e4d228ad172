// Two worlds that differ only in what somebody may not see: one has it, in the other it never was. Whatever they ask, both must answer
// alike, in status, headers and body: any difference would tell of something hidden. Must not know who asks: the tests choose.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import { isJsonObject } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';
import type { Plain } from './every-type.ts';
import type { Asker, Basis } from './oracle.ts';
import { isInRecord, sees } from './oracle.ts';
import type { Request, Stock } from './requests.ts';
import { countOf, Requests } from './requests.ts';
import { twinRecord } from './twin-record.ts';
import { give } from './world.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import type { Halted, TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const looksEach = 960;
const changesEach = 120;
const atOnce = 12;
const publicUrl = 'http://127.0.0.1:8080';

interface Teller {
  name: string;
  asker: Asker;
  headers: Readonly<Record<string, string>>;
  /** Whose own record is open to them, besides what they were let into. */
  own: string;
}

/**
 * The test of these askers. One world with everything serves them all: whoever may write into the record comes last, since what they
 * change the others would see.
 */
export function compareWorlds(tellersNamed: readonly string[], least: number): void {
  let world: Halted;
  let owner: Person;
  let other: Person;
  let stock: Stock;
  const tellers: Teller[] = [];
  let nowMs = Date.now();
  const sources = { now: () => nowMs };

  before(async () => {
    const server = await startServer({ sources, environment: { PUBLIC_URL: publicUrl } });
    owner = await signUp(server.url, { name: 'Asha Rao' });
    other = await signUp(server.url, { name: 'Beena Rao' });
    const fileIds: string[] = [];
    for (const [person, title] of [
      [owner, 'letter'],
      [owner, 'scan'],
      [other, 'letter'],
    ] as const) {
      const file = await person.call('POST', `/api/files?title=${title}`, {
        body: Buffer.from(`%PDF-1.4 ${title}`),
        headers: { 'content-type': 'application/pdf' },
      });
      assert.equal(file.status, 201, file.text);
      fileIds.push(file.json<{ fileId: string }>().fileId);
    }
    // One of the two documents is sealed: its file is not there for those who may not see sealed entries.
    const documents = await owner.get('/fhir/R4/DocumentReference?_sort=_id');
    const [, sealedDocument] = documents.json<{ entry: { resource: Plain & { id: string } }[] }>().entry;
    const sealing = await owner.call(
      'PUT',
      `/fhir/R4/DocumentReference/${sealedDocument?.resource.id ?? ''}`,
      {
        body: {
          ...sealedDocument?.resource,
          meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
        },
      },
    );
    assert.equal(sealing.status, 200, sealing.text);
    await fill(server, owner, 'a');
    await fill(server, other, 'b');
    await people(server);
    const { rows } = await server.pool.query<{ content: string }>(`select content from resource`);
    const { rows: entries } = await server.pool.query<{ id: string }>(
      `select entry_id as id from resource union all select entry_id from resource_history`,
    );
    const statement = (await owner.get('/fhir/R4/metadata')).json<{
      rest: { resource: { type: string; searchParam: { name: string; type: string }[] }[] }[];
    }>();
    stock = {
      patients: [owner.patientId, other.patientId],
      resources: rows.map(({ content }) => JSON.parse(content) as Plain & { id: string }),
      fileIds,
      entryIds: entries.map(({ id }) => id),
      parameters: new Map(
        statement.rest[0]?.resource.map(({ type, searchParam }) => [
          type,
          searchParam.filter(({ name }) => !name.startsWith('_')),
        ]),
      ),
    };
    world = await server.halt();
  });
  after(() => world.remove());

  /** Stores the record, and of some entries a second version, so that there is a history. */
  async function fill(server: TestServer, person: Person, name: string): Promise<void> {
    const chance = { ...sources, randomBytes: (count: number) => new Uint8Array(randomBytes(count)) };
    const draft = (resource: Plain & { id: string }, version: number) =>
      prepareVersion(
        {
          patientId: person.patientId,
          resourceType: resource.resourceType,
          resourceId: resource.id,
          version,
          resource: parseJson(JSON.stringify(resource)) as Resource,
          author: 'import',
          who: { role: 'operator', name: 'test' },
          basis: 'operator-import',
        },
        chance,
      );
    const record = twinRecord(person.patientId, name);
    for (const resource of record) {
      nowMs += 1000;
      await writeBatch(server.pool, { versions: [draft(resource, 1)] });
    }
    for (const resource of record.filter((_, n) => n % 4 === 0)) {
      nowMs += 1000;
      await writeBatch(server.pool, { versions: [draft({ ...resource, language: 'en' }, 2)] });
    }
  }

  async function people(server: TestServer): Promise<void> {
    const bases: Readonly<Record<string, readonly Basis[]>> = {
      'grant of the whole': [{ kind: 'grant' }],
      'grant of results and medicines': [{ kind: 'grant', parts: ['results', 'medicines'] }],
      'grant of conditions and an entry, sealed too': [
        { kind: 'grant', parts: ['conditions'], entries: ['Observation/a-Observation-1'], sealed: true },
      ],
      'pen for the whole': [{ kind: 'grant' }, { kind: 'edit' }],
      'guardian who acts': [{ kind: 'guardian', level: 'act' }],
      'broken glass': [{ kind: 'break-glass' }],
    };
    for (const [name, list] of Object.entries(bases)) {
      const one = await signUpClinician(server.url, server.pool, { name: 'Dr Iyer' });
      for (const basis of list) await give(server, owner.patientId, one, basis, { startsAtMs: nowMs - 1000 });
      const headers = { cookie: one.cookie() ?? '' };
      tellers.push({ name, asker: { kind: 'person', bases: list }, headers, own: one.patientId });
    }
    tellers.push({
      name: 'another person',
      asker: { kind: 'person', bases: [] },
      headers: { cookie: other.cookie() ?? '' },
      own: other.patientId,
    });
    const scopes = [
      { type: 'Observation', letters: 'rs' },
      { type: 'Encounter', letters: 'rs' },
    ];
    const { token } = await program(server, 'system/Observation.rs system/Encounter.rs');
    tellers.push({
      name: 'program',
      asker: { kind: 'program', scopes },
      headers: { authorization: `Bearer ${token}` },
      own: '',
    });
  }

  /** Takes out of a world all that this one may not see. */
  async function takeOut(server: TestServer, { asker, own }: Teller): Promise<number> {
    let taken = 0;
    for (const table of ['resource', 'resource_history']) {
      const { rows } = await server.pool.query<Row>(
        `select patient_id as "patientId", resource_type as type, resource_id as id, version, content from ${table}`,
      );
      const hidden = rows.filter((row) => !seen(asker, own, row));
      taken += hidden.length;
      await server.pool.query(
        `delete from ${table} t using unnest($1::text[], $2::text[], $3::int[]) h(type, id, version)
          where t.resource_type = h.type and t.resource_id = h.id and t.version = h.version`,
        [hidden.map(({ type }) => type), hidden.map(({ id }) => id), hidden.map(({ version }) => version)],
      );
    }
    return taken;
  }

  function seen(asker: Asker, own: string, { patientId, type, id, content }: Row): boolean {
    // Who was let in is named to those who may know who was, by the name in a record of their own.
    const letIn = tellers.some(
      (one) => one.own === id && one.asker.kind === 'person' && one.asker.bases.length > 0,
    );
    if (type === 'Patient' && letIn) return true;
    if (asker.kind === 'person' && isInRecord(type)) {
      if (patientId === own) return true;
      if (patientId !== owner.patientId) return false;
    }
    const { meta } = JSON.parse(content) as { meta?: { security?: unknown[] } };
    const sealed = meta?.security !== undefined;
    // The oracle's parts go by type; these two say of themselves in which they are.
    const category = categoryIn(content);
    return sees(asker, { type, id, sealed, ...(category === undefined ? {} : { part: category }) });
  }

  async function compare(
    full: TestServer,
    teller: Teller,
    seed: number,
  ): Promise<{ asked: number; differences: string[] }> {
    const bare = await startAgain();
    try {
      const taken = await takeOut(bare, teller);
      assert.ok(taken > 0, `something is hidden from ${teller.name}`);
      const known = new Set(stock.resources.map(({ id }) => id));
      const requests = new Requests(stock, seed);
      const differences: string[] = [];
      let asked = 0;
      const both = async (request: Request): Promise<void> => {
        let [one, two]: (Request | undefined)[] = [request, request];
        // Pages are followed in both worlds, each by its own links.
        for (let page = 0; page < 4 && one !== undefined && two !== undefined; page += 1) {
          asked += countOf(one);
          const [left, right]: [Answered, Answered] = await Promise.all([
            answer(full, teller, one),
            answer(bare, teller, two),
          ]);
          assert.ok(left.status < 500, `${JSON.stringify(request)}: ${left.text}`);
          const [a, b] = [normal(left, known), normal(right, known)];
          if (a !== b) {
            differences.push(`${JSON.stringify(request).slice(0, 400)} page ${page}:\n  ${difference(a, b)}`);
            return;
          }
          [one, two] = [nextOf(left), nextOf(right)];
        }
      };
      const looks = Array.from({ length: looksEach }, () => requests.look()).values();
      const work = async () => {
        for (const request of looks) await both(request);
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      for (let i = 0; i < changesEach; i += 1) {
        nowMs += 1000;
        await both(requests.change());
      }
      return { asked, differences };
    } finally {
      await bare.stop();
    }
  }

  const startAgain = () => startServer({ sources, environment: { PUBLIC_URL: publicUrl }, cloneOf: world });

  test('every asker gets the same answers in both worlds', async (context) => {
    const full = await startAgain();
    let total = 0;
    try {
      for (const [i, name] of tellersNamed.entries()) {
        const teller = tellers.find((one) => one.name === name);
        assert.ok(teller, name);
        await context.test(`${teller.name}: 0 differences`, async () => {
          const { asked, differences } = await compare(full, teller, 20_261_129 + i);
          total += asked;
          context.diagnostic(`${teller.name}: ${asked} requests`);
          assert.deepEqual(differences.slice(0, 12), [], `${differences.length} of ${asked} differ`);
        });
      }
      assert.ok(total >= least, `${total} requests`);
    } finally {
      await full.stop();
    }
  });
}

interface Row {
  patientId: string;
  type: string;
  id: string;
  version: number;
  content: string;
}

interface Answered {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

function categoryIn(content: string): string | undefined {
  const code = /"category":\[\{"coding":\[\{"code":"([A-Za-z-]+)"/.exec(content)?.[1];
  const parts: Record<string, string> = {
    laboratory: 'results',
    'vital-signs': 'vital-signs',
    LAB: 'results',
    RAD: 'imaging',
  };
  return code === undefined ? undefined : parts[code];
}

async function answer(server: TestServer, { headers }: Teller, request: Request): Promise<Answered> {
  const { method, path, body, headers: own = {} } = request;
  const found = await server.app.inject({
    method,
    url: path.startsWith('/')
      ? path
      : `/fhir/R4${path === '' ? '' : path.startsWith('?') ? path : `/${path}`}`,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
      ...headers,
      ...own,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: found.statusCode, headers: found.headers, text: found.body };
}

const varying = new Set(['date', 'x-request-id', 'ledger-entry', 'connection', 'keep-alive']);

/** What of an answer must be equal: all but what is drawn anew for each. */
function normal({ status, headers, text }: Answered, known: ReadonlySet<string>): string {
  const shown = Object.entries(headers)
    .filter(([name]) => !varying.has(name))
    .map(([name, value]) => `${name}: ${String(value)}`)
    .toSorted();
  const drawn = new Map<string, string>();
  return [String(status), text, ...shown]
    .join('\n')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      if (known.has(id)) return id;
      drawn.set(id, drawn.get(id) ?? `drawn-${drawn.size}`);
      return drawn.get(id) ?? '';
    })
    .replace(/_page=[\w-]+/g, (link) => `_page=${link.length}`)
    .replace(/"requestId":"[0-9a-f]+"/g, '');
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `with    …${a.slice(from, at + 160)}\n  without …${b.slice(from, at + 160)}`;
}

function nextOf({ headers, text }: Answered): Request | undefined {
  if (!String(headers['content-type']).includes('json') || text === '') return undefined;
  const body = parseJson(text);
  const link = isJsonObject(body) && Array.isArray(body['link']) ? body['link'] : [];
  const next = link.find((one) => isJsonObject(one) && one['relation'] === 'next');
  const url = isJsonObject(next) ? next['url'] : undefined;
  return typeof url === 'string' ? { method: 'GET', path: url.replace(publicUrl, '') } : undefined;
}
