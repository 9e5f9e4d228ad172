// A card that is shown at a desk, with the access code that its holder says: whose it is. For rooms that give somebody something by it; nothing
// of the record is read here.
import { tryCode, normalCode } from './access-code.ts';
import type { CardRoom } from './card-room.ts';
import { hashToken, readToken } from './token.ts';

export type OpenedByCode =
  | { kind: 'open'; patientId: string }
  /** The try stays taken. */
  | { kind: 'wrong'; patientId: string; triesLeft: number }
  /** No such card, one that is not valid, one without a code, or a code whose tries are used up: told apart by nobody. */
  | { kind: 'closed' };

/** `token` as scanned: the address in the code, or what stands at its end. */
export async function openByCode(room: CardRoom, scanned: string, code: string): Promise<OpenedByCode> {
  const token = readToken(scanned.trim().replace(/^.*\/e\//, ''));
  if (token === undefined) return { kind: 'closed' };
  const card = await room.lookup.find(hashToken(token));
  if (card.kind !== 'card' || card.state !== 'active') return { kind: 'closed' };
  const { patientId } = card;
  const answer = await tryCode(room.deps.db.pool, patientId, normalCode(code));
  if (answer.kind === 'right') return { kind: 'open', patientId };
  return answer.kind === 'wrong'
    ? { kind: 'wrong', patientId, triesLeft: answer.triesLeft }
    : { kind: 'closed' };
}
