import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commitmentOf } from '../../../core/ledger/commitment.ts';
import { decodeLeaf } from '../../../core/ledger/leaf.ts';
import { addSignatures, parseNote } from '../../../core/ledger/note.ts';
import { ENTRY_STEPS, verifyEntry } from '../../../core/ledger/verify-entry.ts';
import type { EntryEvidence, EntryStepCode } from '../../../core/ledger/verify-entry.ts';
import { SampleLog, logKey, pseudonymOf } from './sample-log.ts';
import { testKey } from './signing-keys.ts';

const log = new SampleLog([0, 1, 0, 0, 2, 1, 0, 1, 0, 2, 0]);
const write = log.evidence(3);
const look = log.evidence(2);
const leaf = decodeLeaf(write.leafBytes);
const other = log.evidence(7);

/** What each step said, as `outcome` or `outcome reason`. */
function said(evidence: EntryEvidence): Record<EntryStepCode, string> {
  const { steps } = verifyEntry(evidence);
  assert.deepEqual(
    steps.map(({ code }) => code),
    ENTRY_STEPS,
  );
  return Object.fromEntries(
    steps.map(({ code, outcome, reason }) => [code, reason === undefined ? outcome : `${outcome} ${reason}`]),
  ) as Record<EntryStepCode, string>;
}

const without = (key: keyof EntryEvidence, ...more: (keyof EntryEvidence)[]): EntryEvidence => {
  const copy: Partial<Record<keyof EntryEvidence, unknown>> = { ...write };
  for (const name of [key, ...more]) delete copy[name];
  return copy as EntryEvidence;
};

test('a write is proven from its content down to the signed checkpoint', () => {
  const evidence = { ...write, expectedSeq: 3, expectedPrev: leaf.prev, expectedPseudonym: pseudonymOf(0) };
  assert.deepEqual(said(evidence), {
    'content-matches-statement': 'passed',
    'statement-matches-commitment': 'passed',
    'leaf-well-formed': 'passed',
    'leaf-names-commitment': 'passed',
    'leaf-follows-previous': 'passed',
    'checkpoint-signed': 'passed',
    'leaf-in-tree': 'passed',
    'checkpoint-witnessed': 'not-checked no-witness-trusted',
  });
  const result = verifyEntry(evidence);
  assert.equal(result.verdict, 'passed');
  assert.deepEqual(result.leaf, leaf);
  assert.equal(result.checkpoint?.size, 11);
});

test('a look, which has no content, is proven from its statement on', () => {
  assert.equal(said(look)['content-matches-statement'], 'not-checked statement-names-no-content');
  assert.equal(verifyEntry(look).verdict, 'passed');
});

test('every entry of the log is proven', () => {
  for (const { leafIndex } of log.entries)
    assert.equal(verifyEntry(log.evidence(leafIndex)).verdict, 'passed');
});

test('each thing that was changed fails the step that is about it', () => {
  const { contentText, statement, salt, leafBytes, inclusionProof, checkpointNote } =
    write as Required<EntryEvidence>;
  const rows: [string, Partial<EntryEvidence>, EntryStepCode, string][] = [
    [
      'one letter of the content',
      { contentText: contentText.replace('"3"', '"4"') },
      'content-matches-statement',
      'content-differs',
    ],
    [
      'the spelling of the content',
      { contentText: contentText.replace(',', ', ') },
      'content-matches-statement',
      'content-differs',
    ],
    [
      'half a surrogate in the content',
      { contentText: `${contentText}\ud800` },
      'content-matches-statement',
      'text-not-well-formed',
    ],
    [
      'content where none is named',
      { statement: look.statement!, salt: look.salt! },
      'content-matches-statement',
      'statement-names-no-content',
    ],
    [
      'a fact in the statement',
      { statement: statement.replace('create', 'update') },
      'leaf-names-commitment',
      'commitment-differs',
    ],
    [
      'white space in the statement',
      { statement: statement.replace(',', ', ') },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    [
      'the order of the keys',
      { statement: '{"v":1,"event":"create"}' },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    [
      'a doubled key',
      { statement: statement.replace('{', '{"content":"x",') },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    [
      'a statement that is no object',
      { statement: '[]' },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    [
      'a content that is no text',
      { statement: '{"content":1}' },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    ['no JSON', { statement: 'x' }, 'statement-matches-commitment', 'statement-not-canonical'],
    [
      '100 000 brackets',
      { statement: '['.repeat(100_000) },
      'statement-matches-commitment',
      'statement-not-canonical',
    ],
    [
      'one bit of the salt',
      { salt: salt.with(0, salt[0]! ^ 1) },
      'leaf-names-commitment',
      'commitment-differs',
    ],
    ['a short salt', { salt: salt.slice(1) }, 'statement-matches-commitment', 'salt-wrong-length'],
    [
      'another commitment',
      { commitment: new Uint8Array(32) },
      'statement-matches-commitment',
      'commitment-differs',
    ],
    [
      'the leaf of another entry',
      { leafBytes: other.leafBytes },
      'leaf-names-commitment',
      'commitment-differs',
    ],
    ['the version of the leaf', { leafBytes: leafBytes.with(0, 2) }, 'leaf-well-formed', 'leaf-malformed'],
    [
      'the time in the leaf',
      { leafBytes: leafBytes.with(9, leafBytes[9]! ^ 1) },
      'leaf-in-tree',
      'root-differs',
    ],
    ['the index', { leafIndex: 2 }, 'leaf-in-tree', 'root-differs'],
    ['an index of 2^63', { leafIndex: 2 ** 63 }, 'leaf-in-tree', 'index-outside-tree'],
    ['no proof', { inclusionProof: [] }, 'leaf-in-tree', 'proof-wrong-length'],
    ['a reversed proof', { inclusionProof: inclusionProof.toReversed() }, 'leaf-in-tree', 'root-differs'],
    [
      'another size',
      { checkpointNote: checkpointNote.replace('\n11\n', '\n12\n') },
      'checkpoint-signed',
      'signature-invalid',
    ],
    ['an older checkpoint', { checkpointNote: log.checkpointAt(3) }, 'leaf-in-tree', 'index-outside-tree'],
    ['no checkpoint', { checkpointNote: '' }, 'checkpoint-signed', 'note-malformed'],
    [
      'a checkpoint without signature',
      { checkpointNote: `${parseNote(checkpointNote).text}\n` },
      'checkpoint-signed',
      'note-malformed',
    ],
    [
      'the key of another log',
      { verifierKeys: [testKey('log.example/other', 5).verifierKeyText] },
      'checkpoint-signed',
      'no-known-signature',
    ],
    ['no key', { verifierKeys: [] }, 'checkpoint-signed', 'no-known-signature'],
    ['a key that is junk', { verifierKeys: ['junk'] }, 'checkpoint-signed', 'key-malformed'],
    ['the place in the chain', { expectedSeq: 2 }, 'leaf-follows-previous', 'seq-differs'],
    ['the previous leaf', { expectedPrev: new Uint8Array(32) }, 'leaf-follows-previous', 'prev-differs'],
    ['the person', { expectedPseudonym: pseudonymOf(1) }, 'leaf-follows-previous', 'pseudonym-differs'],
  ];
  for (const [what, change, code, reason] of rows) {
    const evidence = { ...write, ...change };
    assert.equal(said(evidence)[code], `failed ${reason}`, what);
    assert.equal(verifyEntry(evidence).verdict, 'failed', what);
  }
});

test('any single changed bit of the leaf is noticed', () => {
  for (let bit = 0; bit < write.leafBytes.length * 8; bit += 5) {
    const at = Math.floor(bit / 8);
    const leafBytes = write.leafBytes.with(at, write.leafBytes[at]! ^ (1 << (bit % 8)));
    assert.equal(
      verifyEntry({ ...write, leafBytes, verifierKeys: [logKey.verifierKeyText] }).verdict,
      'failed',
    );
  }
});

test('below a checkpoint that is not signed the tree is not even looked at', () => {
  const steps = said({ ...write, verifierKeys: [] });
  assert.equal(steps['leaf-in-tree'], 'not-checked checkpoint-not-signed');
  assert.equal(verifyEntry({ ...write, verifierKeys: [] }).checkpoint, undefined);
});

test('what is not at hand is not checked, and the proof is called incomplete', () => {
  const rows: [EntryEvidence, EntryStepCode, string][] = [
    [without('contentText'), 'content-matches-statement', 'not-checked content-not-given'],
    [without('salt'), 'statement-matches-commitment', 'not-checked salt-not-given'],
    [without('statement', 'salt'), 'statement-matches-commitment', 'not-checked statement-not-given'],
    [
      without('statement', 'salt', 'contentText'),
      'leaf-names-commitment',
      'not-checked commitment-not-known',
    ],
  ];
  for (const [evidence, code, expected] of rows) {
    assert.equal(said(evidence)[code], expected);
    assert.equal(verifyEntry(evidence).verdict, 'incomplete');
  }
});

test('after erasure the kept commitment still ties the entry to its leaf', () => {
  const commitment = commitmentOf(write.statement!, write.salt!);
  const erased = { ...without('statement', 'salt', 'contentText'), commitment };
  assert.equal(said(erased)['leaf-names-commitment'], 'passed');
  assert.equal(said(erased)['leaf-in-tree'], 'passed');
  assert.equal(verifyEntry(erased).verdict, 'incomplete');
  assert.equal(verifyEntry({ ...erased, commitment: new Uint8Array(32) }).verdict, 'failed');
});

test('a trusted witness is named when it cosigned, and missed when not', () => {
  const witness = testKey('witness.example/w1', 3, 'witness');
  const verifierKeys = [logKey.verifierKeyText, witness.verifierKeyText];
  assert.equal(said({ ...write, verifierKeys })['checkpoint-witnessed'], 'not-checked no-known-cosignature');
  const cosignature = witness.cosign(parseNote(write.checkpointNote).text, 1_763_640_100);
  const checkpointNote = addSignatures(write.checkpointNote, [cosignature]);
  const result = verifyEntry({ ...write, verifierKeys, checkpointNote });
  assert.deepEqual([result.verdict, result.witnesses], ['passed', ['witness.example/w1']]);
  const forged = addSignatures(write.checkpointNote, [{ ...cosignature, signature: new Uint8Array(72) }]);
  assert.equal(verifyEntry({ ...write, verifierKeys, checkpointNote: forged }).verdict, 'failed');
});

test('hostile evidence of any type is answered, never with passed', () => {
  const hostile = [undefined, null, 0, -1, 2 ** 63, Number.NaN, '', 'junk', {}, [], new Uint8Array(3)];
  for (const key of ['leafBytes', 'leafIndex', 'inclusionProof', 'checkpointNote', 'verifierKeys'] as const) {
    for (const value of hostile) {
      const evidence = { ...write, [key]: value } as unknown as EntryEvidence;
      assert.notEqual(verifyEntry(evidence).verdict, 'passed', `${key} ${JSON.stringify(value)}`);
    }
  }
  fc.assert(
    fc.property(fc.constantFrom('statement', 'salt', 'contentText'), fc.anything(), (key, value) => {
      fc.pre(value !== undefined);
      assert.notEqual(verifyEntry({ ...write, [key]: value }).verdict, 'passed');
    }),
    { numRuns: 50 },
  );
});
