// FHIR dates and times as the span of milliseconds they cover. No clock, no local time zone: text without a zone is UTC.

export interface DateRange {
  /** First millisecond since 1970 that the text covers. */
  readonly lowMs: number;
  /** Last millisecond that it covers: a day ends at 23:59:59.999. */
  readonly highMs: number;
  readonly precision: 'year' | 'month' | 'day' | 'minute' | 'second' | 'fraction';
}

/** The ends that an open period is given: the first and last moments that a four-digit year can name. */
export const earliestMs = -62135596800000;
export const latestMs = 253402300799999;

const dayMs = 86_400_000;
const form =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * Reads a FHIR date, dateTime or instant; undefined if it has another form or no such day or time exists. Minutes
 * without seconds and times without a zone are read too, for searches; `precision` and the text's end tell them apart.
 */
export function dateRange(text: string): DateRange | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  if (year === 0) return undefined;
  if (parts[2] === undefined)
    return {
      lowMs: dayNumber(year, 1, 1) * dayMs,
      highMs: dayNumber(year + 1, 1, 1) * dayMs - 1,
      precision: 'year',
    };
  const month = Number(parts[2]);
  if (month < 1 || month > 12) return undefined;
  if (parts[3] === undefined) {
    const highMs = (dayNumber(year, month, 1) + daysIn(year, month)) * dayMs - 1;
    return { lowMs: dayNumber(year, month, 1) * dayMs, highMs, precision: 'month' };
  }
  const day = Number(parts[3]);
  if (day < 1 || day > daysIn(year, month)) return undefined;
  const midnightMs = dayNumber(year, month, day) * dayMs;
  if (parts[4] === undefined) return { lowMs: midnightMs, highMs: midnightMs + dayMs - 1, precision: 'day' };
  return timeRange(midnightMs, parts);
}

function timeRange(midnightMs: number, parts: readonly (string | undefined)[]): DateRange | undefined {
  const hour = Number(parts[4]);
  const minute = Number(parts[5]);
  const second = Number(parts[6] ?? '0');
  // R4 allows a leap second; it is filed under the second that follows.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const zoneMinutes = readZone(parts[8] ?? 'Z');
  if (zoneMinutes === undefined) return undefined;
  const lowMs = midnightMs + ((hour * 60 + minute - zoneMinutes) * 60 + second) * 1000;
  if (parts[6] === undefined) return { lowMs, highMs: lowMs + 59_999, precision: 'minute' };
  const fraction = parts[7];
  if (fraction === undefined) return { lowMs, highMs: lowMs + 999, precision: 'second' };
  const firstMs = lowMs + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return {
    lowMs: firstMs,
    highMs: firstMs + 10 ** Math.max(0, 3 - fraction.length) - 1,
    precision: 'fraction',
  };
}

function readZone(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar, years below 100 included. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
