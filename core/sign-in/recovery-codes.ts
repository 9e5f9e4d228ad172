// Codes for the day the phone is lost: ten, each good once. The first sign says which of the ten it is, so that one slow hash is
// enough to judge it. Randomness is an argument.

export const recoveryCodeCount = 10;
/** Without letters and digits that look like others when they are written by hand. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const secretLength = 11;

/** Code number `slot` (0 to 9): `4K7W-29XH-MBTC`, 54 bits of chance. */
export function makeRecoveryCode(slot: number, randomBytes: (count: number) => Uint8Array): string {
  const signs: string[] = [];
  // Each sign as likely as any other: what is drawn above the largest multiple is drawn again.
  const fair = Math.floor(256 / alphabet.length) * alphabet.length;
  while (signs.length < secretLength)
    for (const byte of randomBytes(secretLength))
      if (byte < fair && signs.length < secretLength) signs.push(alphabet[byte % alphabet.length] ?? '');
  return shown(`${slot}${signs.join('')}`);
}

/** As it was typed: dashes, spaces and case do not matter. Undefined when it is no code of ours. */
export function readRecoveryCode(text: string): { slot: number; code: string } | undefined {
  const plain = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  const isOne = plain.length === secretLength + 1 && /^\d/.test(plain);
  if (!isOne || Array.from(plain.slice(1)).some((sign) => !alphabet.includes(sign))) return undefined;
  return { slot: Number(plain[0]), code: shown(plain) };
}

const shown = (plain: string): string => plain.replace(/(.{4})(?=.)/g, '$1-');
