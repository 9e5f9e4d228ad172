import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyRecord } from '../../../core/ledger/verify-record.ts';
import type { RecordEvidence, RecordFailureCode, RecordLink } from '../../../core/ledger/verify-record.ts';
import { SampleLog, logKey, pseudonymOf } from './sample-log.ts';

const log = new SampleLog([0, 1, 0, 0, 2, 1, 0, 1, 0, 2, 0]);

/** The record of a person: links, and beside them what each commits to. */
function recordOf(person: number): RecordEvidence {
  const links = log.links(person);
  return {
    links: log.entries
      .filter((entry) => entry.person === person)
      .map(({ leafIndex, statement, salt, contentText }, position): RecordLink => ({
        ...links[position]!,
        entryId: `entry-${leafIndex}`,
        statement,
        salt,
        ...(contentText === undefined ? {} : { content: contentText }),
      })),
    checkpointNote: log.checkpointNote,
    verifierKeys: [logKey.verifierKeyText],
    expectedPseudonym: pseudonymOf(person),
  };
}

const record = recordOf(0);
const links = record.links;

/** Codes with the entry each names, after one link was changed. */
function failures(position: number, change: Partial<RecordLink>): [RecordFailureCode, string | undefined][] {
  const changed = { ...record, links: links.with(position, { ...links[position]!, ...change }) };
  const result = verifyRecord(changed);
  assert.equal(result.verdict, result.failures.length === 0 ? 'passed' : 'failed');
  return result.failures.map(({ code, entryId }) => [code, entryId]);
}

const otherBytes = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1);
const lookAt = links.findIndex(({ content }) => content === undefined);
const writeAt = links.findIndex(({ content }, position) => content !== undefined && position > 0);
const named = (position: number) => links[position]!.entryId;

test('a whole record passes and is counted', () => {
  const result = verifyRecord(record);
  assert.deepEqual([result.verdict, result.failures, result.writes, result.others], ['passed', [], 3, 3]);
  assert.equal(result.checkpoint?.size, 11);
  for (const person of [1, 2]) assert.equal(verifyRecord(recordOf(person)).verdict, 'passed');
});

test('an empty record passes: there is nothing it could be wrong about', () => {
  const result = verifyRecord({ ...record, links: [] });
  assert.deepEqual([result.verdict, result.writes, result.others], ['passed', 0, 0]);
});

test('a changed text is noticed, and so is one that is gone', () => {
  const { content } = links[writeAt]!;
  const at = named(writeAt);
  assert.deepEqual(failures(writeAt, { content: `${content} ` }), [['content-differs', at]]);
  assert.deepEqual(failures(writeAt, { content: '' }), [['content-differs', at]]);
  assert.deepEqual(failures(writeAt, { content: null }), [['content-missing', at]]);
  const { content: _gone, ...without } = links[writeAt]!;
  const result = verifyRecord({ ...record, links: links.with(writeAt, without) });
  assert.deepEqual(result.failures, [{ code: 'content-missing', position: writeAt, entryId: at }]);
  assert.equal(result.writes, 3, 'it still counts as a write');
});

test('a changed statement or salt is noticed, whether it wrote something or not', () => {
  for (const position of [lookAt, writeAt]) {
    const { statement = '', salt = new Uint8Array() } = links[position]!;
    for (const change of [
      { statement: `${statement} ` },
      { statement: statement.replace('"v":1', '"v":2') },
      { salt: otherBytes(salt, 31) },
      { salt: salt.slice(1) },
      { salt: new Uint8Array(0) },
    ])
      assert.deepEqual(failures(position, change), [['statement-differs', named(position)]]);
  }
});

test('a statement that cannot be read or names its content wrongly is noticed', () => {
  for (const statement of ['', 'x', '{', 'null', '{"content":5}', '{"content":null}', '[]x'])
    assert.ok(
      failures(writeAt, { statement }).some(
        ([code, entryId]) => /^statement-(unreadable|differs)$/.test(code) && entryId === named(writeAt),
      ),
      statement,
    );
});

test('a write whose statement hides its content is noticed', () => {
  const hidden = links[writeAt]!.statement!.replace('"content"', '"c0ntent"');
  assert.deepEqual(failures(writeAt, { statement: hidden }), [['statement-differs', named(writeAt)]]);
});

test('a changed leaf is noticed in its own entry', () => {
  const { leafBytes } = links[writeAt]!;
  for (let at = 0; at < leafBytes.length; at++) {
    const found = failures(writeAt, { leafBytes: otherBytes(leafBytes, at) });
    assert.ok(
      found.some(([, entryId]) => entryId === named(writeAt)),
      `byte ${at}`,
    );
  }
});

test('a left-out, exchanged, repeated or foreign entry is noticed', () => {
  const foreign = recordOf(1).links[0]!;
  for (const wrong of [
    links.toSpliced(1, 1),
    links.with(1, links[2]!).with(2, links[1]!),
    links.toSpliced(1, 0, links[1]!),
    links.with(1, foreign),
    recordOf(1).links,
  ])
    assert.equal(verifyRecord({ ...record, links: wrong }).verdict, 'failed');
});

test('without a checkpoint signed by a trusted key nothing passes', () => {
  for (const change of [
    { verifierKeys: [] },
    { verifierKeys: ['junk'] },
    { checkpointNote: '' },
    { checkpointNote: log.checkpointNote.replace('\n11\n', '\n12\n') },
  ]) {
    const result = verifyRecord({ ...record, ...change });
    assert.equal(result.verdict, 'failed');
    assert.deepEqual(result.failures[0], { code: 'checkpoint-not-signed' });
    assert.equal(result.checkpoint, undefined);
  }
});

test('hostile evidence fails and never throws', () => {
  const lone = '\ud800';
  for (const change of [
    { statement: lone },
    { content: lone },
    { leafBytes: new Uint8Array(0) },
    { leafIndex: -1 },
    { leafIndex: Number.NaN },
    { inclusionProof: [] },
    { inclusionProof: [new Uint8Array(31)] },
    { inclusionProof: Array.from({ length: 1000 }, () => new Uint8Array(32)) },
  ] satisfies Partial<RecordLink>[])
    assert.notDeepEqual(failures(writeAt, change), []);
});

test('a chain cut at its end is noticed by whoever knows how long it was', () => {
  const cut = { ...record, links: links.slice(0, -1) };
  assert.equal(verifyRecord(cut).verdict, 'passed');
  const noticed = verifyRecord({ ...cut, expectedLength: links.length });
  assert.deepEqual([noticed.verdict, noticed.failures], ['failed', [{ code: 'chain-shorter-than-known' }]]);
  assert.equal(verifyRecord({ ...record, expectedLength: links.length }).verdict, 'passed');
});
