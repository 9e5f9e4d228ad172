// What a holder does with their card: issue, rotate, revoke, report lost, claim a blank. Each is one transaction with its entry.
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { CardState } from '../storage/cards.ts';
import { endActiveCard, findNewestCard, insertCard, lockPerson } from '../storage/cards.ts';
import { claimBlankCard } from '../storage/blank-cards.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { CardRoom } from './card-room.ts';
import { claimHashes, hashToken, makeToken } from './token.ts';

/** Whose card it is and who acts, as the entry names them. */
export interface CardHolder {
  patientId: string;
  who: Statement['who'];
  agent: string;
  /** The rule of `core/access` that allows it; the holder's own right unless told. */
  basis?: string;
}

export interface CardChange {
  entryId: string;
  cardId: string;
  number: number;
}

/** Issues the card of a person who has none that is valid. With `onlyFirst` it does nothing once they ever had one. */
export function issueCard(
  room: CardRoom,
  holder: CardHolder,
  onlyFirst = false,
): Promise<CardChange | undefined> {
  return change(room, holder, async (client) => {
    const newest = await findNewestCard(client, holder.patientId);
    if (newest?.state === 'active' || (onlyFirst && newest)) return undefined;
    return { event: 'card-issue', card: await insertNew(room, client, holder.patientId) };
  });
}

/** A new code; the old one shows nothing from the moment this returns. */
export async function rotateCard(room: CardRoom, holder: CardHolder): Promise<CardChange> {
  const changed = await change(room, holder, async (client) => {
    const former = await endActiveCard(client, holder.patientId, 'replaced', room.deps.now());
    if (!former) throw noCard();
    const card = await insertNew(room, client, holder.patientId);
    return { event: 'card-rotate', card, detail: { replaces: former.number } };
  });
  if (!changed) throw noCard();
  return changed;
}

/** Ends the card for good. A new one can be issued. */
export async function endCard(
  room: CardRoom,
  holder: CardHolder,
  state: Extract<CardState, 'revoked' | 'lost'>,
): Promise<CardChange> {
  const changed = await change(room, holder, async (client) => {
    const card = await endActiveCard(client, holder.patientId, state, room.deps.now());
    if (!card) throw noCard();
    return { event: state === 'lost' ? 'card-lost' : 'card-revoke', card };
  });
  if (!changed) throw noCard();
  return changed;
}

/** A pre-printed blank becomes this person's card; the former one is replaced. Throws 404 `claim-code` for any code that claims nothing. */
export async function claimCard(room: CardRoom, holder: CardHolder, claimCode: string): Promise<CardChange> {
  const changed = await change(room, holder, async (client) => {
    const nowMs = room.deps.now();
    const blank = await claimBlankCard(client, claimHashes(room.key, claimCode), nowMs);
    if (!blank) throw noSuchClaimCode();
    const former = await endActiveCard(client, holder.patientId, 'replaced', nowMs);
    const cardId = uuidV7(nowMs, room.deps.randomBytes);
    const { serial, tokenHash, sealedToken } = blank;
    const number = await insertCard(client, {
      patientId: holder.patientId,
      cardId,
      tokenHash,
      sealedToken,
      serial,
      issuedAtMs: nowMs,
    });
    return {
      event: 'card-claim',
      card: { cardId, number },
      detail: { serial, ...(former ? { replaces: former.number } : {}) },
    };
  });
  if (!changed) throw noSuchClaimCode();
  return changed;
}

export function noSuchClaimCode(): ApiError {
  return new ApiError(404, 'claim-code', 'No unclaimed card has this code. Look at the card again.');
}

interface Change {
  event: Statement['event'];
  card: { cardId: string; number: number };
  detail?: Statement['detail'];
}

async function change(
  room: CardRoom,
  holder: CardHolder,
  act: (client: Queryable) => Promise<Change | undefined>,
): Promise<CardChange | undefined> {
  return inTransaction(room.deps.db.pool, async (client) => {
    // One act at a time for each person: numbers follow each other, and no two cards are ever active.
    if (!(await lockPerson(client, holder.patientId))) throw noCard();
    const changed = await act(client);
    if (!changed) return undefined;
    const entry = sealEntry(
      holder.patientId,
      {
        event: changed.event,
        outcome: 'done',
        who: holder.who,
        basis: holder.basis ?? 'self',
        agent: holder.agent,
        detail: { card: changed.card.number, ...changed.detail },
      },
      room.deps,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return { entryId: entry.entryId, ...changed.card };
  });
}

async function insertNew(
  room: CardRoom,
  client: Queryable,
  patientId: string,
): Promise<{ cardId: string; number: number }> {
  const nowMs = room.deps.now();
  const { tokenHash, sealedToken } = newToken(room);
  const cardId = uuidV7(nowMs, room.deps.randomBytes);
  const number = await insertCard(client, { patientId, cardId, tokenHash, sealedToken, issuedAtMs: nowMs });
  return { cardId, number };
}

/** The token in its three forms: as printed, as found, as kept for printing again (bound to its hash, so that rows cannot be mixed). */
export function newToken(room: Pick<CardRoom, 'deps' | 'key'>): {
  token: string;
  tokenHash: Buffer;
  sealedToken: Buffer;
} {
  const token = makeToken(room.deps.randomBytes);
  const tokenHash = hashToken(token);
  return { token, tokenHash, sealedToken: room.key.seal(token, tokenHash, room.deps.randomBytes(12)) };
}

export function noCard(): ApiError {
  return new ApiError(404, 'no-card', 'There is no valid card. Issue a new one first.');
}
