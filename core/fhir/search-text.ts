// How text is made comparable for searching; the same for what is indexed and for what is asked.

/** Of longer texts only so much is searched. Counted in UTF-16 code units. */
export const maxIndexedString = 65_536;

/**
 * Ignores case, accents and runs of white space, as R4 asks of string parameters. Vowel signs and other marks that
 * carry meaning in Indic and other scripts stay.
 */
export function searchableText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Script=Inherited}/gu, (mark) => (isAccent(mark.charCodeAt(0)) ? '' : mark))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Marks of the blocks "Combining Diacritical Marks" and its extension, supplement and half marks. */
function isAccent(unit: number): boolean {
  return (
    (unit >= 0x0300 && unit <= 0x036f) ||
    (unit >= 0x1ab0 && unit <= 0x1aff) ||
    (unit >= 0x1dc0 && unit <= 0x1dff) ||
    (unit >= 0xfe20 && unit <= 0xfe2f)
  );
}
