// A photo is part of the scan whose page shows it: its address carries a ticket that only a recorded scan gives out.
import { timingSafeEqual } from 'node:crypto';
import type { CardKey } from './card-key.ts';

const ticketLastsMinutes = 15;
const ticketBytes = 16;

/** The same within one minute, so that a page can be kept ready. */
export function makePhotoTicket(key: CardKey, cardId: string, nowMs: number): string {
  const minute = Math.floor(nowMs / 60_000);
  return `${minute.toString(36)}-${signature(key, cardId, minute).toString('base64url')}`;
}

export function checkPhotoTicket(key: CardKey, cardId: string, ticket: string, nowMs: number): boolean {
  const [, minuteText = '', mark = ''] = /^([0-9a-z]{1,9})-([\w-]{22})$/.exec(ticket) ?? [];
  const minute = Number.parseInt(minuteText, 36);
  const age = Math.floor(nowMs / 60_000) - minute;
  if (!(age >= 0 && age <= ticketLastsMinutes)) return false;
  const fits = (whole: Buffer) =>
    // Compared as written: other letters that decode to the same bytes are another ticket.
    timingSafeEqual(Buffer.from(mark), Buffer.from(whole.subarray(0, ticketBytes).toString('base64url')));
  // A page may have been made just before a change of keys.
  return fits(key.sign(...signed(cardId, minute))) || key.signAll(...signed(cardId, minute)).some(fits);
}

function signature(key: CardKey, cardId: string, minute: number): Buffer {
  return key.sign(...signed(cardId, minute)).subarray(0, ticketBytes);
}

function signed(cardId: string, minute: number): string[] {
  return ['photo', cardId, String(minute)];
}
