// Who may open what this device keeps while the server cannot be asked: whoever it last knew as signed in, for as long as a session can last.
// Kept only beside a visit that waits here, sealed under the same key; gone when the person signs out, somebody else signs in, or the server says
// that the session has ended.
import { keyOf, openSealed, sealed, withStoreIfAny } from './kept-visits.ts';
import type { Me } from './session.ts';

/** The longest life of a session: docs/decisions/sessions.md. */
const LONGEST_MS = 12 * 3_600_000;
const BOUND = 'seat';

interface Seat {
  readonly me: Me;
  readonly until: number;
}

/** After the server has said who is signed in. */
export async function keepSeat({ account, patient }: Me, nowMs: number): Promise<void> {
  const seat: Seat = {
    me: {
      account: { id: account.id, login: '' },
      patient: { id: patient.id, uhid: patient.uhid, name: patient.name },
      actingFor: [],
      unasked: true,
    },
    until: nowMs + LONGEST_MS,
  };
  await withStoreIfAny(async (database) => {
    const row = await sealed(await keyOf(database), BOUND, seat);
    database.transaction('keys', 'readwrite').objectStore('keys').put(row, BOUND);
  });
}

/** Undefined when nobody is known, or not any more. */
export async function keptSeat(nowMs: number): Promise<Me | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  return withStoreIfAny(async (database) => {
    const seat = await openSealed<Seat>(database, BOUND);
    return seat !== undefined && seat.until > nowMs ? seat.me : undefined;
  }).catch(() => undefined);
}

/** The server says that nobody is signed in: the drafts stay for their account, but are not opened without the server. */
export async function forgetSeat(): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  await withStoreIfAny(async (database) => {
    database.transaction('keys', 'readwrite').objectStore('keys').delete(BOUND);
  }).catch(() => undefined);
}
