// A phone number as people read it aloud, on pages and in print. Only the grouping changes, never a digit.

const NBSP = '\u00a0';

/** "+91 90000 41122" for Indian mobile numbers; other numbers as they were written. */
export function phoneWords(phone: string): string {
  const indian = /^(\+91)?([6-9]\d{4})(\d{5})$/.exec(phone);
  return indian === null ? phone : indian.slice(1).filter(Boolean).join(NBSP);
}
