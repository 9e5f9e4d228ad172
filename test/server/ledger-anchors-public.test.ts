// `/log/anchors` read by a stranger: what stands on which chain, in pages; and the store behind it: a confirmed anchor, its event and its
// leaf are one.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sealEntry } from '../../server/storage/sealed-entry.ts';
import type { AnchorPlace, StoredAnchor } from '../../server/storage/anchor-store.ts';
import {
  confirmAnchor,
  findNewestAnchored,
  hasNews,
  listAttempts,
  listOpenAnchors,
  storeAnchor,
  storeAttempt,
  takeAnchorBack,
} from '../../server/storage/anchor-store.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Page {
  origin: string;
  logId: string;
  anchors: { number: number; state: string; size: number; records?: number; leafIndex?: number }[];
  next?: number;
}

const place: AnchorPlace = { chainId: 1, genesis: randomBytes(32), contract: randomBytes(20) };
const mined = (blockNumber: number) => ({
  transactionHash: randomBytes(32),
  blockNumber,
  blockHash: randomBytes(32),
  blockTimeSeconds: 1_790_000_000,
  gasUsed: 37_000,
  gasPriceWei: '12345678901234567890',
});

describe('anchors', () => {
  let server: TestServer;
  const made: StoredAnchor[] = [];
  const entryOf = () =>
    sealEntry(
      '',
      { event: 'anchor', outcome: 'done', who: { role: 'system' }, basis: 'system' },
      server.deps,
    );
  const page = async (query = '') => {
    const answer = await newClient(server.url).get(`/log/anchors${query}`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    return answer.json<Page & Record<string, unknown>>();
  };

  before(async () => {
    server = await startServer();
    await signUp(server.url);
    await server.sequencer.flush();
  });
  after(() => server.stop());

  test('a log that was never anchored says so with an empty list', async () => {
    const { origin, logId, anchors, next } = await page();
    assert.equal(logId, `0x${createHash('sha256').update(origin).digest('hex')}`);
    assert.deepEqual([anchors, next], [[], undefined]);
  });

  test('a confirmed anchor is one event and one leaf, confirmed again it is none more', async () => {
    for (const size of [1, 2, 3]) {
      const one = await storeAnchor(server.pool, place, { size, root: randomBytes(32) }, Date.now());
      assert.ok(one);
      made.push(one);
    }
    assert.equal(await storeAnchor(server.pool, place, { size: 3, root: randomBytes(32) }, 0), undefined);
    const [, second] = made as [StoredAnchor, StoredAnchor];
    assert.equal(await confirmAnchor(server.pool, second, mined(7), 2, entryOf()), true);
    assert.equal(await confirmAnchor(server.pool, second, mined(8), 2, entryOf()), false);
    await server.sequencer.flush();
    const { anchors } = await page();
    assert.deepEqual(
      anchors.map(({ size, state }) => [size, state]),
      [
        [3, 'pending'],
        [2, 'anchored'],
      ],
      'the smaller one is needless now',
    );
    assert.ok((anchors[1]?.leafIndex ?? 0) > 0);
    const { rows } = await server.pool.query(
      `select count(*)::int as n from entry where statement like '%"anchor"%'`,
    );
    assert.deepEqual(rows, [{ n: 1 }]);
  });

  test('the leaf of an anchor alone is no news, any other is', async () => {
    const { rows } = await server.pool.query('select size::int from log_head');
    const { size } = rows[0] as { size: number };
    assert.equal(await hasNews(server.pool, size - 1, size), false);
    assert.equal(await hasNews(server.pool, size - 2, size), true);
  });

  test('what the chain took back waits again, with its transactions', async () => {
    const second = await findNewestAnchored(server.pool, place);
    assert.equal(second?.size, 2);
    const attempt = {
      transactionHash: randomBytes(32),
      signed: randomBytes(9),
      nonce: 4,
      feeWei: '10',
      tipWei: '1',
    };
    await storeAttempt(server.pool, second.anchorId, attempt, 1);
    await takeAnchorBack(server.pool, second.anchorId);
    assert.equal(await findNewestAnchored(server.pool, place), undefined);
    assert.deepEqual(
      (await listOpenAnchors(server.pool, place)).map(({ size, returned }) => [size, returned]),
      [
        [3, 0],
        [2, 1],
      ],
    );
    assert.deepEqual((await listAttempts(server.pool, second.anchorId))[0]?.signed, attempt.signed);
  });

  test('pages follow each other without gap or double; the first over a leaf is found', async () => {
    for (let size = 10; size < 20; size++) {
      const one = await storeAnchor(server.pool, place, { size, root: randomBytes(32) }, Date.now());
      assert.ok(one);
      await confirmAnchor(server.pool, one, mined(size), 1, entryOf());
    }
    const sizes: number[] = [];
    for (let query: string | undefined = '?limit=3'; query !== undefined;) {
      const { anchors, next }: Page = await page(query);
      sizes.push(...anchors.map(({ size }) => size));
      query = next === undefined ? undefined : `?limit=3&before=${next}`;
    }
    assert.deepEqual(sizes, [19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
    for (const [index, size] of [
      [0, 10],
      [9, 10],
      [10, 11],
      [18, 19],
    ] as const)
      assert.deepEqual(
        (await page(`?over=${index}`)).anchors.map((one) => one.size),
        [size],
      );
    assert.deepEqual((await page('?over=19')).anchors, []);
  });

  test('bad questions are answered with 400', async () => {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'before=-1',
      'before=1e3',
      'over=',
      'over=99999999999999999999',
      'over=1&over=2',
    ]) {
      const answer = await newClient(server.url).get(`/log/anchors?${query}`);
      assert.equal(answer.status, 400, query);
    }
  });
});
