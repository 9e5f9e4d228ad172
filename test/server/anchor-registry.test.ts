// The contract on a real chain: who may do what, what it refuses, and its proofs against core/ledger over many trees and hostile proofs.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import { proveConsistency } from '../../core/ledger/consistency.ts';
import { verifyConsistency } from '../../core/ledger/consistency.ts';
import { proveInclusion, verifyInclusion } from '../../core/ledger/inclusion.ts';
import { emptyRoot, leafHash, nodeHash, rootOfLeafHashes } from '../../core/ledger/tree.ts';
import { anchorRegistryAbi as abi, anchorRegistryCode } from '../../server/ledger/chain/anchor-registry.ts';
import { RpcError } from '../../server/ledger/chain/json-rpc.ts';
import { readCode, readNonce, readReceipt } from '../../server/ledger/chain/node-facts.ts';
import type { Hex, Registry } from '../../server/ledger/chain/registry.ts';
import { registryFile, registrySource } from '../../build/anchor-registry.ts';
import type { TestChain } from '../harness/chain.ts';
import { startTestChain } from '../harness/chain.ts';

const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;
const random = (count: number): number => randomBytes(4).readUInt32BE() % count;

/** Leaf hashes and every perfect subtree over them. */
function treeOf(size: number) {
  const hashes = Array.from({ length: size }, () => leafHash(randomBytes(98)));
  const rows: Uint8Array[][] = [hashes];
  for (let row = hashes; row.length > 1;) {
    const above: Uint8Array[] = [];
    for (let at = 0; at + 1 < row.length; at += 2)
      above.push(nodeHash(row[at] as Uint8Array, row[at + 1] as Uint8Array));
    rows.push(above);
    row = above;
  }
  return {
    hashes,
    root: rootOfLeafHashes(hashes),
    rootAt: (count: number) => rootOfLeafHashes(hashes.slice(0, count)),
    read: (level: number, index: number) => rows[level]?.[index] as Uint8Array,
  };
}

describe('AnchorRegistry', () => {
  let chain: TestChain;
  before(async () => {
    chain = await startTestChain();
  });
  after(() => chain.stop());

  /** Sends a call and returns the gas it used; rejects with the contract's reason. */
  async function send(from: Registry, data: Hex): Promise<number> {
    await chain.rpc
      .call('eth_estimateGas', [{ from: from.signer, to: chain.contract, data }])
      .catch(fail(from));
    const { hash, signed } = await from.sign({
      chainId: 31_337,
      nonce: await readNonce(chain.rpc, from.signer),
      to: chain.contract,
      data,
      gas: 300_000n,
      fees: { feeWei: 10n ** 11n, tipWei: 10n ** 9n },
    });
    await chain.rpc.call('eth_sendRawTransaction', [signed]);
    let receipt = await readReceipt(chain.rpc, hash);
    for (; !receipt; receipt = await readReceipt(chain.rpc, hash)) await sleep(10);
    assert.ok(receipt.succeeded);
    return receipt.gasUsed;
  }
  const fail = (from: Registry) => (error: unknown) => {
    assert.ok(error instanceof RpcError);
    throw new Error(from.reasonOf(error.data) ?? error.message);
  };
  const refused = (sending: Promise<unknown>, reason: string) => assert.rejects(sending, { message: reason });

  async function view(
    name: 'isIncluded' | 'verifyInclusion' | 'verifyConsistency' | 'isExtended',
    args: unknown[],
  ) {
    const data = encodeFunctionData({ abi, functionName: name, args: args as never });
    const answer = (await chain.rpc.call('eth_call', [{ to: chain.contract, data }, 'latest'])) as Hex;
    return decodeFunctionResult({ abi, functionName: name, data: answer }) as boolean;
  }
  const included = (
    size: number | bigint,
    root: Uint8Array,
    hash: Uint8Array,
    index: number | bigint,
    proof: readonly Uint8Array[],
  ) => view('verifyInclusion', [BigInt(size), hex(root), hex(hash), BigInt(index), proof.map(hex)]);
  const consistent = (
    m: number | bigint,
    a: Uint8Array,
    n: number | bigint,
    b: Uint8Array,
    proof: readonly Uint8Array[],
  ) => view('verifyConsistency', [BigInt(m), hex(a), BigInt(n), hex(b), proof.map(hex)]);

  test('the committed interface and code are what the compiler makes of the contract', async () => {
    assert.equal(readFileSync(registryFile, 'utf8'), await registrySource());
    assert.equal(await readCode(chain.rpc, chain.contract), anchorRegistryCode);
  });

  test('only the owner opens logs and lets anchorers in; only those anchor, and only their log', async () => {
    const { registry: owner } = chain;
    const stranger = await chain.stranger();
    const mine = await chain.openLog('mine.test/log');
    const tree = { size: 5, root: randomBytes(32) };
    await refused(send(stranger, stranger.openLog('theirs.test/log')), 'NotOwner');
    await refused(send(stranger, stranger.setAnchorer(mine, stranger.signer, true)), 'NotOwner');
    await refused(send(stranger, stranger.anchor(mine, tree)), 'NotAnchorer');
    await refused(send(owner, owner.openLog('mine.test/log')), 'LogAlreadyOpen');
    await refused(send(owner, owner.openLog('')), 'OriginEmpty');
    await refused(send(owner, owner.setAnchorer(randomBytes(32), owner.signer, true)), 'LogNotOpen');
    const theirs = await chain.openLog('theirs.test/log');
    await send(owner, owner.setAnchorer(theirs, stranger.signer, true));
    await refused(send(stranger, stranger.anchor(mine, tree)), 'NotAnchorer');
    await send(stranger, stranger.anchor(theirs, tree));
    await send(owner, owner.setAnchorer(theirs, stranger.signer, false));
    await refused(send(stranger, stranger.anchor(theirs, { ...tree, size: 6 })), 'NotAnchorer');
    assert.equal((await owner.readNewest(chain.rpc, chain.contract, mine))?.size, 0);
    assert.deepEqual(await owner.readNewest(chain.rpc, chain.contract, theirs), tree);
    assert.equal(await owner.readNewest(chain.rpc, chain.contract, randomBytes(32)), undefined);
  });

  test('a log only grows: smaller, another root for a size, and the same again are refused', async () => {
    const { registry } = chain;
    const logId = await chain.openLog('grows.test/log');
    const root = randomBytes(32);
    await refused(send(registry, registry.anchor(logId, { size: 0, root })), 'OtherRootAnchored');
    await send(registry, registry.anchor(logId, { size: 100, root }));
    for (const [size, other, reason] of [
      [99, root, 'SmallerThanAnchored'],
      [0, root, 'SmallerThanAnchored'],
      [100, randomBytes(32), 'OtherRootAnchored'],
      [100, root, 'AlreadyAnchored'],
    ] as const)
      await refused(send(registry, registry.anchor(logId, { size, root: other })), reason);
    await send(registry, registry.anchor(logId, { size: 2 ** 53 - 1, root }));
    assert.deepEqual(await registry.readNewest(chain.rpc, chain.contract, logId), {
      size: 2 ** 53 - 1,
      root,
    });
  });

  test('a signed transaction cannot be sent a second time', async () => {
    const { registry, rpc } = chain;
    const logId = await chain.openLog('replay.test/log');
    const { signed } = await registry.sign({
      chainId: 31_337,
      nonce: await readNonce(rpc, registry.signer),
      to: chain.contract,
      data: registry.anchor(logId, { size: 1, root: randomBytes(32) }),
      gas: 100_000n,
      fees: { feeWei: 10n ** 11n, tipWei: 10n ** 9n },
    });
    await rpc.call('eth_sendRawTransaction', [signed]);
    await assert.rejects(rpc.call('eth_sendRawTransaction', [signed]), /nonce|known|imported/i);
  });

  test('ownership passes in two steps, and an offer can be withdrawn', async () => {
    const first = chain.registry;
    const second = await chain.stranger();
    const call = (functionName: 'offerOwnership' | 'takeOwnership', args: readonly string[] = []) =>
      encodeFunctionData({ abi, functionName, args: args as never });
    const zero = `0x${'0'.repeat(40)}`;
    await refused(send(second, call('takeOwnership')), 'NotPendingOwner');
    await refused(send(second, call('offerOwnership', [second.signer])), 'NotOwner');
    await send(first, call('offerOwnership', [second.signer]));
    await send(first, call('offerOwnership', [zero]));
    await refused(send(second, call('takeOwnership')), 'NotPendingOwner');
    await send(first, call('offerOwnership', [second.signer]));
    await refused(send(second, second.openLog('early.test/log')), 'NotOwner');
    await send(second, call('takeOwnership'));
    await refused(send(first, first.openLog('late.test/log')), 'NotOwner');
    await send(second, call('offerOwnership', [first.signer]));
    await send(first, call('takeOwnership'));
  });

  test('inclusion: what core/ledger proves holds in the contract, whatever is changed does not', async () => {
    const sizes = [
      1,
      2,
      3,
      4,
      5,
      7,
      8,
      9,
      31,
      32,
      33,
      100,
      255,
      256,
      257,
      700,
      ...Array.from({ length: 14 }, () => 1 + random(2000)),
    ];
    for (const size of sizes) {
      const tree = treeOf(size);
      for (const index of new Set([0, size - 1, random(size), random(size)])) {
        const proof = proveInclusion(index, size, tree.read);
        const hash = tree.hashes[index] as Uint8Array;
        const claim = { leafHash: hash, index, size, proof, root: tree.root };
        assert.ok(verifyInclusion(claim).ok);
        assert.equal(await included(size, tree.root, hash, index, proof), true, `${index} of ${size}`);
        const spoilt = spoil(proof);
        const wrong: [number | bigint, Uint8Array, Uint8Array, number | bigint, readonly Uint8Array[]][] = [
          [size, randomBytes(32), hash, index, proof],
          [size, tree.root, randomBytes(32), index, proof],
          [size, tree.root, hash, size, proof],
          [size, tree.root, hash, 2n ** 64n - 1n, proof],
          [size, tree.root, hash, index, [...proof, randomBytes(32)]],
          [size, tree.root, hash, index, Array.from({ length: 65 }, () => hash)],
          [0, tree.root, hash, 0, proof],
          ...spoilt.map((one): [number, Uint8Array, Uint8Array, number, Uint8Array[]] => [
            size,
            tree.root,
            hash,
            index,
            one,
          ]),
          ...(size > 1
            ? [
                [size, tree.root, hash, (index + 1) % size, proof] as [
                  number,
                  Uint8Array,
                  Uint8Array,
                  number,
                  Uint8Array[],
                ],
              ]
            : []),
        ];
        for (const [n, root, leaf, at, hashes] of wrong)
          assert.equal(await included(n, root, leaf, at, hashes), false);
      }
    }
  });

  test('an inner node is no leaf', async () => {
    const tree = treeOf(4);
    const [l0, l1, l2, l3] = tree.hashes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    assert.equal(
      await included(2, tree.root, nodeHash(l0, l1), 0, [nodeHash(l2, l3)]),
      true,
      'a tree of two such leaves is another claim',
    );
    assert.equal(await included(4, tree.root, nodeHash(l0, l1), 0, [nodeHash(l2, l3)]), false);
  });

  test('consistency: the contract and core/ledger agree on every pair of sizes, honest or spoilt', async () => {
    const largest = 40;
    const tree = treeOf(largest);
    for (let pairs = 0; pairs < 90; pairs++) {
      const newSize = 1 + random(largest);
      const oldSize = pairs < 8 ? newSize : random(newSize + 1);
      const [oldRoot, newRoot] = [tree.rootAt(oldSize), tree.rootAt(newSize)];
      const proof = proveConsistency(oldSize, newSize, tree.read);
      const tries = [proof, ...spoil(proof), [...proof, randomBytes(32)]];
      for (const hashes of tries)
        for (const old of [oldRoot, randomBytes(32)])
          assert.equal(
            await consistent(oldSize, old, newSize, newRoot, hashes),
            verifyConsistency({ oldSize, newSize, oldRoot: old, newRoot, proof: hashes }).ok,
            `${oldSize} to ${newSize} with ${hashes.length} hashes`,
          );
    }
    assert.equal(await consistent(5, tree.rootAt(5), 4, tree.rootAt(4), []), false);
    assert.equal(await consistent(0, emptyRoot(), 9, tree.rootAt(9), []), true);
    assert.equal(await consistent(0, randomBytes(32), 9, tree.rootAt(9), []), false);
  });

  test('what is asked of an anchored log is judged by its newest tree', async () => {
    const { registry } = chain;
    const logId = await chain.openLog('asked.test/log');
    const tree = treeOf(50);
    for (const size of [20, 50])
      await send(registry, registry.anchor(logId, { size, root: Buffer.from(tree.rootAt(size)) }));
    const isIncluded = (index: number, hash: Uint8Array, proof: Uint8Array[]) =>
      view('isIncluded', [hex(logId), hex(hash), BigInt(index), proof.map(hex)]);
    for (const index of [0, 19, 20, 49])
      assert.equal(
        await isIncluded(index, tree.hashes[index] as Uint8Array, proveInclusion(index, 50, tree.read)),
        true,
      );
    assert.equal(await isIncluded(3, tree.hashes[3] as Uint8Array, proveInclusion(3, 20, tree.read)), false);
    const extended = (oldSize: number) =>
      view('isExtended', [
        hex(logId),
        BigInt(oldSize),
        hex(tree.rootAt(oldSize)),
        proveConsistency(oldSize, 50, tree.read).map(hex),
      ]);
    for (const oldSize of [0, 1, 20, 49, 50]) assert.equal(await extended(oldSize), true);
    await assert.rejects(view('isIncluded', [hex(randomBytes(32)), hex(randomBytes(32)), 0n, []]));
  });

  test('gas: an anchor stays under 60,000, the first of a log too', async () => {
    const { registry } = chain;
    const logId = await chain.openLog('gas.test/log');
    const gas: number[] = [];
    for (const size of [1000, 2000, 3000, 2 ** 40])
      gas.push(await send(registry, registry.anchor(logId, { size, root: randomBytes(32) })));
    // A transaction for every record, as the alternative: each anchors one more.
    const single: number[] = [];
    for (const size of [1, 2, 3])
      single.push(
        await send(registry, registry.anchor(logId, { size: 2 ** 40 + size, root: randomBytes(32) })),
      );
    const records = 1000;
    const perRecord = Math.max(...gas) / records;
    const ratio = Math.min(...single) / perRecord;
    console.log(
      `gas per batch: ${gas.join(', ')}; per record at ${records} a batch: ${perRecord.toFixed(1)}; a transaction per record: ${single.join(', ')}, ${ratio.toFixed(0)} times as much`,
    );
    for (const used of gas) assert.ok(used <= 60_000, `${used} gas`);
    assert.ok(perRecord <= 60, `${perRecord} gas a record`);
    assert.ok(ratio >= 900, `${ratio} times`);
  });
});

/** Each hash changed in one bit, two swapped, one left out, none left. */
function spoil(proof: readonly Uint8Array[]): Uint8Array[][] {
  const changed = proof.map((_, at) =>
    proof.map((hash, other) => {
      if (at !== other) return hash;
      const copy = Uint8Array.from(hash);
      copy[random(32)]! ^= 1 << random(8);
      return copy;
    }),
  );
  if (proof.length === 0) return changed;
  const swapped = proof.length > 1 ? [[proof[1]!, proof[0]!, ...proof.slice(2)]] : [];
  return [...changed, ...swapped, proof.slice(1), proof.slice(0, -1)];
}
