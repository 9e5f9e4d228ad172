// Instants as this server's place says them: a scan is told the time on the wall, with the zone named.
import { sayDate } from '../../core/card/words/say.ts';
import type { PageLanguage } from './page/emergency-view.ts';

const clock = new Intl.DateTimeFormat('en-IN', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const calendar = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
const hourAndMinute = new Intl.DateTimeFormat('en-IN', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** "17:42 IST" */
export function timeOf(epochMs: number): string {
  return clock.format(epochMs).replace(' ', '\u00a0');
}

/** YYYY-MM-DD */
export function dayOf(epochMs: number): string {
  return calendar.format(epochMs);
}

/** "18 Nov 2026, 11:02" */
export function dateAndTime(language: PageLanguage, at: Date): string {
  return `${sayDate(language, dayOf(at.getTime()))}, ${hourAndMinute.format(at)}`;
}
