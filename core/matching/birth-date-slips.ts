// Birth dates that a slip of the pen makes of one: what else to look for when somebody was born on a given day.
import { dateRange } from '../fhir/dates.ts';

/** The date itself, day and month exchanged, neighbouring digits exchanged, one digit wrong: those that exist. Empty for part of a date. */
export function birthDateSlips(date: string | undefined): string[] {
  if (date === undefined || date.length !== 10) return [];
  const [year = '', month = '', day = ''] = date.split('-');
  const found = new Set([date, `${year}-${day}-${month}`]);
  for (let i = 0; i < date.length; i += 1) {
    if (date[i] === '-') continue;
    for (const digit of '0123456789') found.add(date.slice(0, i) + digit + date.slice(i + 1));
    if (i + 1 < date.length && date[i + 1] !== '-')
      found.add(date.slice(0, i) + (date[i + 1] ?? '') + (date[i] ?? '') + date.slice(i + 2));
  }
  // A slip in the first two digits of the year would be noticed at once.
  return [...found].filter((one) => dateRange(one) !== undefined && /^(19|20)/.test(one));
}
