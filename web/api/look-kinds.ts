// Which entries are looks, and whose. Knows no words.
import { kindOfEvent } from '../../core/ledger/statement.ts';
import type { Entry } from './entries.ts';

const LOOK = 2;

/** The entry tells of the account's own doing; what an app does for them is not. */
export function isOwn(entry: Entry, accountId: string): boolean {
  const { role, account, app } = entry.who;
  return (role === 'patient' || role === 'guardian') && account === accountId && app === undefined;
}

/** A scan of the card by whoever had it, whether it showed anything or not. */
export function isScan(entry: Entry): boolean {
  return entry.event === 'scan' || entry.event === 'scan-code';
}

/** A look of somebody who has a name or an organisation: those who looked can be asked. */
export function isQuestionable(entry: Entry, accountId: string): boolean {
  return kindOfEvent[entry.event] === LOOK && !isOwn(entry, accountId) && entry.who.account !== undefined;
}

/** Somebody else looked, or tried to, at or after `since` (ISO instant). A message app that previews an address is nobody. */
export function isLookOfOther(entry: Entry, accountId: string, since: string): boolean {
  if (entry.basis === 'link-preview') return false;
  return kindOfEvent[entry.event] === LOOK && !isOwn(entry, accountId) && entry.recordedAt >= since;
}

/** Midnight before yesterday's morning, on the reader's wall clock, as an instant. */
export function startOfYesterday(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toISOString();
}
