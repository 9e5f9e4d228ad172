// The day on the clock on the wall, which is not always that of UTC.

/** YYYY-MM-DD on the clinician's wall clock. */
export function localDay(now = new Date()): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
