// The number that stands on an order, short enough to be read out at a counter: ten characters that nobody mistakes for each other.
import type { JsonObject, Resource } from '../fhir/types.ts';
import { isJsonObject } from '../fhir/json.ts';

/** System of the identifier of a ServiceRequest, and of what names it by its number. */
export const orderSystem = 'urn:medallion:order';

/** Crockford's Base32: no I, L, O, U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const orderCodeLength = 10;

/** @param bytes at least 10, of which each gives a character */
export function orderCode(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, orderCodeLength), (byte) => letters[byte & 31]).join('');
}

/** As it was typed or read out; undefined for what cannot be one. */
export function readOrderCode(typed: string): string | undefined {
  const plain = typed
    .toUpperCase()
    .replace(/[\s-]+/gu, '')
    .replace(/O/gu, '0')
    .replace(/[IL]/gu, '1');
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(plain) ? plain : undefined;
}

/** In two groups, as it is shown. */
export const shownOrderCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;

export const orderIdentifier = (code: string): JsonObject => ({ system: orderSystem, value: code });

/** The number on a ServiceRequest, if it has one. */
export function codeOfOrder(order: Resource): string | undefined {
  const identifiers = Array.isArray(order['identifier']) ? order['identifier'] : [];
  for (const one of identifiers)
    if (isJsonObject(one) && one['system'] === orderSystem && typeof one['value'] === 'string')
      return one['value'];
  return undefined;
}
