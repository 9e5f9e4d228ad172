// The secret of an authenticator app, sealed with a key of the data folder: a copy of the database makes no codes.
import { fromBase32, toBase32 } from '../../core/sign-in/base32.ts';
import type { Deps } from '../http/deps.ts';
import type { SecretKey } from '../storage/secret-key.ts';
import { openSecretKey } from '../storage/secret-key.ts';

const keys = new Map<string, Promise<SecretKey>>();

function keyOf(dataDir: string): Promise<SecretKey> {
  const known = keys.get(dataDir);
  if (known) return known;
  const opened = openSecretKey(dataDir, 'sign-in');
  keys.set(dataDir, opened);
  opened.catch(() => keys.delete(dataDir));
  return opened;
}

export async function sealTotpSecret(
  { config }: Pick<Deps, 'config'>,
  accountId: string,
  secret: Uint8Array,
): Promise<Buffer> {
  return (await keyOf(config.dataDir)).seal(toBase32(secret), `totp ${accountId}`);
}

export async function openTotpSecret(
  { config }: Pick<Deps, 'config'>,
  accountId: string,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const secret = fromBase32((await keyOf(config.dataDir)).open(sealed, `totp ${accountId}`));
  if (!secret) throw new TypeError('a sealed secret is no base32');
  return secret;
}
