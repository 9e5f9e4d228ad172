// How dates, times, numbers and names are written for people, in English and Hindi.
// Pure: the moment, the language and the time zone are arguments. Nothing here may break across lines.

import { shownNumber } from '../../core/record/shown-number.ts';

export type Language = 'en' | 'hi';

/** No-break space: "18 Nov" and "5 mg" stay on one line. */
export const NBSP = '\u00a0';

const MONTHS_SHORT = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  hi: ['जन.', 'फ़र.', 'मार्च', 'अप्रैल', 'मई', 'जून', 'जुलाई', 'अग.', 'सितं.', 'अक्तू.', 'नवं.', 'दिसं.'],
} as const;
const MONTHS_LONG = {
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  hi: ['जनवरी', 'फ़रवरी', 'मार्च', 'अप्रैल', 'मई', 'जून', 'जुलाई', 'अगस्त', 'सितंबर', 'अक्तूबर', 'नवंबर', 'दिसंबर'],
} as const;
const WEEKDAYS_LONG = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  hi: ['रविवार', 'सोमवार', 'मंगलवार', 'बुधवार', 'गुरुवार', 'शुक्रवार', 'शनिवार'],
} as const;

/** The twelve month names in full, for pickers and year lists. */
export function monthNames(language: Language): readonly string[] {
  return MONTHS_LONG[language];
}

/** The parts of a moment on the wall clock of a time zone (the reader's own when none is named). */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an ISO instant as a wall clock. Undefined when the text is not an instant. */
export function wallClock(instant: string, timeZone?: string): WallClock | undefined {
  if (!INSTANT.test(instant)) return undefined;
  const moment = new Date(instant);
  if (Number.isNaN(moment.getTime())) return undefined;
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(moment);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? '0');
  const year = part('year');
  const month = part('month');
  const day = part('day');
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, hour: part('hour'), minute: part('minute'), weekday };
}

const PARTIAL_DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * A FHIR date, partial date or instant as "18 Nov 2026", "Nov 2026" or "2026".
 * Text that is none of these comes back unchanged, so a strange date is shown and not hidden.
 */
export function formatDate(value: string, language: Language, timeZone?: string): string {
  const partial = PARTIAL_DATE.exec(value);
  if (partial) {
    const [, year, month, day] = partial;
    const name = month === undefined ? undefined : MONTHS_SHORT[language][Number(month) - 1];
    return [day === undefined ? undefined : String(Number(day)), name, year]
      .filter((each) => each !== undefined)
      .join(NBSP);
  }
  const clock = wallClock(value, timeZone);
  if (!clock) return value;
  return [clock.day, MONTHS_SHORT[language][clock.month - 1], clock.year].join(NBSP);
}

/** "18 Nov": for lists in which the year is said above. */
export function formatDayMonth(value: string, language: Language, timeZone?: string): string {
  const whole = formatDate(value, language, timeZone).split(NBSP);
  return whole.length === 3 ? whole.slice(0, 2).join(NBSP) : whole.join(NBSP);
}

/** "Wednesday, 18 November": the heading of one day. */
export function formatDayHeading(instant: string, language: Language, timeZone?: string): string {
  const clock = wallClock(instant, timeZone);
  if (!clock) return instant;
  return `${WEEKDAYS_LONG[language][clock.weekday]}, ${clock.day}${NBSP}${MONTHS_LONG[language][clock.month - 1]}`;
}

/** "17:42", 24-hour. */
export function formatTime(instant: string, timeZone?: string): string {
  const clock = wallClock(instant, timeZone);
  if (!clock) return instant;
  return `${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`;
}

/** "18 Nov 2026, 17:42". */
export function formatDateTime(instant: string, language: Language, timeZone?: string): string {
  return `${formatDate(instant, language, timeZone)}, ${formatTime(instant, timeZone)}`;
}

/** "2026-11-18" on the reader's wall clock: a key for grouping moments by day. */
export function dayKey(instant: string, timeZone?: string): string {
  const clock = wallClock(instant, timeZone);
  if (!clock) return instant;
  return `${clock.year}-${String(clock.month).padStart(2, '0')}-${String(clock.day).padStart(2, '0')}`;
}

/** "12,04,331": Indian grouping, western digits. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat('en-IN', { numberingSystem: 'latn' }).format(value);
}

/** "5 mg", "62 %", "0.0625 mg": the number and its unit stay together, and a small dose keeps its digits. */
export function formatQuantity(value: number, unit: string): string {
  const [whole = '', after] = shownNumber(value).split('.');
  const grouped = /^\d+$/.test(whole) ? formatNumber(Number(whole)) : whole;
  const number = after === undefined ? grouped : `${grouped}.${after}`;
  return unit === '' ? number : `${number}${NBSP}${unit}`;
}

/** A 14-digit health id as "48 2109 3766 5015"; anything else unchanged. */
export function formatUhid(uhid: string): string {
  const match = /^(\d{2})(\d{4})(\d{4})(\d{4})$/.exec(uhid);
  return match ? match.slice(1).join(NBSP) : uhid;
}

/** Whole years between a birth date (partial allowed: the latest possible age) and today's date, both ISO. */
export function ageInYears(birthDate: string, today: string): number | undefined {
  const birth = PARTIAL_DATE.exec(birthDate);
  const now = PARTIAL_DATE.exec(today.slice(0, 10));
  if (!birth || !now) return undefined;
  const years = Number(now[1]) - Number(birth[1]);
  const birthday = `${birth[2] ?? '01'}-${birth[3] ?? '01'}`;
  const age = `${now[2]}-${now[3]}` < birthday ? years - 1 : years;
  return age < 0 ? undefined : age;
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Up to two first letters for a person without a photo: "Asha Rao" is "AR". */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /^\p{L}/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  const firstLetter = (word = ''): string =>
    letters.segment(word)[Symbol.iterator]().next().value?.segment ?? '';
  return chosen
    .map((word) => firstLetter(word))
    .join('')
    .toLocaleUpperCase('en');
}
