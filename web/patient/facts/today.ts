// The day on the reader's own wall clock: what "today" means to the person who fills in a form.

/** YYYY-MM-DD in the reader's time zone. */
export function todayHere(now: Date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
