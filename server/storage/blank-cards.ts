// Pre-printed cards that belong to nobody yet: made in batches, each claimed once.
import type { Queryable } from './queryable.ts';

export interface NewBlankCard {
  serial: string;
  tokenHash: Uint8Array;
  sealedToken: Uint8Array;
  claimHash: Uint8Array;
}

/** Returns the number of the batch: 1, 2, 3, … over the whole server. */
export async function insertBlankBatch(
  db: Queryable,
  batch: { batchId: string; label: string; count: number; madeAtMs: number },
): Promise<number> {
  const { rows } = await db.query({
    text: `insert into blank_batch (batch_id, label, card_count, made_at)
           values ($1, $2, $3, to_timestamp($4::float8 / 1000)) returning number`,
    values: [batch.batchId, batch.label, batch.count, batch.madeAtMs],
  });
  return (rows[0] as { number: number }).number;
}

export async function insertBlankCards(
  db: Queryable,
  batchId: string,
  cards: readonly NewBlankCard[],
): Promise<void> {
  await db.query({
    text: `insert into blank_card (batch_id, serial, state, token_hash, sealed_token, claim_hash)
           select $1::uuid, serial, 'blank', token_hash, sealed_token, claim_hash
             from unnest($2::text[], $3::bytea[], $4::bytea[], $5::bytea[])
               as t(serial, token_hash, sealed_token, claim_hash)`,
    values: [
      batchId,
      cards.map((c) => c.serial),
      cards.map((c) => Buffer.from(c.tokenHash)),
      cards.map((c) => Buffer.from(c.sealedToken)),
      cards.map((c) => Buffer.from(c.claimHash)),
    ],
  });
}

export interface ClaimedBlank {
  serial: string;
  tokenHash: Buffer;
  sealedToken: Buffer;
}

/** Takes the blank for good. Undefined when no unclaimed blank has this claim code: of two at once, one gets it. */
export async function claimBlankCard(
  db: Queryable,
  claimHashes: readonly Uint8Array[],
  nowMs: number,
): Promise<ClaimedBlank | undefined> {
  const { rows } = await db.query({
    name: 'claim-blank-card',
    text: `update blank_card set state = 'claimed', claimed_at = to_timestamp($2::float8 / 1000)
            where claim_hash = any($1::bytea[]) and state = 'blank'
           returning serial, token_hash as "tokenHash", sealed_token as "sealedToken"`,
    values: [claimHashes, nowMs],
  });
  return rows[0] as ClaimedBlank | undefined;
}
