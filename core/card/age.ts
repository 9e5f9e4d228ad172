// Age from a birth date and a given day. Never stored, never guessed from half a date.

import { daysInMonth } from '../record/elements.ts';
import type { PartialDate } from '../record/facts.ts';

/** `unit` grows with age: days under a month, months under two years, then years. `about`: the birth date is partial. */
export type Age = {
  readonly value: number;
  readonly unit: 'years' | 'months' | 'days';
  readonly about: boolean;
};

/**
 * Age on `today` (YYYY-MM-DD). Who was born on 29 February turns a year older on 1 March of common years.
 * Undefined for a birth date in the future.
 */
export function ageOn(birthDate: PartialDate, today: PartialDate): Age | undefined {
  const born = birthDate.split('-').map(Number);
  const now = today.split('-').map(Number);
  const [bornYear = 0, bornMonth, bornDay] = born;
  const [year = 0, month = 1, day = 1] = now;
  if (birthDate > today.slice(0, birthDate.length)) return undefined;
  if (bornMonth === undefined) return { value: year - bornYear, unit: 'years', about: true };
  const beforeDay = bornDay !== undefined && day < bornDay;
  const months = (year - bornYear) * 12 + (month - bornMonth) - (beforeDay ? 1 : 0);
  const about = bornDay === undefined;
  if (months >= 24) return { value: Math.floor(months / 12), unit: 'years', about };
  if (months >= 1 || bornDay === undefined) return { value: months, unit: 'months', about };
  const days =
    month === bornMonth && year === bornYear
      ? day - bornDay
      : daysInMonth(bornYear, bornMonth) - bornDay + day;
  return { value: days, unit: 'days', about };
}

/** Days from one full date to another; negative where `to` is earlier. Partial dates count from their first day. */
export function daysBetween(from: PartialDate, to: PartialDate): number {
  return dayNumber(to) - dayNumber(from);
}

function dayNumber(date: PartialDate): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  let days =
    year * 365 +
    Math.floor((year - 1) / 4) -
    Math.floor((year - 1) / 100) +
    Math.floor((year - 1) / 400) +
    day;
  for (let before = 1; before < month; before += 1) days += daysInMonth(year, before);
  return days;
}
