import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { cosignedMessage, encodeCosignature } from '../../../core/ledger/note-signature.ts';
import { addSignatures, formatNote, openNote, parseNote, signNote } from '../../../core/ledger/note.ts';
import {
  SIGNATURE_TYPES,
  formatVerifierKey,
  parseVerifierKey,
  verifierKeyOf,
} from '../../../core/ledger/verifier-key.ts';
import vector from '../../vectors/ledger/signed-note.json' with { type: 'json' };
import { testKey } from './signing-keys.ts';

const example = `${vector.text}\n${vector.signatureLine}\n`;
const exampleKey = parseVerifierKey(vector.verifierKey);
const malformed = { name: 'LedgerError', code: 'note-malformed' };
const log = testKey('log.example/one', 1);
const other = testKey('log.example/two', 2);
const witness = testKey('witness.example/w1', 3, 'witness');
const text = 'log.example/one\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';

test('the example note of the specification opens with its key', () => {
  const opened = openNote(example, [exampleKey]);
  assert.deepEqual(opened, { ok: true, text: vector.text, verified: [{ key: exampleKey }] });
});

test('a note is written back as it was read', () => {
  assert.equal(formatNote(parseNote(example)), example);
});

test('every changed character of a signed note is noticed', () => {
  for (let at = 0; at < example.length; at++) {
    for (const character of ['X', '\n', ' ']) {
      const changed = example.slice(0, at) + character + example.slice(at + 1);
      if (changed !== example)
        assert.equal(openNote(changed, [exampleKey]).ok, false, JSON.stringify(changed));
    }
    const shortened = example.slice(0, at) + example.slice(at + 1);
    assert.equal(openNote(shortened, [exampleKey]).ok, false);
  }
});

test('the key id is made of name, newline, type and key', () => {
  const { name, publicKey } = log.signer;
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(1), publicKey]);
  assert.equal(log.verifierKey.keyId, createHash('sha256').update(input).digest('hex').slice(0, 8));
  assert.notEqual(log.verifierKey.keyId, verifierKeyOf(name, SIGNATURE_TYPES.cosignatureV1, publicKey).keyId);
});

test('verifier keys are read and written back the same', () => {
  for (const keyText of [vector.verifierKey, log.verifierKeyText, witness.verifierKeyText]) {
    assert.equal(formatVerifierKey(parseVerifierKey(keyText)), keyText);
  }
});

test('malformed verifier keys are refused', () => {
  const [name, id, key] = ['example.com/foo', '530d903a', vector.verifierKey.slice(25)] as const;
  assert.equal(`${name}+${id}+${key}`, vector.verifierKey);
  const refused = [
    '',
    '++',
    name,
    `${name}+${id}`,
    `${name}+${id}+`,
    `+${id}+${key}`,
    `${name}+530D903A+${key}`,
    `${name}+530d903b+${key}`,
    `${name}+530d903+${key}`,
    `example.com/bar+${id}+${key}`,
    `example.com foo+${id}+${key}`,
    `${name}+${id}+${key.slice(0, -4)}`,
    `${name}+${id}+${key}AAAA`,
    `${name}+${id}+${key.slice(0, -1)}=`,
    `${name}+${id}+${key}\n`,
    ` ${name}+${id}+${key}`,
    `${name}+${id}+${'A'.repeat(10_000_000)}`,
  ];
  for (const keyText of refused)
    assert.throws(() => parseVerifierKey(keyText), { name: 'LedgerError' }, keyText);
});

test('keys of a type that is not verified here are refused by name', () => {
  const typed = Buffer.concat([Buffer.of(0x02), Buffer.alloc(32, 1)]).toString('base64');
  assert.throws(() => parseVerifierKey(`a.example+00000000+${typed}`), {
    name: 'LedgerError',
    code: 'key-type-unsupported',
  });
});

test('notes that are not exactly in form are refused', () => {
  const line = vector.signatureLine;
  const [, name, signature] = line.split(' ') as [string, string, string];
  const refused: [string, string][] = [
    ['nothing', ''],
    ['no signature', vector.text],
    ['no signature after the empty line', `${vector.text}\n`],
    ['no empty line', `${vector.text}${line}\n`],
    ['no newline at the end', `${vector.text}\n${line}`],
    ['text without its newline', `This is an example message.\n${line}\n`],
    ['two newlines at the end', `${vector.text}\n${line}\n\n`],
    ['carriage returns', example.replaceAll('\n', '\r\n')],
    ['a tab in the text', `a\tb\n\n${line}\n`],
    ['a NUL in the text', `a\u0000b\n\n${line}\n`],
    ['an escape in the text', `a\u001bb\n\n${line}\n`],
    ['half a surrogate pair', `a\ud800b\n\n${line}\n`],
    ['a hyphen for the dash', example.replace('\u2014', '-')],
    ['an en dash for the dash', example.replace('\u2014', '\u2013')],
    ['no space after the dash', example.replace('\u2014 ', '\u2014')],
    ['two spaces after the dash', example.replace('\u2014 ', '\u2014  ')],
    ['no name', `${vector.text}\n\u2014 ${signature}\n`],
    ['an empty name', `${vector.text}\n\u2014  ${signature}\n`],
    ['a plus in the name', `${vector.text}\n\u2014 ${name}+ ${signature}\n`],
    ['a no-break space in the name', `${vector.text}\n\u2014 a\u00a0b ${signature}\n`],
    ['an ideographic space in the name', `${vector.text}\n\u2014 a\u3000b ${signature}\n`],
    ['a next-line character in the name', `${vector.text}\n\u2014 a\u0085b ${signature}\n`],
    ['something behind the signature', `${vector.text}\n${line} x\n`],
    ['a space behind the signature', `${vector.text}\n${line} \n`],
    ['base64 without padding', `${vector.text}\n${line.slice(0, -1)}\n`],
    ['base64url', `${vector.text}\n\u2014 ${name} __--__--\n`],
    ['base64 junk', `${vector.text}\n\u2014 ${name} !!!!!!!!\n`],
    ['another spelling of the same bytes', `${vector.text}\n${line.slice(0, -2)}N=\n`],
    ['only a key id', `${vector.text}\n\u2014 ${name} Uw2QOg==\n`],
    ['an unsigned line among the signatures', `${vector.text}\nunsigned\n${line}\n`],
    ['65 signatures', `${vector.text}\n${`${line}\n`.repeat(65)}`],
    ['10 MB of text', `${'a'.repeat(10_000_000)}\n\n${line}\n`],
    ['10 MB of newlines', '\n'.repeat(10_000_000)],
  ];
  for (const [what, noteText] of refused) {
    assert.throws(() => parseNote(noteText), malformed, what);
    assert.deepEqual(openNote(noteText, [exampleKey]), { ok: false, reason: 'note-malformed' }, what);
  }
});

test('an inserted or appended line of text breaks the signature', () => {
  for (const changed of [`${vector.text}more\n`, `more\n${vector.text}`, `${vector.text}\n${vector.text}`]) {
    const noteText = `${changed}\n${vector.signatureLine}\n`;
    assert.deepEqual(openNote(noteText, [exampleKey]), { ok: false, reason: 'signature-invalid' });
  }
});

test('the text ends at the last empty line, so it may hold empty lines and even signature lines itself', () => {
  const inner = `first\n\n${vector.signatureLine}\n`;
  const signed = signNote(inner, [log.signer]);
  const opened = openNote(signed, [log.verifierKey, exampleKey]);
  assert.equal(opened.ok && opened.text, inner);
  assert.deepEqual(opened.ok && opened.verified.map(({ key }) => key.name), ['log.example/one']);
});

test('a signature made by another Ed25519 implementation holds, and unknown signers are passed over', () => {
  const noteText = signNote(text, [log.signer, other.signer]);
  for (const [known, names] of [
    [[log.verifierKey], ['log.example/one']],
    [[other.verifierKey], ['log.example/two']],
    [
      [other.verifierKey, log.verifierKey],
      ['log.example/one', 'log.example/two'],
    ],
  ] as const) {
    const opened = openNote(noteText, known);
    assert.deepEqual(opened.ok && opened.verified.map(({ key }) => key.name), names);
  }
});

test('a note without any known signature is refused', () => {
  const noteText = signNote(text, [log.signer]);
  assert.deepEqual(openNote(noteText, [other.verifierKey]), { ok: false, reason: 'no-known-signature' });
  assert.deepEqual(openNote(noteText, []), { ok: false, reason: 'no-known-signature' });
});

test('one bad signature of a known key refuses the note, however many good ones there are', () => {
  const good = parseNote(signNote(text, [log.signer]));
  const bad = parseNote(signNote('something else\n', [other.signer])).signatures[0]!;
  const noteText = formatNote({ text, signatures: [...good.signatures, bad] });
  assert.equal(openNote(noteText, [log.verifierKey]).ok, true);
  const both = [log.verifierKey, other.verifierKey];
  assert.deepEqual(openNote(noteText, both), { ok: false, reason: 'signature-invalid' });
});

test('a second, bad signature of the same key refuses the note; a second good one counts once', () => {
  const [good] = parseNote(signNote(text, [log.signer])).signatures as [never];
  const [bad] = parseNote(signNote('something else\n', [log.signer])).signatures as [never];
  const keys = [log.verifierKey];
  const twice = openNote(formatNote({ text, signatures: [good, good] }), keys);
  assert.equal(twice.ok && twice.verified.length, 1);
  for (const signatures of [
    [good, bad],
    [bad, good],
  ]) {
    assert.equal(openNote(formatNote({ text, signatures }), keys).ok, false);
  }
});

test('a signer with the name of a known key but another key id is unknown', () => {
  const impostor = testKey('log.example/one', 9);
  const noteText = signNote(text, [impostor.signer]);
  assert.deepEqual(openNote(noteText, [log.verifierKey]), { ok: false, reason: 'no-known-signature' });
});

test('a stolen key id does not make a signature hold', () => {
  const impostor = testKey('log.example/one', 9);
  const [line] = parseNote(signNote(text, [impostor.signer])).signatures;
  const noteText = formatNote({ text, signatures: [{ ...line!, keyId: log.verifierKey.keyId }] });
  assert.deepEqual(openNote(noteText, [log.verifierKey]), { ok: false, reason: 'signature-invalid' });
});

test('the same known key given twice is one key; two keys with one name and id are refused', () => {
  const noteText = signNote(text, [log.signer]);
  const opened = openNote(noteText, [log.verifierKey, parseVerifierKey(log.verifierKeyText)]);
  assert.equal(opened.ok && opened.verified.length, 1);
  const clash = { ...other.verifierKey, name: log.verifierKey.name, keyId: log.verifierKey.keyId };
  assert.deepEqual(openNote(noteText, [log.verifierKey, clash]), { ok: false, reason: 'keys-ambiguous' });
});

test('up to 64 signatures are read', () => {
  const line = parseNote(example).signatures[0]!;
  const strangers = Array.from({ length: 63 }, (_, at) => ({ ...line, name: `stranger${at}` }));
  assert.equal(
    openNote(formatNote({ text: vector.text, signatures: [...strangers, line] }), [exampleKey]).ok,
    true,
  );
});

test('a cosignature holds together with its time, and not with another', () => {
  const timeSeconds = 1_679_315_147;
  const noteText = addSignatures(signNote(text, [log.signer]), [witness.cosign(text, timeSeconds)]);
  const keys = [log.verifierKey, witness.verifierKey];
  const opened = openNote(noteText, keys);
  assert.deepEqual(opened.ok && opened.verified, [
    { key: log.verifierKey },
    { key: witness.verifierKey, timeSeconds },
  ]);
  const { name, keyId, signature } = witness.cosign(text, timeSeconds);
  for (const wrong of [
    signature.with(7, signature[7]! ^ 1),
    signature.with(0, 0x80),
    signature.with(20, signature[20]! ^ 1),
    signature.slice(8),
    new Uint8Array([...signature, 0]),
  ]) {
    const spoiled = addSignatures(signNote(text, [log.signer]), [{ name, keyId, signature: wrong }]);
    assert.deepEqual(openNote(spoiled, keys), { ok: false, reason: 'signature-invalid' });
  }
});

test('a cosignature is written as a witness writes it', () => {
  const { signature } = witness.cosign(text, 1_679_315_147);
  assert.deepEqual(encodeCosignature(1_679_315_147, signature.slice(8)), signature);
  const message = `cosignature/v1\ntime 1679315147\n${text}`;
  assert.equal(Buffer.from(cosignedMessage(text, 1_679_315_147)).toString(), message);
});

test('a cosignature from past the year 285 million is refused, though it is signed', () => {
  const note = addSignatures(signNote(text, [log.signer]), [witness.cosign(text, 2 ** 53)]);
  const keys = [log.verifierKey, witness.verifierKey];
  assert.deepEqual(openNote(note, keys), { ok: false, reason: 'signature-invalid' });
});

test('a plain signature of a witness key is not a cosignature, and the other way round', () => {
  const asLog = testKey('witness.example/w1', 3, 'log');
  const plain = signNote(text, [asLog.signer]);
  assert.deepEqual(openNote(plain, [witness.verifierKey]), { ok: false, reason: 'no-known-signature' });
  const [line] = parseNote(plain).signatures;
  const disguised = formatNote({ text, signatures: [{ ...line!, keyId: witness.verifierKey.keyId }] });
  assert.deepEqual(openNote(disguised, [witness.verifierKey]), { ok: false, reason: 'signature-invalid' });
});

test('texts that could not be read back are not signed', () => {
  const lineAsName = { ...log.signer, name: 'two words' };
  assert.throws(() => signNote('no newline', [log.signer]), malformed);
  assert.throws(() => signNote('a\tb\n', [log.signer]), malformed);
  assert.throws(() => signNote(text, []), malformed);
  assert.throws(() => signNote(text, [lineAsName]), malformed);
  assert.throws(() => signNote('\ud800\n', [log.signer]), { code: 'text-not-well-formed' });
  assert.throws(() => signNote(text, [{ ...log.signer, sign: () => new Uint8Array(63) }]), {
    name: 'LedgerError',
    code: 'signature-wrong-length',
  });
});

test('whatever the text, opening answers and never says yes without a signature', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('\n', ' ', '\u2014', 'a', '=') }),
      ),
      (junk) => {
        assert.equal(openNote(junk, [exampleKey]).ok, false);
        assert.equal(openNote(`${junk}\n\n${vector.signatureLine}\n`, [exampleKey]).ok, false);
      },
    ),
    { numRuns: 60 },
  );
});
