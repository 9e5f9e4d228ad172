// What the database itself holds about cards, whatever requests do at the same time.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { hashCode, tryCode } from '../../server/card/access-code.ts';
import { makeBlankBatch } from '../../server/card/blank-batch.ts';
import { cardKey } from '../../server/card/card-key.ts';
import type { CardRoom } from '../../server/card/card-room.ts';
import { claimCard, endCard, issueCard, rotateCard } from '../../server/card/change-card.ts';
import { hashToken } from '../../server/card/token.ts';
import { findNewestCard, findScanned, saveAccessCode } from '../../server/storage/cards.ts';
import { insertPerson } from '../../server/storage/people.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { makeUhid } from '../../core/card/uhid.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';

let database: FreshDatabase;
let room: Pick<CardRoom, 'deps' | 'key'> & CardRoom;

before(async () => {
  database = await freshDatabase({ poolSize: 20 });
  const deps = {
    config: { publicUrl: 'https://cards.example' },
    db: { pool: database.pool },
    now: Date.now,
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
    entries: createEntryQueue(database.pool),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  room = { deps, key: cardKey(randomBytes(32)) } as unknown as CardRoom;
});
after(() => database.drop());

async function newHolder() {
  const patientId = randomUUID();
  await insertPerson(database.pool, {
    patientId,
    uhid: makeUhid((count) => randomBytes(count)),
    pseudonym: randomBytes(16),
    createdAtMs: Date.now(),
  });
  return { patientId, who: { role: 'patient' as const }, agent: 'a test' };
}

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await database.pool.query(sql, values)).rows[0].count);

async function entriesOf(patientId: string): Promise<{ event: string; detail: Record<string, unknown> }[]> {
  const { rows } = await database.pool.query(
    `select statement from entry where patient_id = $1 order by entry_id`,
    [patientId],
  );
  return rows.map((row) => JSON.parse(row.statement));
}

test('a person has at most one active card, however many are issued at once, and each act is one entry', async () => {
  const holder = await newHolder();
  const issued = await Promise.all(Array.from({ length: 10 }, () => issueCard(room, holder)));
  assert.equal(issued.filter(Boolean).length, 1);
  assert.equal(await count(`select count(*) from card where patient_id = $1`, [holder.patientId]), 1);
  assert.deepEqual(
    (await entriesOf(holder.patientId)).map((e) => e.event),
    ['card-issue'],
  );
});

test('rotations at the same time follow each other: numbers without gap, one active, one entry each', async () => {
  const holder = await newHolder();
  await issueCard(room, holder);
  const changes = await Promise.all(Array.from({ length: 10 }, () => rotateCard(room, holder)));
  assert.deepEqual(
    changes.map((c) => c.number).sort((a, b) => a - b),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  assert.equal(
    await count(`select count(*) from card where patient_id = $1 and state = 'active'`, [holder.patientId]),
    1,
  );
  assert.equal((await findNewestCard(database.pool, holder.patientId))?.state, 'active');
  assert.equal((await entriesOf(holder.patientId)).length, 11);
});

test('QR-01: what a card was is never told by its row: no token is stored, and the sealed one opens with the key alone', async () => {
  const holder = await newHolder();
  await issueCard(room, holder);
  const card = await findNewestCard(database.pool, holder.patientId);
  assert.ok(card);
  const token = room.key.open(card.sealedToken, card.tokenHash);
  assert.deepEqual(hashToken(token), card.tokenHash);
  const { rows } = await database.pool.query(`select c::text as line from card c`);
  assert.ok(rows.every((row) => !row.line.includes(token)));
  const found = await findScanned(database.pool, hashToken(token));
  assert.equal(found.kind === 'card' && found.patientId, holder.patientId);
});

test('revoked and lost cards are found as such, and a new one can be issued', async () => {
  const holder = await newHolder();
  for (const [index, state] of (['revoked', 'lost'] as const).entries()) {
    await issueCard(room, holder);
    await endCard(room, holder, state);
    const newest = await findNewestCard(database.pool, holder.patientId);
    assert.equal(newest?.state, state);
    assert.equal(newest?.number, index + 1);
    await assert.rejects(endCard(room, holder, state), { code: 'no-card' });
    await assert.rejects(rotateCard(room, holder), { code: 'no-card' });
  }
  assert.deepEqual(
    (await entriesOf(holder.patientId)).map((e) => e.event),
    ['card-issue', 'card-revoke', 'card-issue', 'card-lost'],
  );
});

test('of fifty wrong codes at once no more than ten are compared, and then the right one is closed too', async () => {
  const holder = await newHolder();
  const hash = await hashCode('482913');
  await saveAccessCode(database.pool, holder.patientId, { hash, tries: 10 });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => tryCode(database.pool, holder.patientId, String(700000 + i * 37))),
  );
  assert.equal(answers.filter((a) => a.kind === 'wrong').length, 10);
  assert.equal(answers.filter((a) => a.kind === 'closed').length, 40);
  assert.deepEqual(await tryCode(database.pool, holder.patientId, '482913'), { kind: 'closed' });
  await saveAccessCode(database.pool, holder.patientId, { hash, tries: 10 });
  assert.deepEqual(await tryCode(database.pool, holder.patientId, '482913'), { kind: 'right' });
});

test('a right code costs no try, a wrong one costs one for good, a malformed one none', async () => {
  const holder = await newHolder();
  await saveAccessCode(database.pool, holder.patientId, { hash: await hashCode('482913'), tries: 10 });
  const left = () =>
    count(`select code_tries_left as count from card_setting where patient_id = $1`, [holder.patientId]);
  await tryCode(database.pool, holder.patientId, '482914');
  for (let i = 0; i < 3; i++)
    assert.equal((await tryCode(database.pool, holder.patientId, '482913')).kind, 'right');
  assert.equal(await left(), 9);
  for (const code of ['', '12345', 'abcdef', '4829130000000', "' or 1=1"])
    assert.equal((await tryCode(database.pool, holder.patientId, code)).kind, 'malformed');
  assert.equal(await left(), 9);
});

test('a try that was taken is not given back to a newer code', async () => {
  const holder = await newHolder();
  const hash = await hashCode('482913');
  await saveAccessCode(database.pool, holder.patientId, { hash, tries: 10 });
  const trying = tryCode(database.pool, holder.patientId, '482913');
  await saveAccessCode(database.pool, holder.patientId, { hash: await hashCode('915502'), tries: 10 });
  await trying;
  assert.equal(
    await count(`select code_tries_left as count from card_setting where patient_id = $1`, [
      holder.patientId,
    ]),
    10,
  );
});

test('a blank is claimed once: of twenty claims at the same time one wins, and the former card is replaced', async () => {
  const batch = await makeBlankBatch(room, { count: 3, label: 'Ward 4', who: { role: 'operator' } });
  assert.equal(new Set(batch.cards.map((c) => c.claimCode)).size, 3);
  const blank = batch.cards[0];
  assert.ok(blank);
  const token = blank.url.split('/').at(-1) ?? '';
  assert.deepEqual(await findScanned(database.pool, hashToken(token)), { kind: 'blank' });

  const holders = await Promise.all(Array.from({ length: 20 }, newHolder));
  for (const holder of holders) await issueCard(room, holder);
  const claims = await Promise.allSettled(holders.map((holder) => claimCard(room, holder, blank.claimCode)));
  const won = claims.flatMap((claim, index) =>
    claim.status === 'fulfilled' ? [{ holder: holders[index], claim: claim.value }] : [],
  );
  assert.equal(won.length, 1);
  for (const claim of claims) if (claim.status === 'rejected') assert.equal(claim.reason.code, 'claim-code');

  const winner = won[0]?.holder;
  assert.ok(winner);
  const found = await findScanned(database.pool, hashToken(token));
  assert.equal(found.kind === 'card' && found.patientId, winner.patientId);
  assert.deepEqual(
    (await entriesOf(winner.patientId)).map((e) => [e.event, e.detail.replaces]),
    [
      ['card-issue', undefined],
      ['card-claim', 1],
    ],
  );
  for (const holder of holders.filter((h) => h !== winner)) {
    assert.equal((await findNewestCard(database.pool, holder.patientId))?.state, 'active');
    assert.equal((await entriesOf(holder.patientId)).length, 1);
  }
});

test('a batch holds 1 to 1000 cards, its claim codes are on paper only', async () => {
  for (const wrong of [0, -1, 1.5, 1001, Number.NaN]) {
    await assert.rejects(makeBlankBatch(room, { count: wrong, label: '', who: { role: 'operator' } }), {
      code: 'invalid',
    });
  }
  const { cards, number } = await makeBlankBatch(room, { count: 2, label: 'x', who: { role: 'operator' } });
  assert.equal(cards[1]?.serial, `B${number}-0002`);
  const { rows } = await database.pool.query(`select b::text as line from blank_card b`);
  assert.ok(
    rows.every((row) =>
      cards.every((card) => !row.line.includes(card.claimCode) && !row.line.includes(card.url.slice(-32))),
    ),
  );
});

test('the revision of a record grows with every way of writing it', async () => {
  const patientId = randomUUID();
  const revision = () =>
    count(`select coalesce(max(revision), 0) as count from record_revision where patient_id = $1`, [
      patientId,
    ]);
  const insert = `insert into resource values ($1, 'Basic', $2, 1, false, now(), gen_random_uuid(), '{}')`;
  await database.pool.query(insert, [patientId, randomUUID()]);
  assert.equal(await revision(), 1);
  await database.pool.query(`update resource set version = 2 where patient_id = $1`, [patientId]);
  assert.equal(await revision(), 2);
  await database.pool.query(
    `insert into resource select $1, 'Basic', resource_id, 3, true, now(), gen_random_uuid(), '' from resource where patient_id = $1
     on conflict (patient_id, resource_type, resource_id) do update set version = 3`,
    [patientId],
  );
  assert.equal(await revision(), 3);
  await database.pool.query(`delete from resource where patient_id = $1`, [patientId]);
  assert.equal(await revision(), 4);
  await database.pool.query(insert, ['', randomUUID()]);
  assert.equal(await count(`select count(*) from record_revision where patient_id = ''`), 0);
  await Promise.all(Array.from({ length: 20 }, () => database.pool.query(insert, [patientId, randomUUID()])));
  assert.equal(await revision(), 24);
});
