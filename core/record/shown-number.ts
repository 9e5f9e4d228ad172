// How many digits of a number a reader is shown. What is stored never changes, and whoever wants to know it is shown it whole.
import { DecimalLiteral, numberText } from '../fhir/json.ts';
import type { JsonNumber } from '../fhir/types.ts';

/** More after the point no instrument writes: it was computed. */
const mostWritten = 3;
/** Of what was computed: as many as a laboratory gives. */
const digits = 4;

/**
 * A number for reading. With at most three digits after the point, or four in all, it stands as it was written, zeros at its end and
 * all; with more it is rounded to four significant digits, the digits before the point never: 108.24057691508378 is 108.2,
 * 0.0123456 is 0.01235, 123456.78901 is 123457. What is not nought is never shown as nought, and nothing as a power of ten.
 */
export function shownNumber(value: JsonNumber): string {
  const text = numberText(value);
  const [, whole, after = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const significant = `${whole ?? ''}${after}`.replace(/^0+/, '').length;
  if (whole !== undefined && (after.length <= mostWritten || significant <= digits)) return text;
  const number = Number(text);
  const size = Math.abs(number);
  // Beyond, a double has not all the digits before the point, or nothing but noughts behind it: it stands as it was written.
  if (number === 0 || size >= 2 ** 53 || size < 1e-20) return text;
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const fixed = number.toFixed(Math.min(places, 100));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** Undefined where what is shown is the whole of it: else the number as it was written. */
export function exactNumber(value: JsonNumber): string | undefined {
  const text = numberText(value);
  return text === shownNumber(value) ? undefined : text;
}

/** A number as FHIR has it, which a page may have read as a plain number or with its digits. */
export const isNumber = (value: unknown): value is JsonNumber =>
  typeof value === 'number' || value instanceof DecimalLiteral;
