// Old checkpoints go by a rule, and nothing that was ever proven depends on one.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { verifyConsistency } from '../../core/ledger/consistency.ts';
import type { RecordEvidence } from '../../core/ledger/verify-record.ts';
import { verifyRecord } from '../../core/ledger/verify-record.ts';
import { pruneCheckpoints } from '../../server/storage/checkpoint-pruning.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { fetchRecord, verifyOverHttp } from '../harness/record.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { runVerifier, temporaryFolder } from '../harness/verifier.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('signed checkpoints', () => {
  const folder = temporaryFolder();
  // The first minute of an hour, long ago.
  let nowMs = Date.UTC(2026, 0, 5, 10, 1);
  let server: TestServer;
  let asha: Person;
  const signed: { size: number; root: string; atMs: number; note: string }[] = [];
  let early: RecordEvidence;
  before(async () => {
    server = await startServer({ sources: { now: () => nowMs } });
    asha = await signUp(server.url);
    for (let n = 0; n < 30; n += 1) {
      // Six in each of five hours, ten minutes apart.
      await signUp(server.url);
      await server.sequencer.flush();
      if (n === 2) early = await fetchRecord(asha);
      nowMs += 10 * minute;
    }
    const { rows } = await server.pool.query<{ size: number; root: Buffer; at: Date; note: string }>(
      'select size, root, signed_at as at, note from log_checkpoint order by size',
    );
    for (const { size, root, at, note } of rows)
      signed.push({ size, root: root.toString('base64'), atMs: at.getTime(), note });
  });
  after(async () => {
    await server.stop();
    folder.remove();
  });

  const standing = async (): Promise<number[]> =>
    (await server.pool.query<{ size: number }>('select size from log_checkpoint order by size')).rows.map(
      ({ size }) => size,
    );
  const lastOfHours = () => {
    const byHour = Map.groupBy(signed, ({ atMs }) => Math.floor(atMs / hour));
    return [...byHour.values()].map((ones) => Math.max(...ones.map(({ size }) => size)));
  };

  test('those of the last hour stay whole; of older ones the last of each hour, the anchored and the newest of each number of witnesses', async () => {
    const sizes = signed.map(({ size }) => size);
    const at = (index: number) => signed[index]?.size ?? 0;
    await server.pool.query(
      `insert into anchor (chain_id, genesis, contract, size, root, state, made_at)
       select 1, decode(repeat('11', 32), 'hex'), decode(repeat('22', 20), 'hex'), size, root, 'pending', now() from log_checkpoint where size = $1`,
      [at(3)],
    );
    const cosigned: [number, string][] = [
      [at(1), 'a'],
      [at(1), 'b'],
      [at(4), 'a'],
      [at(5), 'b'],
      [at(2), 'c'],
    ];
    for (const [size, witness] of cosigned)
      await server.pool.query(
        'insert into log_cosignature (size, witness, line, signed_at) values ($1, $2, $3, now())',
        [size, witness, `\u2014 ${witness} AAAA\n`],
      );
    assert.ok((await pruneCheckpoints(server.pool, nowMs)) > 0);
    const recent = signed.filter(({ atMs }) => atMs >= nowMs - hour).map(({ size }) => size);
    const wanted = new Set([
      ...lastOfHours(),
      ...recent,
      at(3),
      at(1),
      at(4),
      at(5),
      at(2),
      Math.max(...sizes),
    ]);
    assert.deepEqual(
      await standing(),
      [...wanted].toSorted((a, b) => a - b),
    );
    const { rows } = await server.pool.query<{ left: number }>(
      'select count(*)::int as left from log_cosignature where size not in (select size from log_checkpoint)',
    );
    assert.equal(rows[0]?.left, 0);
    assert.equal(await pruneCheckpoints(server.pool, nowMs), 0, 'twice is as once');
  });

  test('cosignatures of what goes go with it', async () => {
    nowMs += 2 * hour;
    await server.pool.query('delete from log_cosignature');
    const before = await standing();
    const first = before[0] ?? 0;
    for (const size of [first, before.at(-1) ?? 0])
      await server.pool.query(
        'insert into log_cosignature (size, witness, line, signed_at) values ($1, $2, $3, now())',
        [size, 'a', '\u2014 a AAAA\n'],
      );
    assert.ok((await pruneCheckpoints(server.pool, nowMs)) > 0);
    const { rows } = await server.pool.query<{ size: number }>(
      'select size from log_cosignature order by size',
    );
    assert.deepEqual(
      rows.map(({ size }) => size),
      (await standing()).includes(first) ? [first, before.at(-1)] : [before.at(-1)],
    );
  });

  test('what was proven under one that is gone still is, and the log contains it', async () => {
    await server.pool.query('delete from log_cosignature');
    const gone = signed.filter(({ size }) => size > 0);
    const left = new Set(await standing());
    const pruned = gone.filter(({ size }) => !left.has(size));
    assert.ok(pruned.length > 10);
    assert.equal(verifyRecord(early).verdict, 'passed', 'kept by the person');
    await asha.call('POST', '/api/sessions', { body: { login: asha.login, password: goodPassword } });
    assert.equal((await verifyOverHttp(asha)).verdict, 'passed', 'and today');
    const latest = (await asha.get('/log/checkpoint')).text;
    const [, size = '', root = ''] = latest.split('\n');
    for (const one of pruned) {
      const answer = await asha.get(`/log/proof/consistency?from=${one.size}&to=${size}`);
      const hashes = answer.json<{ hashes: string[] }>().hashes;
      assert.deepEqual(
        verifyConsistency({
          oldSize: one.size,
          newSize: Number(size),
          oldRoot: decodeBase64(one.root),
          newRoot: decodeBase64(root),
          proof: hashes.map((hash) => decodeBase64(hash)),
        }),
        { ok: true },
      );
    }
    const kept = folder.path('checkpoint');
    writeFileSync(kept, pruned[0]?.note ?? '');
    const vkey = (await asha.get('/log/vkey')).text.trim();
    const result = await runVerifier(server.url, '--no-state', '--key', vkey, '--checkpoint', kept);
    assert.equal(result.exitCode, 0, JSON.stringify(result));
  });
});
