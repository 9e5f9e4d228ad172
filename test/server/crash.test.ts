// The server killed with `kill -9` while several people write and look, again and again: what it had acknowledged is there after the
// restart, equal and whole, and in the log exactly once.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';
import { fetchRecord } from '../harness/record.ts';
import { changed, conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { RecordEvidence } from '../../core/ledger/verify-record.ts';
import { verifyRecord } from '../../core/ledger/verify-record.ts';

const rounds = 20;
/**
 * A new write begins as soon as the last is acknowledged; the kill comes this long after everybody's first acknowledgement
 * of a round, however slow the machine is.
 */
const shortestMs = 40;
const spreadMs = 160;

interface Written {
  path: string;
  text: string;
}

/** What one person was told. */
interface Ledger {
  person: Person;
  /** Newest acknowledged state by path; undefined for what was deleted. */
  standing: Map<string, Written | undefined>;
  /** Every acknowledged version, by `path/_history/n`. */
  versions: Map<string, string>;
  /** Entry ids that answers named. */
  entryIds: Set<string>;
  /** Answers that showed something: each is a look. */
  looks: number;
  /** Paths whose last write was sent and never answered: it may or may not have happened. */
  unsure: Set<string>;
  /** Paths written in this round. */
  touched: Set<string>;
}

describe('CRASH-01 kill -9 during writes', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-crash-'));
  let port: number;
  let server: ServerProcess;
  const ledgers: Ledger[] = [];

  before(async () => {
    port = await freePort();
    server = startServerProcess(dataDir, port);
    await server.ready();
    for (const name of ['a', 'b', 'c', 'd']) {
      const person = await signUp(server.url, { login: `${name}@example.org` });
      ledgers.push({
        person,
        standing: new Map(),
        versions: new Map(),
        entryIds: new Set(),
        looks: 0,
        unsure: new Set(),
        touched: new Set(),
      });
    }
  });
  after(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test(`${rounds} rounds: nothing acknowledged is lost, torn, doubled or missing in the log`, async () => {
    for (let round = 0; round < rounds; round++) {
      const firsts = ledgers.map(() => Promise.withResolvers<void>());
      const writers = ledgers.map((ledger, at) => writeUntilCut(ledger, () => firsts[at]?.resolve()));
      await Promise.race([Promise.all(firsts.map(({ promise }) => promise)), Promise.all(writers)]);
      // Moments spread over the whole of a write, the same in every run.
      await sleep(shortestMs + ((round * 67) % spreadMs));
      await server.kill();
      await Promise.all(writers);
      server = startServerProcess(dataDir, port);
      await server.ready();
      for (const ledger of ledgers) {
        await assertKept(ledger, [...new Set([...ledger.touched, ...ledger.unsure])], `round ${round}`);
        ledger.touched.clear();
      }
    }
    const acknowledged = ledgers.reduce((sum, { versions }) => sum + versions.size, 0);
    assert.ok(acknowledged >= rounds * ledgers.length, `${acknowledged} versions were acknowledged`);
    for (const ledger of ledgers) {
      await assertKept(ledger, [...ledger.standing.keys()], 'in the end');
      await assertLogged(ledger);
    }
  });

  let bundles = 0;

  function noteVersion(ledger: Ledger, path: string, version: number, text: string, entryId: string): void {
    ledger.standing.set(path, { path, text });
    ledger.versions.set(`${path}/_history/${version}`, text);
    ledger.entryIds.add(entryId);
    ledger.touched.add(path);
  }

  /** Writes, changes, deletes and looks, one after the other, until the connection is gone. */
  async function writeUntilCut(ledger: Ledger, acknowledged: () => void): Promise<void> {
    const { person } = ledger;
    const { patientId } = person;
    for (let step = 0; ; step++) {
      let path: string | undefined;
      try {
        switch (step % 5) {
          case 0: {
            const made = await person.create(conditionOf(patientId, `step ${step}`));
            noteVersion(ledger, `Condition/${made.id}`, 1, made.text, made.entryId);
            break;
          }
          case 1: {
            const [known] = [...ledger.standing.values()].filter((one) => one?.path.startsWith('Condition/'));
            path = known?.path;
            if (!known || !path) break;
            const answer = await person.call('PUT', `/fhir/R4/${path}`, {
              body: changed(known.text, { code: { text: `changed in step ${step}` } }),
            });
            assert.equal(answer.status, 200, answer.text);
            const version = Number(/"(\d+)"/.exec(answer.headers.get('etag') ?? '')?.[1]);
            noteVersion(ledger, path, version, answer.text, answer.headers.get('ledger-entry') ?? '');
            break;
          }
          case 2: {
            bundles += 1;
            const body = transactionOf(
              ...[1, 2, 3].map((part) => postEntry(weightOf(patientId, bundles * 10 + part))),
            );
            const answer = await person.call('POST', '/fhir/R4', { body });
            assert.equal(answer.status, 200, answer.text);
            const bundle = answer.json<{
              entry: { response: { location: string; extension: { valueUuid: string }[] } }[];
            }>();
            for (const { response } of bundle.entry) {
              const entryId = response.extension[0]?.valueUuid.replace('urn:uuid:', '') ?? '';
              // The answer does not repeat the text: what is read first is what must stay.
              noteVersion(ledger, response.location.replace('/_history/1', ''), 1, '', entryId);
            }
            break;
          }
          case 3: {
            const answer = await person.get(`/fhir/R4/Patient/${patientId}`);
            assert.equal(answer.status, 200);
            ledger.looks += 1;
            break;
          }
          default: {
            path = [...ledger.standing].filter(([at, one]) => one && at.startsWith('Observation/'))[0]?.[0];
            if (!path) break;
            const answer = await person.call('DELETE', `/fhir/R4/${path}`);
            assert.equal(answer.status, 204, answer.text);
            ledger.standing.set(path, undefined);
            ledger.touched.add(path);
            ledger.entryIds.add(answer.headers.get('ledger-entry') ?? '');
          }
        }
        acknowledged();
      } catch (error) {
        // What fetch throws when the other side is gone.
        if (!(error instanceof TypeError && /^(fetch failed|terminated)$/.test(error.message))) throw error;
        if (path !== undefined) ledger.unsure.add(path);
        return;
      }
    }
  }

  /** Everybody is still signed in: sessions were acknowledged too. */
  async function assertKept(ledger: Ledger, paths: readonly string[], when: string): Promise<void> {
    const { person, standing, unsure } = ledger;
    for (const path of paths) {
      const written = standing.get(path);
      const answer = await person.get(`/fhir/R4/${path}`);
      if (answer.status === 200) ledger.looks += 1;
      if (unsure.has(path)) {
        // The last write was never answered: the state before it or after it, nothing in between.
        assert.ok(answer.status === 200 || answer.status === 410, `${when}: ${path} ${answer.status}`);
        if (answer.status === 410) standing.set(path, undefined);
        else {
          const version = Number(/"(\d+)"/.exec(answer.headers.get('etag') ?? '')?.[1]);
          ledger.versions.set(`${path}/_history/${version}`, answer.text);
          standing.set(path, { path, text: answer.text });
        }
        unsure.delete(path);
      } else if (written === undefined) assert.equal(answer.status, 410, `${when}: ${path} was deleted`);
      else {
        assert.equal(answer.status, 200, `${when}: ${path} is there`);
        if (written.text !== '') assert.equal(answer.text, written.text, `${when}: ${path} is what it was`);
        else {
          standing.set(path, { path, text: answer.text });
          ledger.versions.set(`${path}/_history/1`, answer.text);
        }
      }
    }
  }

  async function assertLogged(ledger: Ledger): Promise<void> {
    const { person, versions, entryIds } = ledger;
    const record = await settled(person);
    const result = verifyRecord(record);
    assert.deepEqual([result.verdict, result.failures], ['passed', []]);
    const logged = new Map<string, string>();
    let looks = 0;
    for (const { entryId, statement, content } of record.links) {
      const { event, on } = JSON.parse(statement ?? '') as {
        event: string;
        on?: { type: string; id: string; version?: number };
      };
      if (event === 'read') looks += 1;
      if (content === undefined) continue;
      const key = `${on?.type}/${on?.id}/_history/${on?.version}`;
      assert.ok(!logged.has(key), `${key} is in the log once`);
      logged.set(key, content ?? '');
      entryIds.delete(entryId);
    }
    for (const [key, text] of versions) {
      assert.ok(logged.has(key), `${key} is in the log`);
      // Deleted before it was read: only that it is there is known.
      if (text !== '') assert.equal(logged.get(key), text, `${key} as it was acknowledged`);
    }
    assert.deepEqual([...entryIds], [], 'every entry that an answer named is in the log');
    assert.ok(looks >= ledger.looks, `${looks} looks are in the log, ${ledger.looks} were answered`);
    // A transaction is there whole or not at all: its three weights differ by one.
    const weights = new Set<number>();
    for (const [key, text] of logged)
      if (key.startsWith('Observation/') && key.endsWith('/_history/1'))
        weights.add((JSON.parse(text) as { valueQuantity: { value: number } }).valueQuantity.value);
    for (const weight of weights)
      for (const part of [1, 2, 3])
        assert.ok(weights.has(weight - (weight % 10) + part), `all of the transaction around ${weight}`);
  }

  /** The record once a signed checkpoint covers every entry that there is now. */
  async function settled(client: Client): Promise<RecordEvidence> {
    const newest = (await client.get('/api/entries?limit=1')).json<{ entries: { entryId: string }[] }>();
    const entryId = newest.entries[0]?.entryId ?? '';
    for (;;) {
      const { evidence } = (await client.get(`/api/entries/${entryId}`)).json<{ evidence?: object }>();
      if (evidence !== undefined) return fetchRecord(client, 500);
      await sleep(50);
    }
  }
});

describe('a second process on the same data folder', () => {
  test('is refused with a reason and an exit code, and the first goes on', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'medallion-owner-'));
    const first = startServerProcess(dataDir, await freePort());
    try {
      await first.ready();
      const person = await signUp(first.url);
      const second = startServerProcess(dataDir, await freePort());
      assert.equal(await second.exited, 1);
      assert.match(second.output(), /^Medallion did not start\. .*(in use|another)/is);
      assert.ok(!/\n\s+at /.test(second.output()), 'without a stack');
      await person.create(conditionOf(person.patientId));
    } finally {
      assert.equal(await first.stop(), 0, 'a clean end');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('a wrong environment', () => {
  const refused: [string, Record<string, string>, RegExp][] = [
    [
      'a DATABASE_URL where nothing listens',
      { DATABASE_URL: 'postgresql://u:s3cret@127.0.0.1:1/x' },
      /DATABASE_URL.*nothing answers/,
    ],
    ['a DATABASE_URL of another kind', { DATABASE_URL: 'mysql://u:s3cret@localhost/x' }, /DATABASE_URL/],
    ['a DATABASE_URL that is no address', { DATABASE_URL: 's3cret' }, /DATABASE_URL/],
    ['a PORT that is none', { PORT: '99999' }, /PORT/],
    ['a PUBLIC_URL that is none', { PUBLIC_URL: 'medallion' }, /PUBLIC_URL/],
    ['a data folder that is a file', { DATA_DIR: import.meta.filename }, /./],
  ];
  for (const [what, environment, reason] of refused) {
    test(`${what} is said and ends the process, without the password`, async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'medallion-env-'));
      const server = startServerProcess(dataDir, await freePort(), environment);
      const code = await server.exited;
      rmSync(dataDir, { recursive: true, force: true });
      assert.equal(code, 1, server.output());
      assert.match(server.output(), reason);
      assert.match(server.output(), /^Medallion did not start\. /);
      assert.ok(!server.output().includes('s3cret'));
      assert.ok(!/\n\s+at /.test(server.output()), `without a stack: ${server.output()}`);
    });
  }
});
