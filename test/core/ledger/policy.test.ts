import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatCheckpoint } from '../../../core/ledger/checkpoint.ts';
import {
  cosign,
  formatSignatureLines,
  readCosignature,
  withCosignatures,
} from '../../../core/ledger/cosign.ts';
import { signNote } from '../../../core/ledger/note.ts';
import { formatPolicy, isQuorum, majorityOf, parsePolicy, policyOf } from '../../../core/ledger/policy.ts';
import { verifyCosignatures } from '../../../core/ledger/verify-cosignatures.ts';
import { testKey } from './signing-keys.ts';

const log = testKey('log.example/log', 1);
const otherLog = testKey('other.example/log', 2);
const [w1, w2, w3] = [11, 12, 13].map((seed) => testKey(`w${seed}.example`, seed, 'witness'));
assert.ok(w1 && w2 && w3);
const text = formatCheckpoint({
  origin: 'log.example/log',
  size: 7,
  root: new Uint8Array(32).fill(9),
  extensions: [],
});
const signed = signNote(text, [log.signer]);
const witnessLines = [w1, w2, w3].map(
  (w, at) => `witness W${at + 1} ${w.verifierKeyText} https://w${at + 1}.example/`,
);

describe('a policy file', () => {
  test('is read with comments, tabs and several groups, and written so that it reads the same', () => {
    const policy = parsePolicy(
      [
        `# whom we believe`,
        `  log\t${log.verifierKeyText}   https://log.example/log`,
        '',
        ...witnessLines,
        'group A 2 W1 W2',
        'group B any W3',
        'group both all A B',
        'quorum both',
        '',
      ].join('\n'),
    );
    assert.deepEqual(parsePolicy(formatPolicy(policy)), policy);
    const quorum = (...names: string[]) => isQuorum(policy, new Set(names));
    assert.equal(quorum('W1', 'W2', 'W3'), true);
    assert.equal(quorum('W1', 'W3'), false);
    assert.equal(quorum('W1', 'W2'), false);
    // Names of groups are not names of witnesses: nobody cosigns as a group.
    assert.equal(quorum('A', 'B', 'both'), false);
  });

  const refused: [string, string][] = [
    ['no quorum', `log ${log.verifierKeyText}\n`],
    ['two quorums', 'quorum none\nquorum none\n'],
    ['an unknown name in the quorum', 'quorum W1\n'],
    ['an unknown member', `${witnessLines[0]}\ngroup A all W1 W9\nquorum A\n`],
    ['a member defined later', `group A all W1\n${witnessLines[0]}\nquorum A\n`],
    ['a member of two groups', `${witnessLines[0]}\ngroup A all W1\ngroup B all W1\nquorum A\n`],
    ['a member twice', `${witnessLines[0]}\ngroup A 2 W1 W1\nquorum A\n`],
    ['a group without members', 'group A any\nquorum A\n'],
    ['a threshold of nothing', `${witnessLines[0]}\ngroup A 0 W1\nquorum A\n`],
    ['a threshold beyond the members', `${witnessLines[0]}\ngroup A 2 W1\nquorum A\n`],
    ['a threshold with a sign', `${witnessLines[0]}\ngroup A +1 W1\nquorum A\n`],
    ['the name none', `witness none ${w1.verifierKeyText}\nquorum none\n`],
    ['a name twice', `${witnessLines[0]}\nwitness W1 ${w2.verifierKeyText}\nquorum W1\n`],
    ['a key twice', `${witnessLines[0]}\nwitness W2 ${w1.verifierKeyText}\nquorum W1\n`],
    ['a log’s key for a witness', `witness W1 ${log.verifierKeyText}\nquorum W1\n`],
    ['a witness’s key for a log', `log ${w1.verifierKeyText}\nquorum none\n`],
    ['an unknown line', 'trust everybody\nquorum none\n'],
    ['a carriage return', 'quorum none\r\n'],
    ['nothing', ''],
    ['very much', `${'#\n'.repeat(60_000)}quorum none\n`],
  ];
  for (const [what, file] of refused)
    test(`with ${what} is refused`, () =>
      assert.throws(() => parsePolicy(file), { code: 'policy-malformed' }));

  test('of a number of witnesses takes a majority unless told', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(majorityOf), [0, 1, 2, 2, 3, 3]);
    const policy = policyOf([{ key: log.verifierKey }], [{ key: w1.verifierKey }, { key: w2.verifierKey }]);
    assert.deepEqual(parsePolicy(formatPolicy(policy)), policy);
    assert.equal(policyOf([], []).quorum, 'none');
    assert.throws(() => policyOf([], [{ key: w1.verifierKey }], 2), { code: 'policy-malformed' });
  });
});

describe('cosignatures under a policy', () => {
  const policy = parsePolicy(
    [`log ${log.verifierKeyText}`, ...witnessLines, 'group Q 2 W1 W2 W3', 'quorum Q', ''].join('\n'),
  );

  test('count when the quorum has signed exactly this checkpoint, and say who is missing', () => {
    const one = withCosignatures(signed, [w1.cosign(text, 100)]);
    const two = withCosignatures(one, [w3.cosign(text, 200)]);
    const none = verifyCosignatures(signed, policy);
    assert.equal(none.verdict, 'not-witnessed');
    const few = verifyCosignatures(one, policy);
    assert.ok(few.verdict === 'not-witnessed');
    assert.deepEqual(few.missing, ['W2', 'W3']);
    const enough = verifyCosignatures(two, policy);
    assert.ok(enough.verdict === 'witnessed');
    assert.deepEqual(enough.seenBy, [
      { name: 'W1', keyName: 'w11.example', timeSeconds: 100 },
      { name: 'W3', keyName: 'w13.example', timeSeconds: 200 },
    ]);
    assert.equal(enough.checkpoint.size, 7);
  });

  test('one witness that signs twice counts once', () => {
    const twice = withCosignatures(signed, [w1.cosign(text, 100)]);
    assert.equal(withCosignatures(twice, [w1.cosign(text, 101)]), twice);
    const lines = formatSignatureLines(text, [w1.cosign(text, 100), w1.cosign(text, 101)]);
    assert.equal(verifyCosignatures(signed + lines, policy).verdict, 'not-witnessed');
  });

  const failing: [string, string][] = [
    [
      'without the log’s own signature',
      `${text}\n${formatSignatureLines(text, [w1.cosign(text, 1), w2.cosign(text, 1)])}`,
    ],
    ['signed by another log', signNote(text, [otherLog.signer])],
    [
      'with a trusted witness’s signature over another text',
      withCosignatures(signed, [w1.cosign(text.replace('7', '8'), 1), w2.cosign(text, 1)]),
    ],
    ['that is no note', 'x'],
    ['that is empty', ''],
    ['whose size was raised', withCosignatures(signed, [w1.cosign(text, 1)]).replace('\n7\n', '\n8\n')],
  ];
  for (const [what, note] of failing)
    test(`a checkpoint ${what} fails`, () =>
      assert.equal(verifyCosignatures(note, policy).verdict, 'failed'));

  test('unknown witnesses are passed over, and a policy of none needs none', () => {
    const stranger = testKey('stranger.example', 40, 'witness');
    const noted = withCosignatures(signed, [stranger.cosign(text, 1)]);
    assert.equal(verifyCosignatures(noted, policy).verdict, 'not-witnessed');
    const free = parsePolicy(`log ${log.verifierKeyText}\nquorum none\n`);
    assert.equal(verifyCosignatures(noted, free).verdict, 'witnessed');
  });
});

describe('a witness’s answer', () => {
  test('made here is what another implementation makes, and holds', () => {
    const made = cosign(text, 1234, w1.signer);
    assert.deepEqual(made, w1.cosign(text, 1234));
    const read = readCosignature(signed, formatSignatureLines(text, [made]), w1.verifierKey);
    assert.equal(read?.timeSeconds, 1234);
    assert.deepEqual(read?.signature, made);
  });

  test('with lines of others beside it is read, one that does not hold is not', () => {
    const lines = (...signatures: Parameters<typeof formatSignatureLines>[1]) =>
      formatSignatureLines(text, signatures);
    const good = w1.cosign(text, 5);
    const bad = w1.cosign(text.replace('7', '8'), 5);
    const read = (answer: string) => readCosignature(signed, answer, w1.verifierKey);
    assert.ok(read(lines(w2.cosign(text, 5), good)));
    assert.ok(read(lines({ ...w2.cosign(text, 5), signature: new Uint8Array(72) }, good)));
    for (const answer of [
      lines(bad),
      lines(w2.cosign(text, 5)),
      '',
      'OK',
      `${lines(good)}\n`,
      lines(good).trimEnd(),
      `extra\n\n${lines(good)}`,
      lines(good).repeat(40),
      'x'.repeat(2_000_000),
    ])
      assert.equal(read(answer), undefined, answer.slice(0, 60));
  });
});
