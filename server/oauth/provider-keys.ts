// The keys of the authorization door: one that signs identity tokens, one that signs its cookies. Made once, sealed with a key of the
// data folder, kept in the database so that all processes use the same.
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import type { Deps } from '../http/deps.ts';
import { keepAppKeys } from '../storage/app-tokens.ts';
import { openSecretKey } from '../storage/secret-key.ts';

export interface ProviderKeys {
  jwks: { keys: JWK[] };
  cookieSecret: string;
}

const purpose = 'authorization';

export async function openProviderKeys(
  deps: Pick<Deps, 'config' | 'db' | 'now' | 'randomBytes'>,
): Promise<ProviderKeys> {
  const secret = await openSecretKey(deps.config.dataDir, 'apps');
  const make = async (): Promise<Buffer> => {
    const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const kid = Buffer.from(deps.randomBytes(12)).toString('base64url');
    const jwk = { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' };
    const keys: ProviderKeys = {
      jwks: { keys: [jwk] },
      cookieSecret: Buffer.from(deps.randomBytes(32)).toString('base64url'),
    };
    return secret.seal(JSON.stringify(keys), purpose);
  };
  const sealed = await keepAppKeys(deps.db.pool, purpose, make, deps.now());
  return JSON.parse(secret.open(sealed, purpose)) as ProviderKeys;
}
