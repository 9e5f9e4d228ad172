// The server and witnesses as processes of their own: cosignatures are gathered and published, a witness that is away delays nothing,
// two servers with one key and two histories are found out, and a server put back to an old state does not go on.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import { parsePolicy } from '../../core/ledger/policy.ts';
import { verifyCosignatures } from '../../core/ledger/verify-cosignatures.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { verifyEntry } from '../../core/ledger/verify-entry.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { until } from '../harness/servers.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';
import type { WitnessProcess } from '../harness/witness-process.ts';
import { startWitness } from '../harness/witness-process.ts';

interface WitnessState {
  size: number;
  witnessedSize: number;
  threshold: number;
  policy: string;
  witnesses: { name: string; state: string; size: number; problem: string | null }[];
}

describe('a log with witnesses', () => {
  const folders: string[] = [];
  const databases: FreshDatabase[] = [];
  const witnesses: WitnessProcess[] = [];
  const witnessFolders: string[] = [];
  let servers: ServerProcess[] = [];
  let dataDir: string;
  let logVkey: string;
  let server: ServerProcess;
  let asha: Person;
  let settings: string;

  const newFolder = (name: string) => {
    const folder = mkdtempSync(join(tmpdir(), `medallion-${name}-`));
    folders.push(folder);
    return folder;
  };
  async function startOn(folder: string, database?: FreshDatabase): Promise<ServerProcess> {
    const own = database ?? (await freshDatabase());
    if (!database) databases.push(own);
    const started = startServerProcess(folder, await freePort(), {
      DATABASE_URL: own.url,
      WITNESSES: settings,
    });
    servers.push(started);
    return started;
  }
  const stateOf = async (of: ServerProcess) =>
    (await (await fetch(`${of.url}/log/witnesses`)).json()) as WitnessState;
  const fetchText = async (of: ServerProcess, path: string) => (await fetch(`${of.url}${path}`)).text();

  before(async () => {
    dataDir = newFolder('witnessed');
    logVkey = (await openLogKey(dataDir, 'log.example/log', true)).vkey;
    for (const name of ['one.example', 'two.example']) {
      const folder = newFolder('witness');
      witnessFolders.push(folder);
      witnesses.push(await startWitness(folder, [logVkey], { name }));
    }
    settings = `2 of ${witnesses.map(({ vkey, url }) => `${vkey} ${url}`).join(', ')}`;
    const database = await freshDatabase();
    databases.push(database);
    server = await startOn(dataDir, database);
    await server.ready();
    asha = await signUp(server.url);
  });
  after(async () => {
    for (const one of servers) await one.stop();
    for (const one of witnesses) await one.stop();
    for (const database of databases) await database.drop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const entryOf = async (entryId: string) =>
    (await asha.get(`/api/entries/${entryId}`)).json<{
      state: string;
      checkpoint: string;
      witnesses?: { count: number; of: number; threshold: number; names: string[] };
      evidence?: {
        leaf: string;
        leafIndex: number;
        statement: string;
        salt: string;
        hashes: string[];
      };
    }>();

  test('an entry is witnessed once both have signed a checkpoint that covers it, and proves it on its own', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    await until(async () => (await entryOf(made.entryId)).state === 'witnessed');
    const { witnesses: seen, evidence, checkpoint } = await entryOf(made.entryId);
    assert.deepEqual(seen, { count: 2, of: 2, threshold: 2, names: ['one.example', 'two.example'] });
    const trusted = [logVkey, ...witnesses.map(({ vkey }) => vkey)];
    assert.ok(evidence);
    const result = verifyEntry({
      leafBytes: decodeBase64(evidence.leaf),
      leafIndex: evidence.leafIndex,
      statement: evidence.statement,
      salt: decodeBase64(evidence.salt),
      contentText: (await asha.get(`/fhir/R4/Condition/${made.id}`)).text,
      inclusionProof: evidence.hashes.map(decodeBase64),
      checkpointNote: checkpoint,
      verifierKeys: trusted,
    });
    assert.equal(result.verdict, 'passed');
    assert.deepEqual(result.witnesses.toSorted(), ['one.example', 'two.example']);
    assert.equal(result.steps.find(({ code }) => code === 'checkpoint-witnessed')?.outcome, 'passed');
  });

  test('the published checkpoint carries the cosignatures, and the reader’s own policy accepts it', async () => {
    const policy = parsePolicy(
      [
        `log ${logVkey}`,
        ...witnesses.map(({ vkey }, at) => `witness w${at} ${vkey}`),
        'group both all w0 w1',
        'quorum both',
        '',
      ].join('\n'),
    );
    for (const path of ['/log/checkpoint/witnessed', '/log/checkpoint'])
      // The newest may be too new for a moment.
      await until(
        async () => verifyCosignatures(await fetchText(server, path), policy).verdict === 'witnessed',
      );
    // Asked once more they might be behind again: the log grows by every look.
    let state = await stateOf(server);
    await until(async () => {
      state = await stateOf(server);
      return state.witnesses.every((one) => one.state === 'current');
    });
    assert.deepEqual(
      state.witnesses.map(({ name, state: how, problem }) => [name, how, problem]),
      [
        ['one.example', 'current', null],
        ['two.example', 'current', null],
      ],
    );
    assert.equal(parsePolicy(state.policy).groups[0]?.threshold, 2);
  });

  test('a witness that is away delays nothing; when it is back it catches up', async () => {
    const [, second] = witnesses;
    assert.ok(second);
    const port = Number(new URL(second.url).port);
    await second.kill();
    const made = await asha.create(conditionOf(asha.patientId));
    await until(async () => (await entryOf(made.entryId)).witnesses?.count === 1);
    assert.equal((await entryOf(made.entryId)).state, 'logged', 'one of two is not enough');
    await until(async () => (await stateOf(server)).witnesses[1]?.problem === 'unreachable');
    witnesses[1] = await startWitness(witnessFolders[1] ?? '', [logVkey], { port });
    await until(async () => (await entryOf(made.entryId)).state === 'witnessed');
    assert.equal((await stateOf(server)).witnesses[1]?.problem, null);
  });

  test('a server with the same key and another history is refused, says so, and signs no more', async () => {
    const folder = newFolder('fork');
    cpSync(join(dataDir, 'keys'), join(folder, 'keys'), { recursive: true });
    const own = settings;
    // It comes up beside the honest one before it has heard of the witnesses, as a secret second view would.
    settings = '';
    const database = await freshDatabase();
    databases.push(database);
    const second = await startOn(folder, database);
    await second.ready();
    const other = await signUp(second.url);
    for (let made = 0; made < 12; made++) await other.create(conditionOf(other.patientId));
    await until(async () => (await stateOf(second)).size > 12);
    assert.equal((await stateOf(second)).witnessedSize, 0);
    await second.stop();
    const forked = await fetchText(server, '/log/checkpoint');
    settings = own;
    // Asked with a tree that the witness cannot know: it starts only if nobody holds a signed checkpoint that it does not contain.
    const third = await startOn(folder, database);
    assert.equal(await third.exited, 1, third.output());
    assert.match(third.output(), /did not start\. the log was signed at \d+ entries, but the database holds/);
    const opened = openCheckpoint(forked, [parseVerifierKey(logVkey)]);
    assert.ok(opened.ok, 'the honest one goes on');
  });

  test('two views served at once: the one that the witness saw first is signed, the other stops', async () => {
    const key = await openLogKey(newFolder('key'), 'two.example/log', true);
    const folderA = folders.at(-1) ?? '';
    const folderB = newFolder('view');
    cpSync(join(folderA, 'keys'), join(folderB, 'keys'), { recursive: true });
    const witness = await startWitness(newFolder('witness'), [key.vkey], { name: 'w.example' });
    witnesses.push(witness);
    settings = `${witness.vkey} ${witness.url}`;
    const [a, b] = [await startOn(folderA), await startOn(folderB)];
    await Promise.all([a.ready(), b.ready()]);
    const people = await Promise.all([signUp(a.url), signUp(b.url)]);
    // Both have signed trees of their own by now; whichever came second at the witness is stopped by it.
    const stopped = async () => {
      for (const [at, one] of [a, b].entries()) {
        await people[at]?.get(`/fhir/R4/Patient/${people[at]?.patientId}`);
        const problem = (await stateOf(one)).witnesses[0]?.problem ?? '';
        if (problem === 'other-history' || problem === 'ahead-of-us') return at;
      }
      return undefined;
    };
    let loser: number | undefined;
    await until(async () => (loser = await stopped()) !== undefined);
    const liar = [a, b][loser ?? 0] as ServerProcess;
    await until(() => liar.output().includes('the log is not continued'));
    const before = await fetchText(liar, '/log/checkpoint');
    const person = people[loser ?? 0] as Person;
    await person.create(conditionOf(person.patientId));
    const honest = [a, b][1 - (loser ?? 0)] as ServerProcess;
    const honestPerson = people[1 - (loser ?? 0)] as Person;
    const made = await honestPerson.create(conditionOf(honestPerson.patientId));
    await until(async () => {
      const answer = await honestPerson.get(`/api/entries/${made.entryId}`);
      return answer.json<{ state: string }>().state === 'witnessed';
    });
    assert.equal(await fetchText(liar, '/log/checkpoint'), before, 'nothing more was signed');
    assert.equal((await stateOf(honest)).witnesses[0]?.problem, null);
    assert.match(witness.output(), /"level":"error"|other-size/);
  });

  test('a server put back with data folder and database to an older state asks the witnesses and does not start', async () => {
    await server.stop();
    const folder = newFolder('restored');
    cpSync(join(dataDir, 'keys'), join(folder, 'keys'), { recursive: true });
    settings = `2 of ${witnesses
      .slice(0, 2)
      .map(({ vkey, url }) => `${vkey} ${url}`)
      .join(', ')}`;
    const restored = await startOn(folder);
    assert.equal(await restored.exited, 1, restored.output());
    assert.match(
      restored.output(),
      /did not start\. .*restored from an older copy.*Restore the newest copy/s,
    );
    servers = servers.filter((one) => one !== server);
  });
});
