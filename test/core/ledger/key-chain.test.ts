import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatCheckpoint, openCheckpoint } from '../../../core/ledger/checkpoint.ts';
import { followKeyChain, keyForSize, openCheckpointOfChain } from '../../../core/ledger/key-chain.ts';
import { openKeyChange, signKeyChange } from '../../../core/ledger/key-change.ts';
import { signNote } from '../../../core/ledger/note.ts';
import { testKey } from './signing-keys.ts';

const origin = 'log.example/log';
const k1 = testKey(origin, 1);
const k2 = testKey(origin, 2);
const k3 = testKey(origin, 3);
const thief = testKey(origin, 4);
const first = signKeyChange({ size: 100, timeSeconds: 1000 }, k1.signer, k2.signer);
const second = signKeyChange({ size: 250, timeSeconds: 2000 }, k2.signer, k3.signer);
const changes = [first, second];
const checkpoint = (size: number, ...keys: (typeof k1)[]) =>
  signNote(
    formatCheckpoint({ origin, size, root: new Uint8Array(32).fill(5), extensions: [] }),
    keys.map(({ signer }) => signer),
  );

function tenures(trusted = k1) {
  const chain = followKeyChain(trusted.verifierKeyText, changes);
  assert.ok(chain.ok);
  return chain.tenures;
}

describe('a change of keys', () => {
  test('is signed by both keys and reads as it was made', () => {
    const change = openKeyChange(first);
    assert.deepEqual(
      [change?.origin, change?.size, change?.timeSeconds, change?.oldKey.keyId, change?.newKey.keyId],
      [origin, 100, 1000, k1.verifierKey.keyId, k2.verifierKey.keyId],
    );
  });

  test('can never be taken for a checkpoint', () => {
    const opened = openCheckpoint(first, [k1.verifierKey, k2.verifierKey]);
    assert.deepEqual(opened, { ok: false, reason: 'checkpoint-malformed' });
  });

  const lines = first.split('\n');
  const oldOnly = [...lines.slice(0, -2), ''].join('\n');
  const newOnly = [...lines.slice(0, -3), ...lines.slice(-2)].join('\n');
  const refused: [string, string][] = [
    ['signed by the old key alone', oldOnly],
    ['signed by the new key alone', newOnly],
    ['with another size', first.replace('size 100', 'size 101')],
    ['with another new key', first.replaceAll(k2.verifierKeyText, thief.verifierKeyText)],
    ['of another form', first.replace('v1', 'v2')],
    ['with a line more', first.replace('size 100', 'size 100\nnote x')],
    ['cut off', first.slice(0, 80)],
    ['that is empty', ''],
    ['that is a checkpoint', checkpoint(5, k1)],
  ];
  for (const [what, note] of refused)
    test(`${what} is none`, () => assert.equal(openKeyChange(note), undefined));

  test('to the same key, or between logs, cannot be made', () => {
    const at = { size: 1, timeSeconds: 1 };
    assert.throws(() => signKeyChange(at, k1.signer, k1.signer), { code: 'key-change-malformed' });
    assert.throws(() => signKeyChange(at, k1.signer, testKey('other.example/log', 2).signer), {
      code: 'key-change-malformed',
    });
    assert.throws(() => signKeyChange({ size: -1, timeSeconds: 1 }, k1.signer, k2.signer), {
      code: 'key-change-malformed',
    });
  });
});

describe('the chain of keys', () => {
  test('is followed from any key of it, and says which key rules which size', () => {
    for (const trusted of [k1, k2, k3]) {
      const found = tenures(trusted);
      const ids = [0, 100, 101, 250, 251, 2 ** 52].map((size) => keyForSize(found, size)?.keyId);
      const ruling = [k1, k1, k2, k2, k3, k3].map(({ verifierKey }) => verifierKey.keyId);
      assert.deepEqual(ids, ruling);
    }
    const alone = followKeyChain(k1.verifierKeyText, []);
    assert.ok(alone.ok && alone.tenures.length === 1);
  });

  test('old checkpoints stay valid, and so do those that both keys signed', () => {
    for (const [size, keys] of [
      [99, [k1]],
      [100, [k1]],
      [100, [k1, k2]],
      [101, [k2, k1]],
      [180, [k2]],
      [251, [k3, k2]],
      [900, [k3]],
    ] as const)
      assert.equal(openCheckpointOfChain(checkpoint(size, ...keys), tenures()).ok, true, `${size}`);
  });

  test('a key that was given up signs nothing more, and a new one nothing from before its time', () => {
    for (const [size, keys] of [
      [101, [k1]],
      [5000, [k1, k2]],
      [100, [k2]],
      [250, [k3]],
      [99, [k3, k2]],
    ] as const)
      assert.deepEqual(
        openCheckpointOfChain(checkpoint(size, ...keys), tenures()),
        { ok: false, reason: 'signed-by-retired-key' },
        `${size}`,
      );
    assert.deepEqual(openCheckpointOfChain(checkpoint(300, thief), tenures()), {
      ok: false,
      reason: 'no-known-signature',
    });
    assert.deepEqual(openCheckpointOfChain('x', tenures()), { ok: false, reason: 'checkpoint-malformed' });
  });

  const byThief = signKeyChange({ size: 300, timeSeconds: 1 }, thief.signer, k3.signer);
  const fromThird = (size: number, to = thief) =>
    signKeyChange({ size, timeSeconds: 1 }, k3.signer, to.signer);
  const broken: [string, string, string[], string][] = [
    ['a change left out', k1.verifierKeyText, [second], 'trusted-key-not-in-chain'],
    ['changes swapped', k1.verifierKeyText, [second, first], 'chain-broken'],
    ['a change twice', k1.verifierKeyText, [first, first], 'chain-broken'],
    ['a change of a stranger’s key', k1.verifierKeyText, [...changes, byThief], 'chain-broken'],
    ['a key that comes back', k1.verifierKeyText, [...changes, fromThird(300, k1)], 'chain-broken'],
    ['a change that goes back', k1.verifierKeyText, [...changes, fromThird(200)], 'chain-broken'],
    ['something else in it', k1.verifierKeyText, [...changes, 'x'], 'change-malformed'],
    ['a stranger’s key for the trusted one', thief.verifierKeyText, changes, 'trusted-key-not-in-chain'],
    [
      'another log’s key for the trusted one',
      testKey('other.example/log', 1).verifierKeyText,
      changes,
      'chain-broken',
    ],
    ['no key for the trusted one', 'x', changes, 'key-malformed'],
    ['no end', k1.verifierKeyText, Array.from({ length: 1001 }, () => first), 'too-many-changes'],
  ];
  for (const [what, trusted, list, reason] of broken)
    test(`with ${what} is not followed: ${reason}`, () => {
      const chain = followKeyChain(trusted, list);
      assert.equal(chain.ok ? 'followed' : chain.reason, reason);
    });

  test('two changes without an entry between them leave the last key ruling', () => {
    const quick = signKeyChange({ size: 100, timeSeconds: 1001 }, k2.signer, k3.signer);
    const chain = followKeyChain(k1.verifierKeyText, [first, quick]);
    assert.ok(chain.ok);
    assert.equal(keyForSize(chain.tenures, 100)?.keyId, k1.verifierKey.keyId);
    assert.equal(keyForSize(chain.tenures, 101)?.keyId, k3.verifierKey.keyId);
  });
});
