// A batch of pre-printed cards that a desk gives out: codes and claim codes are made, stored and drawn in one go.
// The claim codes exist on paper only; the database keeps their keyed hash.
import type { BlankCard } from '../../core/card/drawing/card-face.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { insertBlankBatch, insertBlankCards } from '../storage/blank-cards.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { CardRoom } from './card-room.ts';
import { newToken } from './change-card.ts';
import { cardUrl, hashClaimCode, makeClaimCode } from './token.ts';

export const largestBatch = 1000;

export interface BlankBatch {
  number: number;
  entryId: string;
  cards: readonly BlankCard[];
}

/**
 * Stores a batch and returns what must be printed: this is the only time the claim codes can be read.
 * Throws ApiError 422 `invalid` when `count` is not 1 to 1000 or the label is longer than 80 characters.
 */
export async function makeBlankBatch(
  room: Pick<CardRoom, 'deps' | 'key'>,
  request: { count: number; label: string; who: StatementWho },
): Promise<BlankBatch> {
  const { count, label, who } = request;
  if (!Number.isInteger(count) || count < 1 || count > largestBatch) {
    throw new ApiError(422, 'invalid', `A batch holds 1 to ${largestBatch} cards.`, {
      fields: [{ field: 'count', code: 'range' }],
    });
  }
  if (label.length > 80) {
    throw new ApiError(422, 'invalid', 'The label is longer than 80 characters.', {
      fields: [{ field: 'label', code: 'length' }],
    });
  }
  const { now, randomBytes, config, db } = room.deps;
  return inTransaction(db.pool, async (client) => {
    const batchId = uuidV7(now(), randomBytes);
    const number = await insertBlankBatch(client, { batchId, label, count, madeAtMs: now() });
    const made = Array.from({ length: count }, (_, index) => {
      const claimCode = makeClaimCode(randomBytes);
      const serial = `B${number}-${String(index + 1).padStart(4, '0')}`;
      return { serial, claimCode, claimHash: hashClaimCode(room.key, claimCode), ...newToken(room) };
    });
    await insertBlankCards(client, batchId, made);
    const entry = sealEntry(
      '',
      { event: 'card-batch', outcome: 'done', who, basis: 'operator', detail: { batch: number, count } },
      room.deps,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    const cards = made.map(({ serial, claimCode, token }) => ({
      serial,
      claimCode,
      url: cardUrl(config.publicUrl, token),
    }));
    return { number, entryId: entry.entryId, cards };
  });
}
