// The chain of one's own, as it comes with the package: it starts after the server, lives under the data folder, survives `kill -9`, goes when
// its owner goes; and what an anchor costs there.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalChain } from '../../server/ledger/chain/local-chain.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { silent } from '../harness/chain.ts';
import { postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';
import { startServerProcess } from '../harness/server-process.ts';

interface Shown {
  state: string;
  size: number;
  records: number;
  gasUsed: number;
  genesis: string;
  contract: string;
  transaction: string;
  local: boolean;
}

const shown = async (url: string): Promise<Shown[]> =>
  (await newClient(url).get('/log/anchors')).json<{ anchors: Shown[] }>().anchors;

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
}

/** Processes at work in the chain's folder: the node and its watchdog. */
function chainProcesses(dataDir: string): number {
  const folder = join(dataDir, 'chain');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    }).length;
}

describe('the local chain', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-local-'));
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  test('it starts by itself, survives kill -9 of its owner and keeps its anchors, its contract and its key', async () => {
    const port = await freePort();
    const environment = { CHAIN_EVERY_MINUTES: '1' };
    let server = startServerProcess(dataDir, port, environment);
    try {
      await server.ready();
      await signUp(server.url, { login: 'one@example.org' });
      const first = await until(async () =>
        (await shown(server.url)).find(({ state }) => state === 'anchored'),
      );
      assert.equal(first.local, true);
      const key = join(dataDir, 'keys', 'local-chain-key');
      assert.equal(statSync(key).mode & 0o077, 0);
      await server.kill();
      if (process.platform === 'linux')
        await until(async () => (chainProcesses(dataDir) === 0 ? true : undefined));

      server = startServerProcess(dataDir, port, environment);
      await server.ready();
      await signUp(server.url, { login: 'two@example.org' });
      const next = await until(async () =>
        (await shown(server.url)).find(({ state, size }) => state === 'anchored' && size > first.size),
      );
      assert.deepEqual(
        [next.genesis, next.contract],
        [first.genesis, first.contract],
        'the same chain goes on',
      );
      assert.equal((await shown(server.url)).at(-1)?.transaction, first.transaction);
    } finally {
      await server.stop();
    }
    if (process.platform === 'linux') assert.equal(chainProcesses(dataDir), 0, 'it goes with its owner');
  });

  test('a state that cannot be read is set aside and another chain begins', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medallion-damaged-'));
    try {
      const first = await startLocalChain(folder, silent);
      await first.rpc.call('anvil_mine', ['0x2']);
      await first.keep();
      await first.stop();
      const again = await startLocalChain(folder, silent);
      assert.equal(await again.rpc.call('eth_blockNumber', []), '0x2');
      await assert.rejects(startLocalChain(folder, silent), { name: 'DataFolderInUseError' });
      await again.stop();
      const file = join(folder, 'chain', 'state.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
      const fresh = await startLocalChain(folder, silent);
      assert.equal(await fresh.rpc.call('eth_blockNumber', []), '0x0');
      assert.ok(existsSync(`${file}.old`));
      await fresh.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('without a program for this machine nothing is anchored, and everything else works', async () => {
    const server = await startServer();
    const { arch } = process;
    Object.defineProperty(process, 'arch', { value: 'abacus' });
    try {
      await assert.rejects(server.anchorer.anchorNow(), { code: 'local-chain-missing' });
      await signUp(server.url);
      await server.sequencer.flush();
    } finally {
      Object.defineProperty(process, 'arch', { value: arch });
      await server.stop();
    }
  });

  describe('what an anchor costs', () => {
    let asha: Person;
    let server: Awaited<ReturnType<typeof startServer>>;
    before(async () => {
      server = await startServer();
      asha = await signUp(server.url);
      await settle();
    });
    after(() => server.stop());

    async function settle(): Promise<void> {
      await server.sequencer.flush();
      while ((await server.anchorer.anchorNow()) !== 'idle') await sleep(20);
    }

    async function write(count: number): Promise<void> {
      const body = transactionOf(
        ...Array.from({ length: count }, (_, index) => postEntry(weightOf(asha.patientId, index + 1))),
      );
      assert.equal((await asha.call('POST', '/fhir/R4', { body })).status, 200);
    }

    test('1,000 records in one anchor cost at most 60 gas each, at least 900 times less than a transaction for each', async () => {
      for (let rounds = 0; rounds < 5; rounds++) await write(200);
      await settle();
      const batch = (await shown(server.url))[0] as Shown;
      assert.ok(batch.records >= 1000);
      // The same contract on the same chain, asked to take a record by itself.
      await write(1);
      await settle();
      const single = (await shown(server.url))[0] as Shown;
      assert.ok(single.records <= 2);
      const perRecord = batch.gasUsed / batch.records;
      console.log(
        `gas per anchor: ${batch.gasUsed}; per record at ${batch.records} records: ${perRecord.toFixed(1)}; ` +
          `a transaction for one record: ${single.gasUsed}; ${(single.gasUsed / perRecord).toFixed(0)} times cheaper`,
      );
      assert.ok(batch.gasUsed <= 60_000);
      assert.ok(perRecord <= 60);
      assert.ok(single.gasUsed / perRecord >= 900);
    });
  });
});
