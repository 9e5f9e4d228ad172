// Local times and the instants they stand for, by the time zones of the IANA. A local time is written `2026-11-29T08:00`: it sorts as text.
// Knows no medicine.

/** `YYYY-MM-DDTHH:MM` */
export type LocalTime = string;

const dayMs = 86_400_000;
const minuteMs = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A name of the IANA, as `Asia/Kolkata`; a bare offset is none: it knows no summer. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,3}$/.test(zone) || zone.length > 64) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** What a clock there shows at this instant. */
export function localAt(instantMs: number, zone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, value]),
  );
  return `${(parts['year'] ?? '').padStart(4, '0')}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`;
}

const asIfUtc = (local: LocalTime): number => Date.parse(`${local}:00Z`);
const offsetAt = (instantMs: number, zone: string): number =>
  asIfUtc(localAt(instantMs, zone)) - Math.floor(instantMs / minuteMs) * minuteMs;

/**
 * The instant of a local time. One that comes twice, when the clock goes back, is the first of the two; one that does not come, when it
 * goes forward, is the moment at which the clock jumps over it. So what is later on the clock is never earlier in time.
 */
export function instantOf(local: LocalTime, zone: string): number {
  const guess = asIfUtc(local);
  const offsets = [offsetAt(guess - dayMs, zone), offsetAt(guess + dayMs, zone)];
  const fits = offsets.map((offset) => guess - offset).filter((at) => localAt(at, zone) === local);
  if (fits.length > 0) return Math.min(...fits);
  let before = guess - Math.max(...offsets);
  let after = guess - Math.min(...offsets);
  while (after - before > minuteMs) {
    const middle = Math.floor((before + after) / 2 / minuteMs) * minuteMs;
    if (localAt(middle, zone) < local) before = middle;
    else after = middle;
  }
  return after;
}

/** @param day `YYYY-MM-DD` */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Monday is 1, Sunday 7. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

export const dayOf = (local: LocalTime): string => local.slice(0, 10);
export const timeOf = (local: LocalTime): string => local.slice(11, 16);
