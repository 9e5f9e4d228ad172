// How text is made comparable for searching; the same for what is indexed and for what is asked.

/** Longer values are not indexed whole: a database index cannot hold them. Counted in UTF-16 code units. */
export const maxIndexedString = 256;
export const maxIndexedValue = 500;

/**
 * Ignores case, accents and runs of white space, as R4 asks of string parameters. Vowel signs and other marks that
 * carry meaning in Indic and other scripts stay.
 */
export function searchableText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
