// UTF-8 bytes of a text and decimal numbers of the log formats, each with exactly one spelling.
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { LedgerError } from './errors.ts';

/**
 * UTF-8 of a text. Throws `text-not-well-formed` for a lone surrogate: an encoder would turn each of them into
 * the same replacement character, and two different texts would hash alike.
 */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new LedgerError('text-not-well-formed', 'text holds a lone surrogate');
  return utf8ToBytes(text);
}

/** A decimal number without sign or leading zeroes, at most 2^53 - 1; undefined for any other text. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
