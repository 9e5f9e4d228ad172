// LOG-06 over the server's own list of routes: whatever is acknowledged has exactly the entries that the table names, each with its leaf,
// and a refusal leaves nothing, or that it was refused. A route that is in no table and does not answer 405 fails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from '../harness/client.ts';
import { newClient } from '../harness/client.ts';
import { acts } from '../ledger-routes/all-acts.ts';
import type { Act, Sent, World } from '../ledger-routes/world.ts';
import { startWorld } from '../ledger-routes/world.ts';

/** Routes that are in no table, each with the reason. */
const elsewhere: Readonly<Record<string, string>> = {
  'POST /api/setup': 'only the first of all has it: what it leaves is asked as the world begins',
  'GET /ws': 'no answer but a socket: what it says is in live-socket',
  'GET /fhir/R4/$validate': 'refused: an address names no resource to look at',
  'GET /fhir/R4/AuditEvent/$validate': 'refused, as the one above',
  'GET /fhir/R4/:type/$validate': 'refused, as the one above',
  'GET /fhir/R4/QuestionnaireResponse/$extract': 'refused, as the one above',
  'GET /log/checkpoint/witnessed': 'of the public log as the others, and only there once a witness cosigned',
  'GET /verify.html': 'a file that is there once it is built, and names nobody',
};

describe('LOG-06: every acknowledged call has its leaves, and no refused one', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world?.server.stop());

  async function entries(from = 0): Promise<string[]> {
    const { rows } = await world.server.pool.query<{ event: string }>(
      `select coalesce(nullif(statement, '')::jsonb ->> 'event' ||
              case nullif(statement, '')::jsonb ->> 'outcome' when 'done' then '' else ' refused' end, 'erased') as event
         from entry order by recorded_at, entry_id offset $1`,
      [from],
    );
    return rows.map(({ event }) => event);
  }

  /** Entries without a leaf, leaves without an entry, kinds and pseudonyms that are not those of the entry. */
  async function mismatches(): Promise<unknown[]> {
    await world.server.sequencer.flush();
    const { rows } = await world.server.pool.query(
      `select e.entry_id as entry, l.entry_id as leaf
         from entry e full join log_leaf l using (entry_id)
         left join person p on p.patient_id = e.patient_id
        where e.entry_id is null or l.entry_id is null or get_byte(l.leaf, 1) <> e.kind
           or substring(l.leaf from 11 for 16) <> coalesce(p.pseudonym, decode(repeat('00', 16), 'hex'))`,
    );
    return rows as unknown[];
  }

  /** What one call adds. A refused sign-in is not waited for by its answer: here it is. */
  async function adds(call: () => Promise<Answer>, most = 0): Promise<{ answer: Answer; added: string[] }> {
    const start = (await entries()).length;
    const answer = await call();
    let added = await entries(start);
    for (let tries = 0; added.length < most && tries < 1200; tries++) {
      await sleep(25);
      added = await entries(start);
    }
    return { answer, added };
  }

  const sorted = (events: readonly string[]) => [...events].toSorted();
  const leavesOf = async ({ leaves }: Act) => (typeof leaves === 'function' ? leaves(world) : leaves);

  async function refusedBy(sent: Sent, who: World['stranger'] | undefined): Promise<void> {
    const { method, path, call } = sent;
    const client = who ?? newClient(world.server.url);
    const { answer, added } = await adds(() => client.call(method, path, call));
    if (who === undefined) {
      assert.equal(answer.status, 401, `${method} ${path} by nobody: ${answer.text}`);
      assert.deepEqual(added, [], `${method} ${path} by nobody`);
    } else if (answer.status === 202) await settled(client, answer);
    else if (answer.status >= 400)
      assert.deepEqual(
        added.filter((event) => !event.endsWith(' refused')),
        [],
        `${method} ${path} by a stranger, who is answered ${answer.status}`,
      );
  }

  /** Entries are stored in the order they come: once this look is, so is what an answer before it did not wait for. */
  async function stored(): Promise<void> {
    assert.equal((await world.stranger.get('/fhir/R4/Condition')).status, 200);
  }

  /** What a stranger may begin for themselves goes on for a while: its entries are not those of the next call. */
  async function settled(client: Client, answer: Answer): Promise<void> {
    const status = answer.headers.get('content-location');
    for (let tries = 0; status !== null && tries < 600; tries++) {
      if ((await client.get(new URL(status).pathname)).status !== 202) return;
      await sleep(50);
    }
  }

  const walked = new Set<string>();
  for (const act of acts)
    test(act.what === undefined ? act.route : `${act.route}, ${act.what}`, async () => {
      const { route, status } = act;
      const wanted = await leavesOf(act);
      assert.equal(wanted.length === 0, act.why !== undefined, 'what leaves nothing says why, and only that');
      await act.prepare?.(world);
      world.forget();
      const once = await adds(() => act.act(world), wanted.length);
      assert.ok(
        status === undefined ? once.answer.status < 300 : once.answer.status === status,
        `${once.answer.status} ${once.answer.text}`,
      );
      assert.deepEqual(sorted(once.added), sorted(wanted));
      walked.add(route);
      const sent = world.last();
      const head = route.replace('GET', 'HEAD');
      if (sent && route.startsWith('GET') && world.server.routes.includes(head)) {
        const looked = await adds(() => lookAgain(sent), wanted.length);
        assert.deepEqual(sorted(looked.added), sorted(wanted), 'HEAD is the same look');
        walked.add(head);
      }
      if (act.refused) {
        const { answer, added } = await adds(() => act.refused?.(world) ?? Promise.reject(new Error()));
        assert.ok(answer.status >= 400, `refused with ${answer.status}`);
        await stored();
        assert.deepEqual(
          added.filter((event) => !event.endsWith(' refused')),
          [],
          'a refusal says that it is one',
        );
      } else if (sent && wanted.length > 0) {
        await refusedBy(sent, undefined);
        await refusedBy(sent, world.stranger);
      }
    });

  /** The same address by HEAD, by whoever asked. */
  function lookAgain({ path, call, by }: Sent): Promise<Answer> {
    return by.call('HEAD', path, call);
  }

  test('the tables name every route that does anything, and none that is not there', async () => {
    const named = new Set([...acts.map(({ route }) => route), ...Object.keys(elsewhere)]);
    const heads = (route: string) => named.has(route.replace('HEAD', 'GET'));
    const files =
      / \/(assets\/\S+|icons\/[a-z0-9-]+\.png|[a-z0-9.-]+\.(js|svg|html|webmanifest)(\.br|\.gz)?)$/;
    const inNone: string[] = [];
    for (const route of world.server.routes) {
      if (named.has(route) || heads(route) || files.test(route)) continue;
      const [method = '', address = ''] = route.split(' ');
      const path = address.replaceAll(/:[a-z]+/gi, 'none');
      const { answer, added } = await adds(() =>
        world.asha.call(method, path, ['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: '{}' }),
      );
      assert.deepEqual(added, [], route);
      if (answer.status !== 405) inNone.push(route);
    }
    assert.deepEqual(inNone, [], 'in no table of test/ledger-routes, and not among those that leave nothing');
    assert.deepEqual(
      [...named].filter((route) => !world.server.routes.includes(route)),
      [],
    );
  });

  test('each of these entries is one leaf, and there is no leaf for anything else', async () => {
    assert.deepEqual(await mismatches(), []);
    assert.ok(walked.size > 150);
  });
});
