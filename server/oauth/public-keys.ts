// The keys that a client registers: public, strong enough, of the two kinds its proofs may be signed with.
import { createPublicKey } from 'node:crypto';

const mostKeys = 20;

/** The set as stored, with only what verifying needs. Throws an Error that says what is wrong. */
export function requirePublicKeys(given: unknown): { keys: Record<string, unknown>[] } {
  const keys = (given as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > mostKeys)
    throw new Error(`A JSON Web Key Set is expected: {"keys": [1 to ${mostKeys} keys]}.`);
  const kept = keys.map((key) => requirePublicKey(key as Record<string, unknown>));
  if (new Set(kept.map(({ kid }) => kid)).size !== kept.length)
    throw new Error('Two keys have the same kid.');
  return { keys: kept };
}

function requirePublicKey(key: Record<string, unknown>): Record<string, unknown> {
  const { kty, kid } = key;
  if (['d', 'p', 'q', 'k', 'oth'].some((part) => part in key))
    throw new Error(
      'A key in the set is private. Register the public keys only, and replace this one: it was shown.',
    );
  if (typeof kid !== 'string' || kid === '' || kid.length > 255) throw new Error('Each key needs a kid.');
  const part = (name: string): unknown => key[name];
  if (kty === 'EC' && key.crv === 'P-384') {
    const kept = { kty, crv: key.crv, x: part('x'), y: part('y'), kid, alg: 'ES384' };
    readKey(kept);
    return kept;
  }
  if (kty === 'RSA') {
    const kept = { kty, n: part('n'), e: part('e'), kid, alg: 'RS384' };
    if ((readKey(kept).asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
      throw new Error('An RSA key needs at least 2048 bits.');
    return kept;
  }
  throw new Error('Keys are RSA (RS384) or EC on P-384 (ES384).');
}

function readKey(key: Record<string, unknown>): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    throw new Error('A key in the set cannot be read.');
  }
}
