import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../../core/ledger/checkpoint.ts';
import { LedgerError } from '../../../core/ledger/errors.ts';
import { addSignatures, signNote } from '../../../core/ledger/note.ts';
import { formatProofFile, parseProofFile } from '../../../core/ledger/proof-file.ts';
import { emptyRoot } from '../../../core/ledger/tree.ts';
import { testKey } from './signing-keys.ts';

const malformed = { name: 'LedgerError', code: 'checkpoint-malformed' };
const root = new Uint8Array(Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'));
const rootText = Buffer.from(root).toString('base64');
const body = `example.com/behind-the-sofa\n20852163\n${rootText}\n`;
const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root, extensions: [] };
const log = testKey('example.com/behind-the-sofa', 1);
const witness = testKey('witness.example/w1', 3, 'witness');

test('a checkpoint is origin, size and root, one line each', () => {
  assert.deepEqual(parseCheckpoint(body), checkpoint);
  assert.equal(formatCheckpoint(checkpoint), body);
});

test('extension lines of other logs are kept', () => {
  const extended = `${body}first\nsecond line\n`;
  assert.deepEqual(parseCheckpoint(extended).extensions, ['first', 'second line']);
  assert.equal(formatCheckpoint(parseCheckpoint(extended)), extended);
});

test('checkpoints that are not exactly in form are refused', () => {
  const [origin, size, hash] = ['example.com/behind-the-sofa', '20852163', rootText];
  const refused = [
    '',
    '\n\n\n',
    origin,
    `${origin}\n${size}\n`,
    `${origin}\n${size}\n${hash}`,
    `\n${size}\n${hash}\n`,
    `${origin}\n\n${hash}\n`,
    `${origin}\n${size}\n\n`,
    `${origin}\n${size}\n${hash}\n\n`,
    `${origin}\n${size}\n${hash}\next\n\next\n`,
    `${origin}\r\n${size}\r\n${hash}\r\n`,
    ...[
      '-1',
      '+1',
      '01',
      '00',
      '1.0',
      '1e3',
      '0x10',
      ' 1',
      '1 ',
      '٣',
      '9007199254740992',
      '9223372036854775808',
      '1'.repeat(1000),
    ].map((wrong) => `${origin}\n${wrong}\n${hash}\n`),
    ...[
      '',
      'AAAA',
      hash.slice(0, -1),
      `${hash.slice(0, -2)}J=`,
      hash.replace('/', '_'),
      `${hash}AAAA`,
      'junk!',
      Buffer.from(root).toString('hex'),
    ].map((wrong) => `${origin}\n${size}\n${wrong}\n`),
  ];
  for (const text of refused) assert.throws(() => parseCheckpoint(text), malformed, JSON.stringify(text));
});

test('a text is refused or is how its checkpoint is written', () => {
  const line = fc.constantFrom('a', '0', '7', '07', '-1', rootText, '', ' ', 'AAAA');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const text = lines.map((part) => `${part}\n`).join('');
      try {
        assert.equal(formatCheckpoint(parseCheckpoint(text)), text);
      } catch (error) {
        assert.ok(error instanceof LedgerError && error.code === 'checkpoint-malformed');
      }
    }),
    { numRuns: 1000 },
  );
});

test('what could not be read back is not written', () => {
  for (const wrong of [
    { ...checkpoint, origin: '' },
    { ...checkpoint, origin: 'a\nb' },
    { ...checkpoint, origin: '\ud800' },
    { ...checkpoint, size: -1 },
    { ...checkpoint, size: 1.5 },
    { ...checkpoint, size: 2 ** 53 },
    { ...checkpoint, root: new Uint8Array(31) },
    { ...checkpoint, extensions: [''] },
    { ...checkpoint, extensions: ['a\nb'] },
  ]) {
    assert.throws(() => formatCheckpoint(wrong), malformed);
  }
});

test('a checkpoint counts when the log it names has signed it', () => {
  const opened = openCheckpoint(signNote(body, [log.signer]), [log.verifierKey]);
  assert.deepEqual(opened, { ok: true, checkpoint, signedBy: { key: log.verifierKey }, cosignedBy: [] });
});

test("a witness alone, or the key of another log, does not make it that log's checkpoint", () => {
  const other = testKey('log.example/two', 2);
  const byOther = signNote(body, [other.signer]);
  assert.deepEqual(openCheckpoint(byOther, [other.verifierKey]), {
    ok: false,
    reason: 'not-signed-by-its-log',
  });
  const byLog = signNote(body, [log.signer]);
  const cosigned = addSignatures(byLog, [witness.cosign(body, 1_700_000_000)]);
  const reason = 'not-signed-by-its-log';
  assert.deepEqual(openCheckpoint(cosigned, [witness.verifierKey]), { ok: false, reason });
  const sameName = testKey('example.com/behind-the-sofa', 7, 'witness');
  const cosignedOnly = addSignatures(byOther, [sameName.cosign(body, 1_700_000_000)]);
  assert.deepEqual(openCheckpoint(cosignedOnly, [sameName.verifierKey]), { ok: false, reason });
  assert.deepEqual(openCheckpoint(byLog, [other.verifierKey]), { ok: false, reason: 'no-known-signature' });
});

test('cosignatures of trusted witnesses are reported with their time', () => {
  const note = addSignatures(signNote(body, [log.signer]), [witness.cosign(body, 1_700_000_000)]);
  const opened = openCheckpoint(note, [log.verifierKey, witness.verifierKey]);
  assert.deepEqual(opened.ok && opened.cosignedBy, [
    { key: witness.verifierKey, timeSeconds: 1_700_000_000 },
  ]);
});

test('a signed text that is no checkpoint is refused', () => {
  const note = signNote('example.com/behind-the-sofa\nnot a size\nnot a root\n', [log.signer]);
  assert.deepEqual(openCheckpoint(note, [log.verifierKey]), { ok: false, reason: 'checkpoint-malformed' });
});

test('an extra line, a carriage return or another size breaks a signed checkpoint', () => {
  const note = signNote(body, [log.signer]);
  for (const changed of [
    note.replace(`${rootText}\n`, `${rootText}\nextra\n`),
    note.replaceAll('\n', '\r\n'),
    note.replace('20852163', '20852164'),
    note.replace('20852163', '9223372036854775808'),
    note.replace('20852163', '020852163'),
    ` ${note}`,
    `\ufeff${note}`,
  ]) {
    assert.equal(openCheckpoint(changed, [log.verifierKey]).ok, false);
  }
});

const note = signNote(body, [log.signer]);
const proofText = `c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 73894\n${rootText}\n${rootText}\n\n${note}`;
const proof = {
  extra: new Uint8Array(Buffer.from('hello')),
  index: 73_894,
  hashes: [root, root],
  checkpointNote: note,
};

test('a proof file is read and written as in the specification', () => {
  assert.deepEqual(parseProofFile(proofText), proof);
  assert.equal(formatProofFile(proof), proofText);
  const { extra: _extra, ...plain } = { ...proof, index: 0, hashes: [] };
  const plainText = `c2sp.org/tlog-proof@v1\nindex 0\n\n${note}`;
  assert.deepEqual(parseProofFile(plainText), plain);
  assert.equal(formatProofFile(plain), plainText);
});

test('proof files that are not exactly in form are refused', () => {
  const refused = [
    '',
    proofText.replace('@v1', '@v2'),
    ` ${proofText}`,
    proofText.replace('extra aGVsbG8=', 'extra '),
    proofText.replace('extra aGVsbG8=', 'extra'),
    proofText.replace('extra aGVsbG8=', 'extra aGVsbG9='),
    proofText.replace('extra aGVsbG8=\n', 'extra aGVsbG8=\nextra aGVsbG8=\n'),
    proofText.replace('index 73894\n', ''),
    proofText.replace('73894', '073894'),
    proofText.replace('73894', '-1'),
    proofText.replace('73894', '9223372036854775808'),
    proofText.replace('73894', '1 '),
    proofText.replace(rootText, 'AAAA'),
    proofText.replace(rootText, `${rootText} `),
    proofText.replace(`\n\n${note}`, `\n${note}`),
    proofText.replaceAll('\n', '\r\n'),
    proofText.slice(0, -1),
    proofText.replace('\u2014', '-'),
    `c2sp.org/tlog-proof@v1\nindex 0\n${`${rootText}\n`.repeat(64)}\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${`${rootText}\n`.repeat(230_000)}\n${note}`,
  ];
  const wrong = { name: 'LedgerError', code: 'proof-file-malformed' };
  for (const text of refused)
    assert.throws(() => parseProofFile(text), wrong, JSON.stringify(text.slice(0, 200)));
  for (const unwritable of [
    { ...proof, index: -1 },
    { ...proof, index: 2 ** 63 },
    { ...proof, extra: new Uint8Array(0) },
    { ...proof, hashes: [new Uint8Array(31)] },
    { ...proof, hashes: Array.from({ length: 64 }, emptyRoot) },
    { ...proof, checkpointNote: body },
  ]) {
    assert.throws(() => formatProofFile(unwritable), wrong);
  }
});
