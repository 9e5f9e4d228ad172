import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLeaf } from '../../../core/ledger/leaf.ts';
import { verifyChain } from '../../../core/ledger/verify-chain.ts';
import type { ChainEvidence, ChainFailureCode, ChainLink } from '../../../core/ledger/verify-chain.ts';
import { hex, naiveLeaf } from './naive-tree.ts';
import { SampleLog, logKey, pseudonymOf } from './sample-log.ts';

const log = new SampleLog([0, 1, 0, 0, 2, 1, 0, 1, 0, 2, 0]);
const links = log.links(0);
const evidence: ChainEvidence = {
  links,
  checkpointNote: log.checkpointNote,
  verifierKeys: [logKey.verifierKeyText],
  expectedPseudonym: pseudonymOf(0),
  expectedLength: 6,
};

/** The codes of all failures with their positions. */
const failures = (changed: Partial<ChainEvidence>): [ChainFailureCode, number | undefined][] =>
  verifyChain({ ...evidence, ...changed }).failures.map(({ code, position }) => [code, position]);

test('a whole chain in one signed checkpoint passes', () => {
  const result = verifyChain(evidence);
  assert.deepEqual([result.verdict, result.failures, result.length], ['passed', [], 6]);
  assert.equal(hex(result.head!), hex(naiveLeaf(links.at(-1)!.leafBytes)));
  assert.equal(result.checkpoint?.size, 11);
  for (const person of [1, 2]) {
    const { checkpointNote, verifierKeys } = evidence;
    assert.equal(verifyChain({ links: log.links(person), checkpointNote, verifierKeys }).verdict, 'passed');
  }
});

test('an empty chain passes only for somebody who knows of no entry', () => {
  assert.deepEqual(failures({ links: [], expectedLength: 0 }), []);
  assert.deepEqual(failures({ links: [] }), [['chain-shorter-than-known', undefined]]);
});

test('a left-out entry is noticed wherever it stood', () => {
  for (let gone = 0; gone < links.length - 1; gone++) {
    const codes = failures({ links: links.toSpliced(gone, 1), expectedLength: 0 }).map(([code]) => code);
    assert.ok(codes.includes('seq-out-of-order') && codes.includes('prev-differs'), `entry ${gone}`);
  }
});

test('a chain cut off at its end is noticed by somebody who knows its length', () => {
  assert.deepEqual(failures({ links: links.slice(0, -1) }), [['chain-shorter-than-known', undefined]]);
});

test('exchanged, repeated and foreign entries are noticed', () => {
  const exchanged = links.with(2, links[3]!).with(3, links[2]!);
  const repeated = links.toSpliced(2, 0, links[2]!);
  const foreign = links.with(3, log.links(1)[1]!);
  for (const wrong of [exchanged, repeated, foreign]) assert.notDeepEqual(failures({ links: wrong }), []);
  assert.ok(failures({ links: foreign }).some(([code, at]) => code === 'pseudonym-differs' && at === 3));
  assert.ok(failures({ links: repeated }).some(([code, at]) => code === 'index-out-of-order' && at === 3));
  const ownAsOther = failures({ expectedPseudonym: pseudonymOf(1) });
  assert.equal(ownAsOther.filter(([code]) => code === 'pseudonym-differs').length, 6);
});

test('a consistent chain that is not in the tree is noticed', () => {
  const forged: ChainLink[] = [];
  let prev = new Uint8Array(32);
  for (const [position, link] of links.entries()) {
    const leafBytes = encodeLeaf({
      kind: 'look',
      timeSeconds: 1,
      pseudonym: pseudonymOf(0),
      seq: position + 1,
      prev,
      commitment: new Uint8Array(32).fill(position),
    });
    forged.push({ ...link, leafBytes });
    prev = new Uint8Array(naiveLeaf(leafBytes));
  }
  assert.deepEqual(
    failures({ links: forged }),
    links.map((_, position) => ['leaf-not-in-tree', position]),
  );
});

test('a chain whose last entries are younger than the checkpoint is not whole in it', () => {
  const codes = failures({ checkpointNote: log.checkpointAt(8) });
  assert.ok(codes.some(([code, at]) => code === 'leaf-not-in-tree' && at === 5));
});

test('without a signed checkpoint no chain passes', () => {
  for (const changed of [
    { verifierKeys: [] },
    { verifierKeys: ['junk'] },
    { checkpointNote: '' },
    { checkpointNote: log.checkpointNote.replace('\n11\n', '\n10\n') },
  ]) {
    assert.deepEqual(failures(changed), [['checkpoint-not-signed', undefined]]);
  }
});

test('a malformed leaf ends the chain with its position', () => {
  for (const leafBytes of [new Uint8Array(0), new Uint8Array(98), links[2]!.leafBytes.slice(1)]) {
    assert.deepEqual(failures({ links: links.with(2, { ...links[2]!, leafBytes }) }), [
      ['leaf-malformed', 2],
    ]);
  }
});

test('hostile indexes and lengths never pass and never throw', () => {
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 63, Number.POSITIVE_INFINITY]) {
    assert.notDeepEqual(failures({ links: links.with(1, { ...links[1]!, leafIndex: wrong }) }), []);
  }
  for (const expectedLength of [7, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.deepEqual(failures({ expectedLength }), [['chain-shorter-than-known', undefined]]);
  }
});
