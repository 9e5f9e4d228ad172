// Somebody with the database, and even with the log's own key, rewrites history. The stand-alone verifier of a reader who was here before,
// or who compares notes with another reader, must find it and say what is wrong; put back, all must hold again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import type { LogKey } from '../../server/ledger/log-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import type { LeafRow } from '../harness/attacker.ts';
import { keepLog, readLeaves, rewriteLog } from '../harness/attacker.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { runVerifier, temporaryFolder, writeRecord } from '../harness/verifier.ts';

describe('LOG-02 history rewritten', () => {
  let server: TestServer;
  let asha: Person;
  let key: LogKey;
  let leaves: LeafRow[];
  /** Index of a leaf of Asha in the middle of her chain. */
  let middle: number;
  let ashas: number[];
  const folder = temporaryFolder();
  const state = folder.path('state.json');
  const record = folder.path('record.json');

  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    const other = await signUp(server.url);
    for (let i = 0; i < 6; i++) {
      await asha.create(conditionOf(asha.patientId, `number ${i}`));
      await other.create(conditionOf(other.patientId, `number ${i}`));
    }
    await server.sequencer.flush();
    await server.sequencer.stop();
    key = await openLogKey(server.dataDir, '', false);
    leaves = await readLeaves(server);
    ashas = leaves.flatMap(({ leaf }, index) =>
      Buffer.from(decodeLeaf(leaf).pseudonym).equals(Buffer.from(decodeLeaf(leaves[0]!.leaf).pseudonym))
        ? [index]
        : [],
    );
    middle = ashas[3]!;
    await writeRecord(server, asha.patientId, record);
    const first = await runVerifier(server.url, '--state', state, '--record', record);
    assert.deepEqual([first.exitCode, first.codes], [0, []], JSON.stringify(first));
  });
  after(async () => {
    folder.remove();
    await server.stop();
  });

  /** What a reader finds who was here before, and holds Asha's record. Put back, all must hold again. */
  async function found(attack: () => Promise<void>): Promise<{ exitCode: number; codes: readonly string[] }> {
    const putBack = await keepLog(server);
    let seen;
    try {
      await attack();
      seen = await runVerifier(server.url, '--state', state, '--record', record);
    } finally {
      await putBack();
    }
    const again = await runVerifier(server.url, '--state', state, '--record', record);
    assert.deepEqual([again.exitCode, again.codes], [0, []], 'put back, it holds');
    return seen;
  }
  const swapped = (a: number, b: number) => leaves.with(a, leaves[b]!).with(b, leaves[a]!);

  interface Attack {
    act: () => Promise<void>;
    exit: number;
    code: string;
  }
  const attacks: Record<string, () => Attack> = {
    'a leaf deleted from the table': () => ({
      act: async () => void (await server.pool.query('delete from log_leaf where leaf_index = $1', [middle])),
      exit: 5,
      code: 'bundle-unreadable',
    }),
    'a leaf deleted, everything after it moved up, hashed and signed again': () => ({
      act: () => rewriteLog(server, leaves.toSpliced(middle, 1), key),
      exit: 5,
      code: 'chain-number-differs',
    }),
    'a leaf deleted, its chain numbered and linked anew, hashed and signed again': () => ({
      act: () => rewriteLog(server, leaves.toSpliced(middle, 1), key, { rechain: true }),
      exit: 6,
      code: 'log-shorter-than-seen',
    }),
    'a leaf replaced by a later one, chains made whole, hashed and signed again': () => ({
      act: () =>
        rewriteLog(server, leaves.with(middle, { ...leaves[middle]!, leaf: leaves.at(-1)!.leaf }), key, {
          rechain: true,
        }),
      exit: 6,
      code: 'history-differs',
    }),
    'two leaves swapped in the table': () => ({
      act: async () => {
        await server.pool.query(
          `update log_leaf l set leaf = o.leaf from log_leaf o where (l.leaf_index, o.leaf_index) in (($1, $2), ($2, $1))`,
          [middle, middle + 1],
        );
      },
      exit: 5,
      code: 'tile-differs',
    }),
    'two leaves of different people swapped, hashed and signed again': () => ({
      act: () => rewriteLog(server, swapped(middle, middle + 1), key),
      exit: 6,
      code: 'history-differs',
    }),
    'a person’s chain put into another order, hashed and signed again': () => ({
      act: () => rewriteLog(server, swapped(ashas[2]!, ashas[4]!), key),
      exit: 5,
      code: 'chain-number-differs',
    }),
    'a person’s chain put into another order, numbered and linked anew, hashed and signed again': () => ({
      act: () => rewriteLog(server, swapped(ashas[2]!, ashas[4]!), key, { rechain: true }),
      exit: 6,
      code: 'history-differs',
    }),
    'a back-dated leaf put in, chains made whole, hashed and signed again': () => ({
      act: () =>
        rewriteLog(
          server,
          leaves.toSpliced(middle, 0, {
            ...leaves[middle]!,
            entryId: '01900000-0000-7000-8000-000000000000',
          }),
          key,
          { rechain: true },
        ),
      exit: 6,
      code: 'history-differs',
    }),
    'the log cut at its end, signed again': () => ({
      act: () => rewriteLog(server, leaves.slice(0, -3), key),
      exit: 6,
      code: 'log-shorter-than-seen',
    }),
    'an old checkpoint shown again': () => ({
      act: async () => {
        const aside = folder.path('old');
        await rewriteLog(server, leaves.slice(0, -5), key);
        const { rows } = await server.pool.query('select note, root, size from log_checkpoint');
        writeFileSync(aside, JSON.stringify(rows[0]));
        await rewriteLog(server, leaves, key);
        const [{ note, size }] = rows as [{ note: string; size: number }];
        await server.pool.query('update log_checkpoint set note = $1, size = $2', [note, size]);
      },
      exit: 6,
      code: 'log-shorter-than-seen',
    }),
    'the whole log computed again and signed with a new key': () => ({
      act: async () => {
        const stranger = await openLogKey(folder.path('stranger'), key.origin, true);
        await rewriteLog(server, leaves, stranger);
      },
      exit: 4,
      code: 'no-known-signature',
    }),
    'the whole log computed again under another name': () => ({
      act: () =>
        rewriteLog(server, leaves, {
          ...key,
          origin: 'elsewhere.example/log',
          name: 'elsewhere.example/log',
        }),
      exit: 4,
      code: 'no-known-signature',
    }),
  };

  for (const [what, attack] of Object.entries(attacks))
    test(`${what} is found`, async () => {
      const { act, exit, code } = attack();
      const { exitCode, codes } = await found(act);
      assert.equal(exitCode, exit, codes.join());
      assert.ok(codes.includes(code), codes.join());
    });

  test('LOG-03 set back to an older copy of the database, and written on from there, is found', async () => {
    // What stood when the copy was made: all but the last four.
    const { exitCode, codes } = await found(() =>
      rewriteLog(server, [...leaves.slice(0, -4), ...leaves.slice(-4).toReversed()], key, { rechain: true }),
    );
    assert.deepEqual([exitCode, codes.includes('history-differs')], [6, true], codes.join());
  });

  test('LOG-04 two readers who are shown two views find it as soon as they compare what they were shown', async () => {
    const [one, two] = [folder.path('one.json'), folder.path('two.json')];
    const putBack = await keepLog(server);
    // Both views begin alike and end differently; each is whole, and signed by the log.
    const [viewOne, viewTwo] = [leaves, swapped(leaves.length - 2, leaves.length - 1)];
    assert.equal((await runVerifier(server.url, '--state', one)).exitCode, 0, 'the first view is whole');
    await rewriteLog(server, viewTwo, key, { rechain: true });
    assert.equal((await runVerifier(server.url, '--state', two)).exitCode, 0, 'the second view is whole');
    const shownToOne = folder.path('shown-to-one');
    writeFileSync(shownToOne, (JSON.parse(readFileSync(one, 'utf8')) as { checkpoint: string }).checkpoint);
    const compared = await runVerifier(server.url, '--state', two, '--checkpoint', shownToOne);
    assert.deepEqual([compared.exitCode, compared.codes], [6, ['history-differs']]);
    await rewriteLog(server, viewOne, key);
    const shownToTwo = folder.path('shown-to-two');
    writeFileSync(shownToTwo, (JSON.parse(readFileSync(two, 'utf8')) as { checkpoint: string }).checkpoint);
    assert.equal((await runVerifier(server.url, '--state', one, '--checkpoint', shownToTwo)).exitCode, 6);
    await putBack();
  });

  test('a doubt stays a doubt: what was seen is not overwritten by what does not hold', async () => {
    const before = readFileSync(state, 'utf8');
    await found(() => rewriteLog(server, leaves.slice(0, -3), key));
    const { checkpoint } = JSON.parse(before) as { checkpoint: string };
    assert.equal((JSON.parse(readFileSync(state, 'utf8')) as { checkpoint: string }).checkpoint, checkpoint);
  });
});
