// Everybody × every resource type × every interaction × every basis, through the routes, against an oracle that was written without
// core/access (test/access/oracle.ts). The types and interactions are those of the CapabilityStatement: a new one is asked of by itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { resourceOf } from '../access/every-type.ts';
import type { Expected, Interaction, Thing } from '../access/oracle.ts';
import { expected, isInRecord } from '../access/oracle.ts';
import type { Actor } from '../access/world.ts';
import { everybody, idOf, storeOneOfEach } from '../access/world.ts';

const mark = 'canary-matrix-4be91c07d2f5';
const atOnce = 32;

const interactions: readonly Interaction[] = [
  'read',
  'search-type',
  'update',
  'vread',
  'history-instance',
  'history-type',
  'search-compartment',
  'create',
  'patch',
  'delete',
];
/** Of every entry and by everybody; the others of the open ones, by those who were let in or never were. */
const askedOfAll = new Set<Interaction>(['read', 'search-type', 'update']);

interface Statement {
  rest: { resource: { type: string; interaction: { code: string }[] }[] }[];
}

interface Case {
  actor: Actor;
  interaction: Interaction;
  thing: Thing;
}

interface Asked {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  body?: unknown;
  contentType?: string;
  ifMatch?: string;
}

describe('who may do what', () => {
  let server: TestServer;
  let owner: Person;
  let actors: Actor[];
  let types: string[];
  const offered = new Map<string, readonly string[]>();
  before(async () => {
    server = await startServer();
    owner = await signUp(server.url, { name: mark });
    const statement = (await owner.get('/fhir/R4/metadata')).json<Statement>();
    for (const { type, interaction } of statement.rest[0]?.resource ?? [])
      offered.set(
        type,
        interaction.map(({ code }) => code),
      );
    types = [...offered.keys()];
    await storeOneOfEach(server, types, owner.patientId, mark);
    actors = await everybody(server, owner);
  });
  after(() => server.stop());

  const thingOf = (type: string, sealed: boolean): Thing => ({
    type,
    id: type === 'Patient' ? owner.patientId : idOf(type, sealed),
    sealed,
  });

  /** The request that is this interaction. */
  function requestOf(interaction: Interaction, { type, id, sealed }: Thing): Asked {
    const one = `/fhir/R4/${type}/${id}`;
    const body = (withId: boolean) =>
      resourceOf(type, { patientId: owner.patientId, mark, sealed, ...(withId ? { id } : {}) });
    switch (interaction) {
      case 'read':
        return { method: 'GET', url: one };
      case 'vread':
        return { method: 'GET', url: `${one}/_history/1` };
      case 'history-instance':
        return { method: 'GET', url: `${one}/_history` };
      case 'history-type':
        return { method: 'GET', url: `/fhir/R4/${type}/_history` };
      case 'search-type':
        return { method: 'GET', url: `/fhir/R4/${type}?_id=${id}` };
      case 'search-compartment':
        return { method: 'GET', url: `/fhir/R4/Patient/${owner.patientId}/${type}?_id=${id}` };
      case 'create':
        return { method: 'POST', url: `/fhir/R4/${type}`, body: body(false) };
      case 'update':
        return { method: 'PUT', url: one, body: body(true) };
      case 'patch':
        return {
          method: 'PATCH',
          url: one,
          body: [{ op: 'add', path: '/language', value: 'en' }],
          contentType: 'application/json-patch+json',
        };
      case 'delete':
        return { method: 'DELETE', url: one, ifMatch: 'W/"999"' };
    }
  }

  async function answerTo({ actor, interaction, thing }: Case): Promise<Expected & { text: string }> {
    const {
      method,
      url,
      body,
      contentType = 'application/fhir+json',
      ifMatch,
    } = requestOf(interaction, thing);
    const answer = await server.app.inject({
      method,
      url,
      headers: {
        ...actor.headers,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const said = `${JSON.stringify(answer.headers)}${answer.body}`;
    return { status: answer.statusCode, shows: said.includes(mark), text: answer.body };
  }

  async function mismatches(cases: readonly Case[]): Promise<string[]> {
    const wrong: string[] = [];
    const waiting = cases.values();
    const work = async () => {
      for (const one of waiting) {
        const wanted = expected(one.actor.asker, one.interaction, one.thing);
        const found = await answerTo(one);
        if (found.status !== wanted.status || found.shows !== wanted.shows)
          wrong.push(
            `${one.actor.name}: ${one.interaction} ${one.thing.type}/${one.thing.id}: ${found.status}${found.shows ? ' shows' : ''}, not ${wanted.status}${wanted.shows ? ' shows' : ''}: ${found.text.slice(0, 200)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return wrong;
  }

  test('CON-01, CON-11: every interaction of every type, by everybody, on every basis: 0 mismatches', async (context) => {
    const cases: Case[] = [];
    // Neighbours are about different types: those that come together do not meet at one resource.
    const stored = types.filter((one) => one !== 'AuditEvent');
    for (const actor of actors)
      for (const interaction of interactions)
        for (const sealed of [false, true])
          for (const type of stored) {
            const everybodys = askedOfAll.has(interaction);
            if (!isInRecord(type) && actor.inDirectory !== true && interaction !== 'read') continue;
            if (actor.lapsed && (!everybodys || !isInRecord(type))) continue;
            if (sealed && (!everybodys || !isInRecord(type) || type === 'Patient')) continue;
            cases.push({ actor, interaction, thing: thingOf(type, sealed) });
          }
    const wrong = await mismatches(cases);
    context.diagnostic(`${cases.length} cases`);
    assert.ok(cases.length >= 20_000, `${cases.length} cases`);
    assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} mismatches`);
  });

  test('CON-01: every interaction that the statement offers is asked of every type', () => {
    const asked = new Set<string>(interactions);
    for (const [type, codes] of offered)
      if (type !== 'AuditEvent') for (const code of codes) assert.ok(asked.has(code), `${type}: ${code}`);
    // Programs report what happened at their place; the looks of this server are made of its log.
    assert.deepEqual(offered.get('AuditEvent')?.toSorted(), [
      'create',
      'history-instance',
      'history-type',
      'read',
      'search-type',
      'vread',
    ]);
  });

  test('a look at a record is shown to its owner alone, and nobody writes or unwrites one', async () => {
    const { rows } = await server.pool.query<{ id: string }>(
      `select entry_id as id from entry where patient_id = $1 limit 1`,
      [owner.patientId],
    );
    const url = `/fhir/R4/AuditEvent/${rows[0]?.id ?? ''}`;
    for (const actor of actors) {
      const { kind } = actor.asker;
      const isOwner = actor.name === 'owner';
      const ask = async (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', to: string) =>
        server.app.inject({ method, url: to, headers: actor.headers });
      const read = await ask('GET', url);
      // Programs and apps find what was reported to them, never a look: fhir-audit-event.test.ts.
      if (kind === 'app' || kind === 'program') continue;
      const wanted = { anonymous: 401, unproved: 403, person: isOwner ? 200 : 404 }[kind];
      assert.equal(read.statusCode, wanted, `${actor.name}: ${read.body}`);
      const found = await ask('GET', `/fhir/R4/AuditEvent?patient=${owner.patientId}&_count=200`);
      assert.equal(found.statusCode, { anonymous: 401, unproved: 403, person: 200 }[kind], actor.name);
      if (kind === 'person')
        assert.equal((found.json<{ entry?: unknown[] }>().entry ?? []).length > 0, isOwner, actor.name);
      for (const method of ['PUT', 'PATCH', 'DELETE'] as const)
        assert.equal(
          (await ask(method, url)).statusCode,
          { anonymous: 401, unproved: 403, person: 405 }[kind],
          actor.name,
        );
    }
  });
});
