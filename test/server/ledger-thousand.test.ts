// LOG-06: a thousand acts of many kinds, fifty at a time: the entries are exactly the acts that were acknowledged and the tries that were
// refused, no more and no fewer, and each has its leaf.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const acts = 1_000;
const atOnce = 50;
const peopleCount = 10;

interface Act {
  readonly ask: () => Promise<Answer>;
  readonly status: number;
  /** Whose chain it stands in, and what it leaves there, as `event` or `event refused`. */
  readonly leaves: readonly (readonly [owner: string, event: string])[];
}

describe('LOG-06: a thousand acts, fifty at once', () => {
  let server: TestServer;
  const people: Person[] = [];
  const conditions: string[] = [];
  const cards: string[] = [];
  before(async () => {
    server = await startServer();
    for (let i = 0; i < peopleCount; i++) {
      const person = await signUp(server.url);
      people.push(person);
      conditions.push((await person.create(conditionOf(person.patientId))).id);
      cards.push(new URL((await person.get('/api/emergency-card')).json<{ url: string }>().url).pathname);
    }
  });
  after(() => server.stop());

  async function entries(): Promise<Map<string, number>> {
    const { rows } = await server.pool.query<{ key: string; count: number }>(
      `select patient_id || ' ' || (statement::jsonb ->> 'event') ||
              case statement::jsonb ->> 'outcome' when 'done' then '' else ' refused' end as key, count(*)::int as count
         from entry group by 1`,
    );
    return new Map(rows.map(({ key, count }) => [key, count]));
  }

  function actOf(index: number): Act {
    const at = index % peopleCount;
    const person = people[at] as Person;
    const stranger = people[(at + 1) % peopleCount] as Person;
    const nobody: Client = newClient(server.url);
    const own = person.patientId;
    const condition = conditions[at] ?? '';
    const kinds: readonly Act[] = [
      { ask: () => person.get(`/fhir/R4/Condition/${condition}`), status: 200, leaves: [[own, 'read']] },
      { ask: () => person.get('/fhir/R4/Condition?_count=5'), status: 200, leaves: [[own, 'search']] },
      {
        ask: () => person.call('POST', '/fhir/R4/Observation', { body: weightOf(own, index) }),
        status: 201,
        leaves: [[own, 'create']],
      },
      {
        ask: () =>
          person.call('POST', '/fhir/R4', {
            body: transactionOf(postEntry(weightOf(own)), postEntry(conditionOf(own, 'Headache'))),
          }),
        status: 200,
        leaves: [
          [own, 'create'],
          [own, 'create'],
        ],
      },
      { ask: () => person.get(`/fhir/R4/Patient/${own}/$summary`), status: 200, leaves: [[own, 'summary']] },
      { ask: () => person.get('/api/entries?limit=5'), status: 200, leaves: [[own, 'looks']] },
      { ask: () => nobody.get(cards[at] ?? ''), status: 200, leaves: [[own, 'scan']] },
      { ask: () => person.get('/api/timeline'), status: 200, leaves: [[own, 'search']] },
      // Tries that come to nothing.
      {
        ask: () => stranger.get(`/fhir/R4/Condition/${condition}`),
        status: 404,
        leaves: [[own, 'read refused']],
      },
      {
        ask: () => person.call('POST', '/fhir/R4/Condition', { body: { resourceType: 'Condition' } }),
        status: 422,
        leaves: [],
      },
      { ask: () => nobody.get(`/fhir/R4/Condition/${condition}`), status: 401, leaves: [] },
    ];
    return kinds[Math.floor(index / peopleCount) % kinds.length] as Act;
  }

  test('entries and leaves are exactly what was acknowledged and what was refused', async () => {
    const expected = await entries();
    const queue = Array.from({ length: acts }, (_, index) => actOf(index)).values();
    const work = async (): Promise<void> => {
      for (const { ask, status, leaves } of queue) {
        const answer = await ask();
        assert.equal(answer.status, status, answer.text.slice(0, 300));
        for (const [owner, event] of leaves) {
          const key = `${owner} ${event}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    await server.sequencer.flush();
    const sorted = (map: ReadonlyMap<string, number>): [string, number][] =>
      [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(sorted(await entries()), sorted(expected));
    const { rows } = await server.pool.query(
      `select e.entry_id as entry, l.entry_id as leaf from entry e full join log_leaf l using (entry_id)
        where e.entry_id is null or l.entry_id is null or get_byte(l.leaf, 1) <> e.kind`,
    );
    assert.deepEqual(rows, []);
  });
});
