// The Unique Health ID: 13 random digits and a Verhoeff check digit. Opens nothing; knows nothing of who holds it.
// Verhoeff, because it catches every single wrong digit and every swap of neighbours; Luhn misses 09/90, ISO 7064 MOD 11,10 misses some swaps.

const MULTIPLY = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTE = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];
const INVERSE = '0432156789';

function lookUp(table: readonly string[], row: number, column: number): number {
  return Number(table[row]?.[column]);
}

/** The Verhoeff sum of a string of ASCII digits whose last digit stands at `position` from the right. */
function verhoeffSum(digits: string, position: number): number {
  let sum = 0;
  for (let index = digits.length - 1, place = position; index >= 0; index -= 1, place += 1) {
    sum = lookUp(MULTIPLY, sum, lookUp(PERMUTE, place % 8, Number(digits[index])));
  }
  return sum;
}

/** The check digit for a string of ASCII digits: `verhoeffDigit('236') === '3'`. */
export function verhoeffDigit(digits: string): string {
  return INVERSE.charAt(verhoeffSum(digits, 1));
}

/** True for 14 bare ASCII digits, the first not 0, whose Verhoeff sum is 0. */
export function checkUhid(uhid: string): boolean {
  return /^[1-9][0-9]{13}$/.test(uhid) && verhoeffSum(uhid, 0) === 0;
}

/**
 * A new UHID of 14 bare digits.
 * `randomBytes(n)` must give n bytes of cryptographic randomness; bytes of 250 and above are thrown away so that every digit is equally likely.
 */
export function makeUhid(randomBytes: (count: number) => Uint8Array): string {
  let body = '';
  while (body.length < 13) {
    for (const byte of randomBytes(16)) {
      const digit = byte % 10;
      if (byte < 250 && body.length < 13 && !(body === '' && digit === 0)) body += digit;
    }
  }
  return body + verhoeffDigit(body);
}

export type UhidProblem = 'empty' | 'not-digits' | 'wrong-length' | 'check-digit';
export type ParsedUhid =
  { readonly ok: true; readonly uhid: string } | { readonly ok: false; readonly problem: UhidProblem };

/** Reads a UHID as people write it: ASCII digits with spaces, non-breaking spaces and hyphens anywhere. */
export function parseUhid(text: string): ParsedUhid {
  const bare = text.replace(/[ \u00a0\u202f\u2009\u2010\u2011-]/g, '');
  if (bare === '') return { ok: false, problem: 'empty' };
  if (!/^[0-9]+$/.test(bare)) return { ok: false, problem: 'not-digits' };
  if (bare.length !== 14) return { ok: false, problem: 'wrong-length' };
  return checkUhid(bare) ? { ok: true, uhid: bare } : { ok: false, problem: 'check-digit' };
}

/** `48210937665015` as `48 2109 3766 5015`, with non-breaking spaces. Anything but 14 digits comes back unchanged. */
export function formatUhid(uhid: string): string {
  return uhid.replace(/^(\d\d)(\d{4})(\d{4})(\d{4})$/, '$1\u00a0$2\u00a0$3\u00a0$4');
}

/** "ends in 5015": for lists and notices where the whole number has no business. */
export function maskUhid(uhid: string): string {
  return `ends in ${uhid.slice(-4)}`;
}
