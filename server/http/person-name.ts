// The name a person gives at sign-up, and the name the Patient resource shows. Knows no rules of how names are made: there are none.
import { ApiError } from '../errors.ts';

const mostCodePoints = 200;

/** The name as given, without spaces around it. Throws 400 `name-invalid`. */
export function readName(text: string): string {
  const name = text.trim();
  const refuse = (code: string, title: string) =>
    new ApiError(400, 'name-invalid', title, { fields: [{ field: 'name', code }] });
  if (name === '') throw refuse('empty', 'Enter your name.');
  if (Array.from(name).length > mostCodePoints)
    throw refuse('too-long', 'This name is longer than 200 characters.');
  // Joiners are part of names in Indian scripts; controls of direction would let one name pass for another.
  if (!name.isWellFormed() || /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u.test(name)) {
    throw refuse('not-text', 'This name has characters in it that cannot be seen. Type it again.');
  }
  if (!/\p{L}/u.test(name)) throw refuse('no-letter', 'A name needs at least one letter.');
  return name;
}

/** From `Patient.photo`: where pages show the first picture from, when it lies on this server. Changes with the picture. */
export function photoUrl(photos: unknown): string | undefined {
  const [first] = Array.isArray(photos) ? (photos as unknown[]) : [];
  const url = typeof first === 'object' && first !== null && 'url' in first ? first.url : undefined;
  if (typeof url !== 'string') return undefined;
  if (url.startsWith('Binary/')) return `/api/photo?of=${encodeURIComponent(url)}`;
  return /^\/(?!\/)/.test(url) ? url : undefined;
}
