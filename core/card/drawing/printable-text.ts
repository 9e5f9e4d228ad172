// Makes any text safe to set on one line: no control characters, no direction overrides, no towers of accents. Never shortens a name silently.

const LONGEST = 5000;
const LATIN_MARKS =
  '\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f';
const ACCENT_TOWER = new RegExp(`([${LATIN_MARKS}]{2})[${LATIN_MARKS}]+`, 'gu');

/**
 * The text as it can be printed. Joiners stay, because Devanagari needs them; other invisible characters go;
 * more than two accents on a letter are dropped; text beyond 5000 characters ends in an ellipsis.
 */
export function printable(text: string): string {
  const bounded = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return bounded
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/gu, '')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .normalize('NFC')
    .replace(ACCENT_TOWER, '$1')
    .replace(/(\p{M}{5})\p{M}+/gu, '$1')
    .replace(/[ \u2000-\u200b\u3000]+/g, ' ')
    .trim();
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What a reader counts as letters: "नि" is one. */
export function splitGraphemes(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** One or two initials for the place of a photo: "Asha Rao" gives AR; a name without letters gives nothing. */
export function initials(name: string): string {
  const words = printable(name)
    .split(/[\s\u00a0]+/)
    .filter((word) => /^\p{L}/u.test(word));
  const [first] = words;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => (word === undefined ? '' : (splitGraphemes(word)[0] ?? '')))
    .join('')
    .toUpperCase();
}

/** Puts values into `{placeholders}`; an unknown one stays visible. */
export function fillIn(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole));
}
