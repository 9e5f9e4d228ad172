// Taking over a record that was begun at a desk: whoever has the printed code and the UHID makes it theirs with a sign-in of their own, or
// becomes the guardian of the one it is about. The code works once; afterwards the desk has nothing of the record.
import type { FastifyRequest } from 'fastify';
import { parseUhid } from '../../core/card/uhid.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { Claims, OpenClaim } from '../http/claims.ts';
import { limitedAddress } from '../http/client-address.ts';
import { giveBackClaimTry, settleClaim, takeClaimTry } from '../storage/desk-enrolments.ts';
import { insertNotices } from '../storage/notices.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { claimCodeMatches, readClaimCode } from './claim-code.ts';
import type { DeskRoom } from './desk-room.ts';
import { agentOf, take } from './desk-room.ts';

/** The same for an unknown UHID, a wrong, used, old and locked code: whoever guesses learns nothing but that it did not open. */
const claimWrong = () =>
  new ApiError(404, 'claim-wrong', 'This health ID and code open nothing. Look at the sheet again.', {
    fields: [{ field: 'code', code: 'wrong' }],
  });

/** Throws 404 `claim-wrong`, 429. The try that a wrong code took stays taken, whatever happens to the request. */
export async function openClaim(
  room: DeskRoom,
  request: FastifyRequest,
  given: { uhid: string; code: string },
): Promise<OpenClaim> {
  await take(room, 'claim-address', limitedAddress(request.ip));
  const parsed = parseUhid(given.uhid);
  const code = readClaimCode(given.code);
  if (!parsed.ok || code === undefined) throw claimWrong();
  const taken = await takeClaimTry(room.db.pool, parsed.uhid, room.now());
  if (!taken || !(await claimCodeMatches(taken.hash, taken.patientId, code))) throw claimWrong();
  const claim = { patientId: taken.patientId, hash: taken.hash };
  await giveBackClaimTry(room.db.pool, claim);
  return claim;
}

/** Inside the transaction that makes the account or the guardian. Throws 404 when another was first. Gives back the entry's id. */
export async function finishClaim(
  client: Queryable,
  room: DeskRoom,
  request: FastifyRequest,
  claim: OpenClaim,
  by: { who: StatementWho; as: 'self' | 'guardian' },
): Promise<string> {
  const nowMs = room.now();
  if (!(await settleClaim(client, claim, nowMs))) throw claimWrong();
  const entry = sealEntry(
    claim.patientId,
    {
      event: 'desk-claim',
      outcome: 'done',
      who: by.who,
      basis: 'claim-code',
      agent: agentOf(request),
      detail: { as: by.as },
    },
    room,
    nowMs,
  );
  await writeBatch(client, { versions: [], entries: [entry] });
  await insertNotices(client, [
    {
      patientId: claim.patientId,
      noticeId: uuidV7(nowMs, room.randomBytes),
      kind: 'record-claimed',
      entryId: entry.entryId,
      detail: {},
      createdAtMs: nowMs,
    },
  ]);
  return entry.entryId;
}

/** What other rooms are given to take a record over with. */
export const claimsOf = (room: DeskRoom): Claims<Queryable> => ({
  open: (request, given) => openClaim(room, request, given),
  finish: (client, request, claim, by) => finishClaim(client, room, request, claim, by),
});
