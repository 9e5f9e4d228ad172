// Anchoring against a chain that fails, lies, forgets and stalls: nothing of the server waits for it, nothing is lost, nothing is counted twice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Anchorer } from '../../server/ledger/anchorer.ts';
import { startAnchorer } from '../../server/ledger/anchorer.ts';
import { readNonce } from '../../server/ledger/chain/node-facts.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { TestChain, TestNode } from '../harness/chain.ts';
import { silent, startTestChain, startTestNode } from '../harness/chain.ts';
import { startServer } from '../harness/server.ts';
import type { TestServer } from '../harness/server.ts';

interface Shown {
  state: string;
  size: number;
  records?: number;
  returned: number;
  block?: number;
  transaction?: string;
}

describe('anchoring', () => {
  let chain: TestChain;
  let node: TestNode;
  let server: TestServer;
  let logId: Buffer;
  let nowMs = Date.now();
  const others: Anchorer[] = [];

  before(async () => {
    chain = await startTestChain();
  });
  after(() => chain.stop());
  beforeEach(async () => {
    node = await startTestNode(chain);
    server = await startServerOn({});
    logId = await chain.openLog(originOf(server));
    await write();
  });
  afterEach(async () => {
    for (const one of others.splice(0)) await one.stop();
    await chain.rpc.call('evm_setAutomine', [true]);
    await server.stop();
    await node.stop();
  });

  const originOf = ({ url }: TestServer): string => `${new URL(url).host}/log`;
  const chainVariables = () => ({
    CHAIN_RPC_URL: node.url,
    CHAIN_CONTRACT: chain.contract,
    CHAIN_PRIVATE_KEY_FILE: chain.keyFile,
    CHAIN_CONFIRMATIONS: '1',
  });

  function startServerOn(environment: Record<string, string>): Promise<TestServer> {
    nowMs = Date.now();
    return startServer({
      environment: { ...chainVariables(), ...environment },
      sources: { now: () => nowMs },
    });
  }

  async function write(): Promise<void> {
    await signUp(server.url, { login: `p${randomBytes(6).toString('hex')}@example.org` });
    await server.sequencer.flush();
  }

  async function shown(): Promise<Shown[]> {
    const answer = await newClient(server.url).get('/log/anchors');
    return answer.json<{ anchors: Shown[] }>().anchors;
  }

  /** Rounds until nothing is on its way any more, by whichever process. */
  async function settle(anchorer: Anchorer = server.anchorer): Promise<void> {
    while ((await anchorer.anchorNow()) !== 'idle') await sleep(20);
  }

  /** What the contract itself has said of this log, oldest first. */
  async function said(): Promise<number[]> {
    const found = (await chain.rpc.call('eth_getLogs', [
      { fromBlock: '0x0', toBlock: 'latest', address: chain.contract },
    ])) as { topics: string[] }[];
    return found
      .filter(({ topics }) => topics.length === 3 && topics[1] === `0x${logId.toString('hex')}`)
      .map(({ topics }) => Number(topics[2]))
      .filter((size) => Number.isSafeInteger(size));
  }

  async function events(): Promise<number> {
    const { rows } = await server.pool.query(
      `select count(*)::int as n from entry where patient_id = '' and statement like '%"event":"anchor"%'`,
    );
    return (rows[0] as { n: number }).n;
  }

  async function size(): Promise<number> {
    const { rows } = await server.pool.query('select size::int from log_head');
    return (rows[0] as { size: number }).size;
  }

  test('a root goes out once, and the leaf that tells of it calls for no other', async () => {
    const anchored = await size();
    await settle();
    for (let round = 0; round < 3; round++) {
      await server.sequencer.flush();
      await settle();
    }
    assert.equal(await size(), anchored + 1, 'one leaf tells of it');
    assert.deepEqual(await said(), [anchored]);
    await write();
    const next = await size();
    await settle();
    assert.deepEqual(await said(), [anchored, next]);
    assert.deepEqual(
      (await shown()).map(({ state, size: of, records }) => [state, of, records]),
      [
        ['anchored', next, next - anchored],
        ['anchored', anchored, anchored],
      ],
    );
  });

  test('while the node is away, slow or garbled, people are served; afterwards the newest root goes out', async () => {
    const garbles = [
      '',
      'null',
      '[]',
      '{',
      '"x"',
      '{"jsonrpc":"2.0","id":1}',
      '{"id":0,"result":"0x1"}',
      `{"x":"${'y'.repeat(2_000_000)}"}`,
    ];
    node.behave(async () => 'hang up');
    await assert.rejects(server.anchorer.anchorNow(), { name: 'RpcError' });
    for (const raw of garbles) {
      node.behave(async () => ({ raw }));
      await assert.rejects(server.anchorer.anchorNow(), { name: 'RpcError' }, raw.slice(0, 30));
      await write();
    }
    for (const result of ['0x', 'x', '0xzz', {}, [], 7, `0x${'f'.repeat(64)}`, null]) {
      node.behave(async () => ({ result }));
      await assert.rejects(server.anchorer.anchorNow(), /RpcError|ChainNotReady/, JSON.stringify(result));
    }
    assert.deepEqual([await said(), await shown()], [[], []]);
    node.behave(undefined);
    const newest = await size();
    await settle();
    assert.deepEqual(await said(), [newest]);
    // The connection stands; now each single call fails in its turn.
    for (const broken of new Set(node.calls)) {
      await write();
      const before = await said();
      node.behave(async ({ method }, passOn) => (method === broken ? 'hang up' : { result: await passOn() }));
      await server.anchorer.anchorNow().catch(() => undefined);
      node.behave(undefined);
      const wanted = await size();
      await settle();
      await server.sequencer.flush();
      const after = await said();
      assert.ok((after.at(-1) ?? 0) >= wanted - 1 && after.length === before.length + 1, broken);
      assert.deepEqual(
        (await shown()).map(({ state }) => state).filter((state) => state !== 'anchored'),
        [],
      );
    }
    assert.equal(await events(), (await said()).length, 'one event for each anchor');
  });

  test('the answer to a sent transaction may be lost', async () => {
    node.behave(async ({ method }, passOn) => {
      const result = await passOn();
      return method === 'eth_sendRawTransaction' ? 'hang up' : { result };
    });
    await assert.rejects(server.anchorer.anchorNow(), { code: 'chain-unreachable' });
    node.behave(undefined);
    assert.equal((await shown())[0]?.state, 'sent');
    await settle();
    assert.equal((await shown())[0]?.state, 'anchored');
    assert.equal((await said()).length, 1);
    assert.equal(await events(), 1);
  });

  test('LOG-09 a receipt that the chain does not bear out counts for nothing', async () => {
    await chain.rpc.call('evm_setAutomine', [false]);
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    const block = (await chain.rpc.call('eth_getBlockByNumber', ['latest', false])) as {
      number: string;
      hash: string;
    };
    const receipt = (hash: unknown, more: object) => ({
      transactionHash: hash,
      blockNumber: block.number,
      blockHash: block.hash,
      status: '0x1',
      gasUsed: '0x5208',
      effectiveGasPrice: '0x1',
      logs: [],
      ...more,
    });
    const event = {
      address: chain.contract,
      topics: [
        // As another contract, or this one for another log or root, would say it.
        `0x${randomBytes(32).toString('hex')}`,
        `0x${logId.toString('hex')}`,
      ],
      data: '0x',
    };
    for (const more of [
      {},
      { logs: [event] },
      { status: '0x0' },
      { blockHash: `0x${randomBytes(32).toString('hex')}` },
    ]) {
      node.behave(async ({ method, params }, passOn) =>
        method === 'eth_getTransactionReceipt'
          ? { result: receipt(params[0], more) }
          : { result: await passOn() },
      );
      await server.anchorer.anchorNow().catch(() => undefined);
      assert.equal((await shown())[0]?.state, 'sent');
    }
    assert.equal(await events(), 0);
    node.behave(undefined);
    await chain.rpc.call('evm_mine', []);
    await settle();
    assert.equal((await shown())[0]?.state, 'anchored');
  });

  test('with a second node an anchor counts when both show it', async () => {
    const second = await startTestNode(chain);
    const twice = await startServer({
      environment: {
        ...chainVariables(),
        CHAIN_SECOND_RPC_URL: second.url,
      },
    });
    try {
      await chain.openLog(originOf(twice));
      await signUp(twice.url);
      await twice.sequencer.flush();
      second.behave(async ({ method }, passOn) =>
        method === 'eth_getTransactionReceipt' ? { result: null } : { result: await passOn() },
      );
      assert.equal(await twice.anchorer.anchorNow(), 'waiting');
      second.behave(undefined);
      await settle(twice.anchorer);
    } finally {
      await twice.stop();
      await second.stop();
    }
  });

  test('an anchor counts only when enough blocks lie over it', async () => {
    await server.stop();
    server = await startServerOn({ CHAIN_CONFIRMATIONS: '3' });
    logId = await chain.openLog(originOf(server));
    await write();
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    await chain.rpc.call('evm_mine', []);
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    await chain.rpc.call('evm_mine', []);
    await settle();
    assert.equal((await shown())[0]?.state, 'anchored');
  });

  test('without a number of blocks, it counts when the chain calls it final', async () => {
    await server.stop();
    server = await startServerOn({ CHAIN_CONFIRMATIONS: '' });
    logId = await chain.openLog(originOf(server));
    await write();
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    await chain.rpc.call('anvil_mine', ['0x20']);
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    await chain.rpc.call('anvil_mine', ['0x40']);
    assert.equal(await server.anchorer.anchorNow(), 'idle');
    assert.equal((await shown())[0]?.state, 'anchored');
  });

  test('what a re-organised chain dropped waits again, is sent again and stands again', async () => {
    await settle();
    const [before] = await shown();
    // Three blocks that never were; their transactions are forgotten.
    await chain.rpc.call('anvil_reorg', [1, []]);
    assert.deepEqual(await said(), []);
    await chain.rpc.call('evm_setAutomine', [false]);
    await server.anchorer.anchorNow();
    const [between] = await shown();
    assert.deepEqual([between?.state, between?.returned, between?.block], ['sent', 1, undefined]);
    await chain.rpc.call('evm_mine', []);
    await settle();
    const [after] = await shown();
    assert.deepEqual([after?.state, after?.size, after?.returned], ['anchored', before?.size, 1]);
    assert.deepEqual(await said(), [before?.size]);
  });

  test('what a chain that went back lost is sent again, and only the largest of several', async () => {
    const snapshot = await chain.rpc.call('evm_snapshot', []);
    await settle();
    await write();
    await settle();
    const sizes = await said();
    assert.equal(sizes.length, 2);
    await chain.rpc.call('evm_revert', [snapshot]);
    assert.deepEqual(await said(), []);
    // A node that has not come so far yet might only be behind: nothing is concluded before it has.
    await server.anchorer.anchorNow();
    assert.deepEqual(
      (await shown()).map(({ state }) => state),
      ['anchored', 'anchored'],
    );
    await chain.rpc.call('anvil_mine', ['0x4']);
    await settle();
    await server.sequencer.flush();
    await settle();
    assert.deepEqual(await said(), [sizes[1]]);
    assert.deepEqual(
      (await shown()).map(({ state, size: of, returned }) => [state, of, returned]),
      [['anchored', sizes[1], 1]],
    );
  });

  test('a transaction that no block takes is replaced by one that offers more, with the same number', async () => {
    await chain.rpc.call('evm_setAutomine', [false]);
    assert.equal(await server.anchorer.anchorNow(), 'waiting');
    const nonce = await readNonce(chain.rpc, chain.registry.signer);
    for (let times = 0; times < 3; times++) {
      nowMs += 60_000;
      await server.anchorer.anchorNow();
      nowMs += 61_000;
      await server.anchorer.anchorNow();
    }
    const { rows } = await server.pool.query(
      'select nonce::int, fee_wei::float8 as fee, tip_wei::float8 as tip from anchor_attempt order by signed_at',
    );
    const attempts = rows as { nonce: number; fee: number; tip: number }[];
    assert.equal(attempts.length, 4);
    attempts.forEach((one, index) => {
      assert.equal(one.nonce, nonce);
      const former = attempts[index - 1];
      if (former) assert.ok(one.fee >= former.fee * 1.1 && one.tip >= former.tip * 1.1);
    });
    await chain.rpc.call('evm_mine', []);
    await settle();
    assert.equal((await said()).length, 1);
    assert.equal(await readNonce(chain.rpc, chain.registry.signer), nonce + 1);
  });

  test('a fee above the limit is not paid', async () => {
    node.behave(async ({ method }, passOn) => {
      const result = await passOn();
      return method === 'eth_getBlockByNumber'
        ? { result: { ...(result as object), baseFeePerGas: '0xffffffffffff' } }
        : { result };
    });
    assert.equal(await server.anchorer.anchorNow(), 'too-dear');
    assert.ok(!node.calls.includes('eth_sendRawTransaction'));
    node.behave(undefined);
    await settle();
  });

  test('another chain behind the same address gets nothing', async () => {
    await settle();
    await write();
    node.behave(async ({ method }, passOn) =>
      method === 'eth_chainId' ? { result: '0x1' } : { result: await passOn() },
    );
    await assert.rejects(server.anchorer.anchorNow(), { code: 'chain-contract-differs' });
    assert.equal((await said()).length, 1);
  });

  test('a contract with other code, a log it does not know, a key it does not let in: each is named', async () => {
    const attempt = async (environment: Record<string, string>) => {
      const one = await startServerOn(environment);
      try {
        await one.anchorer.anchorNow();
      } finally {
        await one.stop();
      }
    };
    await assert.rejects(attempt({ CHAIN_CONTRACT: '' }), { code: 'chain-contract-unset' });
    await assert.rejects(attempt({ CHAIN_CONTRACT: `0x${'1'.repeat(40)}` }), {
      code: 'chain-contract-differs',
    });
    await assert.rejects(attempt({}), { code: 'chain-log-not-open' });
    await assert.rejects(attempt({ CHAIN_PRIVATE_KEY_FILE: '/nowhere' }), { code: 'chain-key' });
    await assert.rejects(attempt({ CHAIN_PRIVATE_KEY_FILE: import.meta.filename }), { code: 'chain-key' });
  });

  test('a chain that holds more than this log, or another root, stops anchoring and says so', async () => {
    await settle();
    await write();
    await server.pool.query(
      'update log_tile set hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1) where level = 0',
    );
    await assert.rejects(server.anchorer.anchorNow(), { code: 'log-contradicts-anchor' });
    await server.pool.query(
      'update log_tile set hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1) where level = 0',
    );
    await settle();
    await server.pool.query(
      'create table kept as select * from log_checkpoint; delete from log_checkpoint where size > 1',
    );
    await assert.rejects(server.anchorer.anchorNow(), { code: 'log-contradicts-anchor' });
  });

  test('of two processes one anchors; when it goes the other does', async () => {
    const other = anchorerBeside();
    await settle();
    assert.equal(await other.anchorNow(), 'elsewhere');
    await Promise.all([write(), write()]);
    await Promise.all([
      server.anchorer.anchorNow(),
      other.anchorNow(),
      server.anchorer.anchorNow(),
      other.anchorNow(),
    ]);
    await settle();
    assert.equal((await said()).length, 2);
    await server.anchorer.stop();
    await write();
    await settle(other);
    assert.equal((await said()).length, 3);
    assert.equal(await events(), 3);
  });

  function anchorerBeside(): Anchorer {
    const one = startAnchorer({
      connection: server.deps.db.connection,
      config: server.deps.config.chain,
      dataDir: server.dataDir,
      origin: originOf(server),
      now: () => nowMs,
      randomBytes,
      log: silent,
    });
    others.push(one);
    return one;
  }

  for (const point of [
    'before-attempt',
    'after-attempt',
    'after-send',
    'before-confirm',
    'after-confirm',
  ] as const)
    test(`a process killed ${point} is followed by one that ends its work, once`, async () => {
      const program = join(import.meta.dirname, '../harness/anchorer-process.ts');
      const run = (where: string) =>
        new Promise<NodeJS.Signals | number | null>((resolve) => {
          const child = spawn(
            process.execPath,
            [
              program,
              server.databaseUrl,
              server.dataDir,
              node.url,
              chain.contract,
              chain.keyFile,
              originOf(server),
              where,
            ],
            { stdio: 'inherit' },
          );
          child.once('exit', (code, signal) => resolve(signal ?? code));
        });
      const wanted = await size();
      assert.equal(await run(point), 'SIGKILL');
      // The database notices the dead process in its own time.
      await settle();
      await server.sequencer.flush();
      assert.deepEqual(await said(), [wanted]);
      assert.equal(await events(), 1);
      assert.deepEqual(
        (await shown()).map(({ state }) => state),
        ['anchored'],
      );
    });
});
