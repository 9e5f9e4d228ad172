// The rules of a witness without its server: every state it can be in against every request, the hostile ones first.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatAddCheckpoint, parseAddCheckpoint } from '../../../core/ledger/add-checkpoint.ts';
import { formatCheckpoint } from '../../../core/ledger/checkpoint.ts';
import { judgeCheckpoint, readRequest } from '../../../core/ledger/judge-checkpoint.ts';
import { signNote } from '../../../core/ledger/note.ts';
import { NaiveTree, sampleEntries } from './naive-tree.ts';
import { testKey } from './signing-keys.ts';

const origin = 'log.example/log';
const log = testKey(origin, 1);
const nextKey = testKey(origin, 2);
const thief = testKey(origin, 3);
const tree = new NaiveTree(sampleEntries(40));
const fork = new NaiveTree([...sampleEntries(5), ...sampleEntries(41).slice(6)]);

function note(of: NaiveTree, size: number, signers = [log.signer], name = origin): string {
  return signNote(formatCheckpoint({ origin: name, size, root: of.root(size), extensions: [] }), signers);
}
const ask = (of: NaiveTree, oldSize: number, size: number, signers = [log.signer]): string =>
  formatAddCheckpoint({
    oldSize,
    proof: oldSize === 0 || oldSize > size ? [] : of.consistency(oldSize, size),
    checkpointNote: note(of, size, signers),
  });
const judge = (body: string, seenSize?: number, keys = [log.verifierKey]) =>
  judgeCheckpoint(
    readRequest(body),
    keys,
    seenSize === undefined ? undefined : { size: seenSize, root: tree.root(seenSize) },
  );

describe('a witness judges', () => {
  test('every honest step from every size it knows', () => {
    for (let old = 0; old <= 40; old++)
      for (let size = old; size <= 40; size++) {
        assert.equal(judge(ask(tree, old, size), old).verdict, 'cosign', `${old} to ${size}`);
      }
    assert.equal(judge(ask(tree, 0, 13)).verdict, 'cosign', 'the first it sees');
    assert.equal(judge(ask(tree, 0, 0)).verdict, 'cosign', 'an empty log');
  });

  test('a fork of every size is never cosigned', () => {
    for (let old = 6; old <= 40; old++)
      for (let size = old; size <= 40; size++) {
        const { verdict } = judge(ask(fork, old, size), old);
        assert.equal(verdict, old === size ? 'other-root' : 'not-consistent', `${old} to ${size}`);
      }
  });

  test('a size it does not know is answered with the one it does', () => {
    assert.deepEqual(judge(ask(tree, 4, 20), 9), { verdict: 'other-size', size: 9 });
    assert.deepEqual(judge(ask(tree, 4, 20)), { verdict: 'other-size', size: 0 });
    // A log put back to an older state.
    assert.deepEqual(judge(ask(tree, 4, 6), 9), { verdict: 'other-size', size: 9 });
    assert.equal(judge(ask(tree, 9, 6), 9).verdict, 'old-size-too-large');
  });

  test('only what a key trusted for that origin has signed', () => {
    assert.equal(judge(ask(tree, 0, 5), undefined, []).verdict, 'unknown-origin');
    assert.equal(
      judge(ask(tree, 0, 5), undefined, [testKey('log.example', 1).verifierKey]).verdict,
      'unknown-origin',
    );
    // A witness's key is not a log's, whatever its name.
    assert.equal(
      judge(ask(tree, 0, 5), undefined, [testKey(origin, 1, 'witness').verifierKey]).verdict,
      'unknown-origin',
    );
    assert.equal(judge(ask(tree, 0, 5, [thief.signer])).verdict, 'not-signed');
    assert.equal(judge(ask(tree, 0, 5).replace('\n5\n', '\n6\n')).verdict, 'not-signed');
    // During a change of keys either is enough, and a signature of a stranger beside it does not matter.
    for (const signers of [[log.signer], [nextKey.signer], [thief.signer, nextKey.signer]])
      assert.equal(
        judge(ask(tree, 0, 5, signers), undefined, [log.verifierKey, nextKey.verifierKey]).verdict,
        'cosign',
      );
  });

  test('a proof with one byte changed, one hash more or less is not consistent', () => {
    const proof = tree.consistency(13, 37);
    const body = (hashes: readonly Uint8Array[]) =>
      formatAddCheckpoint({ oldSize: 13, proof: hashes, checkpointNote: note(tree, 37) });
    assert.equal(judge(body(proof), 13).verdict, 'cosign');
    for (const [at, hash] of proof.entries()) {
      const changed = Buffer.from(hash);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(judge(body(proof.with(at, changed)), 13).verdict, 'not-consistent');
    }
    for (const wrong of [proof.slice(1), [...proof, tree.root(1)], proof.toReversed(), []])
      assert.equal(judge(body(wrong), 13).verdict, 'not-consistent');
    const firstWithProof = formatAddCheckpoint({
      oldSize: 0,
      proof: [tree.root(1)],
      checkpointNote: note(tree, 5),
    });
    assert.equal(judge(firstWithProof).verdict, 'not-consistent', 'from nothing there is nothing to prove');
  });

  const malformed: string[] = [
    '',
    '\n\n',
    'old\n\n',
    ask(tree, 3, 9).replace('old 3', 'old 03'),
    ask(tree, 3, 9).replace('old 3', 'old -3'),
    ask(tree, 3, 9).replace('old 3', 'old 3 '),
    ask(tree, 3, 9).replace('old 3', 'Old 3'),
    ask(tree, 3, 9).replace('old 3', 'old 9007199254740993'),
    ask(tree, 3, 9).replace('\n', '\r\n'),
    ask(tree, 3, 9).replace('old 3\n', 'old 3\nAAAA\n'),
    ask(tree, 3, 9).replace('old 3\n', 'old 3\n#\n'),
    ask(tree, 3, 9).replace('old 3\n', `old 3\n${`${'A'.repeat(43)}=\n`.repeat(64)}`),
    ask(tree, 3, 9).replace('\n9\n', '\n09\n'),
    ask(tree, 3, 9).slice(0, -1),
    ask(tree, 3, 9).replace('\u2014', '-'),
    'old 0\n\nno note',
  ];
  for (const [at, body] of malformed.entries())
    test(`malformed request ${at + 1} as malformed`, () => assert.equal(judge(body, 3).verdict, 'malformed'));

  test('anything at all without an exception', () => {
    const whole = ask(tree, 3, 9);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(60), fc.string({ unit: 'binary' }), (at, cut, put) => {
        const { verdict } = judge(whole.slice(0, at) + put + whole.slice(at + cut), 3);
        assert.equal(typeof verdict, 'string');
      }),
    );
  });

  test('a request is read as it was written', () => {
    const request = parseAddCheckpoint(ask(tree, 13, 37));
    assert.equal(request.oldSize, 13);
    assert.deepEqual(
      request.proof.map((hash) => [...hash]),
      tree.consistency(13, 37).map((hash) => [...hash]),
    );
    assert.equal(request.checkpointNote, note(tree, 37));
    for (const wrong of [
      { oldSize: -1 },
      { proof: [new Uint8Array(31)] },
      { proof: Array.from({ length: 64 }, () => tree.root(1)) },
    ])
      assert.throws(() => formatAddCheckpoint({ ...request, ...wrong }), { code: 'request-malformed' });
  });
});
