// Several people on one server: what is another's is as good as absent, in every way of asking. Every text of a record carries a
// mark of its owner, so that one leaked anywhere is noticed, whatever the route.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { changed, conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { publicRoutes } from './public-routes.ts';

interface Owner {
  person: Person;
  mark: string;
  condition: string;
  observation: string;
  text: string;
  fileId: string;
}

const absentId = '01a1f92f-0000-7000-8000-000000000000';

describe('several people on one server', () => {
  let server: TestServer;
  let owners: Owner[];
  before(async () => {
    server = await startServer();
    owners = await Promise.all(['arjun', 'beena', 'chitra'].map((name) => makeOwner(server.url, name)));
  });
  after(() => server.stop());

  const pairs = () =>
    owners.flatMap((me) => owners.filter((other) => other !== me).map((other) => ({ me, other })));

  function assertNoMark(answer: Answer, me: Owner, what: string): void {
    const said = `${answer.text} ${[...answer.headers].join(' ')}`;
    for (const other of owners)
      if (other !== me) assert.ok(!said.includes(other.mark), `${what} shows something of another person`);
  }

  /** The same status and the same body as for an id that nobody has. */
  async function assertLikeAbsent(
    me: Owner,
    what: string,
    ask: (id: string, patientId: string) => Promise<Answer>,
    other: { id: string; patientId: string },
  ): Promise<void> {
    const theirs = await ask(other.id, other.patientId);
    const nobodys = await ask(absentId, absentId);
    assert.equal(theirs.status, 404, `${what}: ${theirs.text}`);
    assert.deepEqual([theirs.status, theirs.text], [nobodys.status, nobodys.text], what);
    assert.deepEqual(headerNames(theirs), headerNames(nobodys), what);
    assertNoMark(theirs, me, what);
  }

  test('CON-02, FHIR-10: another person’s resource answers exactly like one that never was, in every interaction', async () => {
    for (const { me, other } of pairs()) {
      const call: Client['call'] = (...asked) => me.person.call(...asked);
      const get: Client['get'] = (...asked) => me.person.get(...asked);
      const their = { id: other.condition, patientId: other.person.patientId };
      const asked: [string, (id: string, patientId: string) => Promise<Answer>][] = [
        ['read', (id) => get(`/fhir/R4/Condition/${id}`)],
        ['read with If-None-Match', (id) => get(`/fhir/R4/Condition/${id}`, { 'if-none-match': 'W/"1"' })],
        ['vread', (id) => get(`/fhir/R4/Condition/${id}/_history/1`)],
        ['vread of a later version', (id) => get(`/fhir/R4/Condition/${id}/_history/2`)],
        ['history', (id) => get(`/fhir/R4/Condition/${id}/_history`)],
        ['delete', (id) => call('DELETE', `/fhir/R4/Condition/${id}`)],
        [
          'delete with If-Match',
          (id) => call('DELETE', `/fhir/R4/Condition/${id}`, { headers: { 'if-match': 'W/"9"' } }),
        ],
        ...['W/"1"', 'W/"99"'].map((ifMatch): (typeof asked)[number] => [
          `update with If-Match ${ifMatch}`,
          (id) =>
            call('PUT', `/fhir/R4/Condition/${id}`, {
              body: { ...conditionOf(me.person.patientId), id },
              headers: { 'if-match': ifMatch },
            }),
        ]),
        [
          'update into one’s own record',
          (id) =>
            call('PUT', `/fhir/R4/Condition/${id}`, { body: { ...conditionOf(me.person.patientId), id } }),
        ],
        [
          'update in its own record',
          (id, patientId) =>
            call('PUT', `/fhir/R4/Condition/${id}`, { body: { ...conditionOf(patientId), id } }),
        ],
        [
          'update naming nobody',
          (id) =>
            call('PUT', `/fhir/R4/Condition/${id}`, {
              body: { resourceType: 'Condition', id, subject: { display: 'nobody' } },
            }),
        ],
        [
          'delete inside a transaction',
          (id) =>
            call('POST', '/fhir/R4', {
              body: transactionOf({ request: { method: 'DELETE', url: `Condition/${id}` } }),
            }),
        ],
      ];
      for (const [what, ask] of asked) await assertLikeAbsent(me, what, ask, their);
      const patient = { id: other.person.patientId, patientId: other.person.patientId };
      await assertLikeAbsent(me, 'Patient', (id) => get(`/fhir/R4/Patient/${id}`), patient);
      await assertLikeAbsent(me, 'Patient history', (id) => get(`/fhir/R4/Patient/${id}/_history`), patient);
      await assertLikeAbsent(me, '$everything', (id) => get(`/fhir/R4/Patient/${id}/$everything`), patient);
      await assertLikeAbsent(
        me,
        'update of a Patient',
        (id) => call('PUT', `/fhir/R4/Patient/${id}`, { body: { resourceType: 'Patient', id } }),
        patient,
      );
      const file = { id: other.fileId, patientId: other.person.patientId };
      await assertLikeAbsentOnApi(me, `/api/files/`, file.id);
      await assertLikeAbsentOnApi(me, `/api/entries/`, await firstEntryOf(server, other));
    }
  });

  async function assertLikeAbsentOnApi(me: Owner, path: string, id: string): Promise<void> {
    const [theirs, nobodys] = await Promise.all([me.person.get(path + id), me.person.get(path + absentId)]);
    const shown = (answer: Answer) => ({ ...answer.json(), requestId: '' });
    assert.equal(theirs.status, 404, theirs.text);
    assert.deepEqual(shown(theirs), shown(nobodys));
    assertNoMark(theirs, me, path);
  }

  test('nothing of another person changed through all that', async () => {
    for (const owner of owners) {
      const answer = await owner.person.get(`/fhir/R4/Condition/${owner.condition}`);
      assert.deepEqual([answer.status, answer.text], [200, owner.text]);
    }
  });

  test('each refused look and write is in its owner’s chain, with who tried, as a refusal', async () => {
    for (const { me, other } of pairs()) {
      const { rows } = await server.pool.query<{ kind: number; statement: string }>(
        `select kind, statement from entry where patient_id = $1 and statement like '%"outcome":"refused"%'`,
        [other.person.patientId],
      );
      const mine = rows
        .map(({ kind, statement }) => ({ kind, ...(JSON.parse(statement) as RefusedStatement) }))
        .filter(({ who }) => who.reference === `Patient/${me.person.patientId}`);
      const events = new Set(mine.map(({ event }) => event));
      for (const event of ['read', 'update', 'delete', 'file']) assert.ok(events.has(event), event);
      assert.ok(mine.every(({ kind, content }) => kind === 3 && content === undefined));
      assert.ok(mine.every(({ basis }) => basis === 'not-yours'));
      assert.ok(
        mine.some(({ on }) => on?.type === 'Condition' && on.id === other.condition),
        'it names what was asked for',
      );
    }
  });

  test('FHIR-05, FHIR-11, FHIR-12: a search finds, counts, sorts and pages one’s own and nothing else', async () => {
    for (const { me, other } of pairs()) {
      const queries = [
        'Condition',
        'Condition?_summary=count',
        'Condition?_count=0',
        'Condition?_count=1',
        `Patient/${other.person.patientId}/Condition`,
        `Patient/${other.person.patientId}/*`,
        '?_type=Condition,Observation',
        '?_lastUpdated=gt2020',
        `Condition?patient.name=${other.mark}`,
        `Condition?subject:Patient._id=${other.person.patientId}`,
        `Condition?_include=Condition:subject`,
        `Patient?_revinclude=Condition:subject`,
        `Patient?_has:Condition:subject:_id=${other.condition}`,
        `Practitioner?_has:Condition:asserter:_id=${other.condition}`,
        `Condition?_list=${other.condition}`,
        'Condition?_sort=-_lastUpdated',
        'Condition?_sort=code',
        `Condition?_id=${other.condition}`,
        `Condition?_id=${other.condition},${me.condition}`,
        `Condition?patient=${other.person.patientId}`,
        `Condition?patient=Patient/${other.person.patientId}`,
        `Condition?subject=${server.url}/fhir/R4/Patient/${other.person.patientId}`,
        'Condition?_id:not=x',
        'Condition?code:missing=true',
        'Condition?code:not=x',
        `Observation?code=29463-7`,
        `Observation?value-quantity=gt0`,
        `Observation?_id:not=${me.observation}`,
        'Patient',
        `Patient?_id=${other.person.patientId}`,
        `Patient?identifier=${other.person.uhid}`,
        `Patient?name=${other.mark}`,
        'DocumentReference',
        // Not AuditEvent: whose name tried to look is what an owner must see (fhir-audit-event.test.ts).
        'Practitioner',
      ];
      for (const query of queries) {
        const answer = await me.person.get(`/fhir/R4/${query}`);
        assert.equal(answer.status, 200, `${query}: ${answer.text}`);
        // The link repeats what the asker wrote: only what was found counts.
        const { total = 0, entry = [] } = answer.json<BundleBody>();
        for (const other_ of owners)
          if (other_ !== me) assert.ok(!JSON.stringify(entry).includes(other_.mark), query);
        assert.ok(total <= 5, `${query} counts ${total}`);
      }
    }
  });

  test('FHIR-18: nothing of one’s own can point into another record, whether it is there or not', async () => {
    const [me, other] = owners as [Owner, Owner];
    const targets = (id: string) => [
      { ...weightOf(me.person.patientId), hasMember: [{ reference: `Observation/${id}` }] },
      { ...weightOf(me.person.patientId), id, hasMember: [{ reference: `Observation/${id}` }] },
      { ...weightOf(me.person.patientId), focus: [{ reference: `${server.url}/fhir/R4/Observation/${id}` }] },
      {
        ...weightOf(me.person.patientId),
        derivedFrom: [{ reference: `Observation/${id}/_history/1` }],
      },
    ];
    const theirs = targets(other.observation);
    const nobodys = targets(absentId);
    for (const [i, body] of theirs.entries()) {
      const [one, two] = await Promise.all(
        [body, nobodys[i]].map((resource) =>
          me.person.call('POST', '/fhir/R4/Observation', { body: resource }),
        ),
      );
      assert.equal(one?.status, 422, one?.text);
      assert.deepEqual([one?.status, one?.text], [two?.status, two?.text]);
      assert.match(one?.json<OutcomeBody>().issue[0]?.expression?.[0] ?? '', /^Observation\./);
    }
  });

  test('CON-08: nothing is made in another record or moved into one', async () => {
    const [me, other] = owners as [Owner, Owner];
    const made = await me.person.create(conditionOf(me.person.patientId));
    for (const patientId of [other.person.patientId, absentId]) {
      const create = await me.person.call('POST', '/fhir/R4/Condition', { body: conditionOf(patientId) });
      assert.deepEqual([create.status, create.json<OutcomeBody>().issue[0]?.code], [403, 'forbidden']);
      const move = await me.person.call('PUT', `/fhir/R4/Condition/${made.id}`, {
        body: changed(made.text, { subject: { reference: `Patient/${patientId}` } }),
      });
      assert.equal(move.status, 403, move.text);
      const wrapped = await me.person.call('POST', '/fhir/R4', {
        body: transactionOf(postEntry(conditionOf(me.person.patientId)), postEntry(conditionOf(patientId))),
      });
      assert.equal(wrapped.status, 403, wrapped.text);
    }
    assert.equal((await me.person.get(`/fhir/R4/Condition/${made.id}`)).text, made.text);
    const { rows } = await server.pool.query<{ count: number }>(
      `select count(*)::int as count from resource where patient_id = $1 and resource_type = 'Condition'`,
      [other.person.patientId],
    );
    assert.equal(rows[0]?.count, 1);
  });

  test('one’s own entries and chain name nobody else’s', async () => {
    await server.sequencer.flush();
    for (const owner of owners) {
      const entries = await owner.person.get('/api/entries?limit=200&kind=writes');
      const chain = await owner.person.get('/api/chain?limit=500');
      assert.deepEqual([entries.status, chain.status], [200, 200]);
      // Refused looks tell who tried, by name: that name is what the owner is meant to see. Content never is.
      for (const other of owners)
        if (other !== owner)
          for (const answer of [entries, chain])
            assert.ok(!answer.text.includes(`${other.mark} condition`), 'content of another record');
    }
  });

  test('AUTH-01: nobody who is not signed in gets past any route but the public ones', async () => {
    const stranger = newClient(server.url);
    const seen: string[] = [];
    for (const route of server.routes.filter((one) => !isStatic(one))) {
      const [method = '', address = ''] = route.split(' ');
      if (publicRoutes.includes(route)) {
        seen.push(route);
        continue;
      }
      const path = fill(address, owners[0] as Owner);
      for (const authorization of [undefined, 'Bearer ', 'Bearer null', 'Basic eDp4']) {
        const answer = await stranger.call(method, path, {
          ...(method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: '{}' }),
          headers: authorization === undefined ? {} : { authorization },
        });
        assert.equal(answer.status, 401, `${route} with ${authorization} answers ${answer.status}`);
        assert.ok(answer.headers.get('www-authenticate'), `${route} says how to sign in`);
        assertNoMark(answer, { mark: '' } as Owner, route);
      }
    }
    assert.deepEqual(
      seen.toSorted(),
      [...publicRoutes].toSorted(),
      'no public route is listed that is not there',
    );
    assert.ok(server.routes.length > 60, 'the routes were read');
  });

  test('public routes show nothing of anybody', async () => {
    const stranger: Client = newClient(server.url);
    for (const route of publicRoutes.filter((one) => one.startsWith('GET '))) {
      const answer = await stranger.get(fill(route.slice(4), owners[0] as Owner));
      assert.ok(answer.status < 500, `${route} answers ${answer.status}`);
      assertNoMark(answer, { mark: '' } as Owner, route);
      for (const { person } of owners) {
        assert.ok(!answer.text.includes(person.patientId), route);
        assert.ok(!answer.text.includes(person.uhid), route);
      }
    }
  });
});

interface RefusedStatement {
  event: string;
  basis: string;
  content?: string;
  who: { reference?: string };
  on?: { type: string; id: string };
}

async function makeOwner(url: string, name: string): Promise<Owner> {
  const mark = `canary-${name}-7f3a9c51`;
  const person = await signUp(url, { login: `${name}@example.org`, name: mark });
  const condition = await person.create(conditionOf(person.patientId, `${mark} condition`));
  const observation = await person.create({
    ...weightOf(person.patientId),
    note: [{ text: `${mark} weight` }],
  });
  const file = await person.call('POST', `/api/files?title=${mark}`, {
    body: Buffer.from(`%PDF-1.4 ${mark}`),
    headers: { 'content-type': 'application/pdf' },
  });
  assert.equal(file.status, 201, file.text);
  return {
    person,
    mark,
    condition: condition.id,
    observation: observation.id,
    text: condition.text,
    fileId: file.json<{ fileId: string }>().fileId,
  };
}

async function firstEntryOf(server: TestServer, owner: Owner): Promise<string> {
  const { rows } = await server.pool.query<{ id: string }>(
    'select entry_id as id from entry where patient_id = $1 limit 1',
    [owner.person.patientId],
  );
  return rows[0]?.id ?? '';
}

function headerNames(answer: Answer): string[] {
  return [...answer.headers.keys()].filter((name) => name !== 'date').toSorted();
}

/** The built web app: the same files for everybody. */
function isStatic(route: string): boolean {
  if (publicRoutes.includes(route)) return false;
  return / \/(assets\/|icons\/[a-z0-9-]+\.png$|[a-z0-9.-]+\.(html|js|svg|png|ico|txt|webmanifest)(\.br|\.gz)?$)/.test(
    route,
  );
}

/** An address of the route that leads to something of the owner's. */
function fill(address: string, owner: Owner): string {
  return address
    .replace('/Patient/:id', `/Patient/${owner.person.patientId}`)
    .replace(':type/:id', `Condition/${owner.condition}`)
    .replace(':type', 'Condition')
    .replace('/api/files/:id', `/api/files/${owner.fileId}`)
    .replace('tile/*', 'tile/0/x000/000')
    .replace(/:(vid|index)/, '1')
    .replace(/:[a-z]+/gi, absentId);
}
