// Whose card was scanned, for rooms that ask its holder something: nothing of the record is read, nobody is let in.
import { findScanned } from '../storage/cards.ts';
import type { Queryable } from '../storage/queryable.ts';
import { hashToken, readToken } from './token.ts';

/**
 * Undefined for what is no card, a blank, and one that was replaced or revoked: told apart by nobody.
 * @param scanned the address in the code of a card
 */
export async function holderOfCard(db: Queryable, scanned: string): Promise<string | undefined> {
  const token = readToken(scanned.trim().replace(/^.*\/e\//, ''));
  if (token === undefined) return undefined;
  const card = await findScanned(db, hashToken(token));
  return card.kind === 'card' && card.state === 'active' ? card.patientId : undefined;
}
