// The keys of the authorization door: one that signs identity tokens, one that signs its cookies. Made once, sealed with a key of the
// data folder, kept in the database so that all processes use the same. Changed by the operator: the former ones stay for an hour, so that
// what they signed a moment ago still holds.
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import type { Deps } from '../http/deps.ts';
import { findAppKeyTime, keepAppKeys, replaceAppKeys } from '../storage/app-tokens.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { SecretKey } from '../storage/secret-key.ts';
import { openSecretKey } from '../storage/secret-key.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';

export interface ProviderKeys {
  /** The present one first. */
  jwks: { keys: JWK[] };
  cookieSecrets: string[];
}

/** As it is sealed: each key with when it stops to count, the present one without. */
interface KeptKeys {
  keys: { jwk: JWK; cookieSecret: string; untilMs?: number }[];
}

const purpose = 'authorization';
/** Longer than any identity token and any request of an app. */
const overlapMs = 60 * 60_000;

type Sources = Pick<Deps, 'config' | 'db' | 'now' | 'randomBytes'>;

export async function openProviderKeys(deps: Sources): Promise<ProviderKeys> {
  const { kept } = await readKeys(deps);
  const counting = kept.keys.filter(({ untilMs }) => untilMs === undefined || deps.now() < untilMs);
  return {
    jwks: { keys: counting.map(({ jwk }) => jwk) },
    cookieSecrets: counting.map(({ cookieSecret }) => cookieSecret),
  };
}

/** Tells a process whether the keys that it opened are still the present ones. */
export function providerKeysTime(deps: Pick<Deps, 'db'>): Promise<number | undefined> {
  return findAppKeyTime(deps.db.pool, purpose);
}

/** A new key for identity tokens and cookies. A server at work takes it up with its next request of an app. */
export async function rotateProviderKeys(deps: Sources): Promise<void> {
  const { secret, sealed, kept } = await readKeys(deps);
  const nowMs = deps.now();
  const former = kept.keys
    .map((one) => ({ ...one, untilMs: one.untilMs ?? nowMs + overlapMs }))
    .filter(({ untilMs }) => nowMs < untilMs);
  const next: KeptKeys = { keys: [await makeKey(deps), ...former] };
  await inTransaction(deps.db.pool, async (client) => {
    const replaced = await replaceAppKeys(
      client,
      purpose,
      { was: sealed, sealed: secret.seal(JSON.stringify(next), purpose) },
      nowMs,
    );
    if (!replaced) throw new Error('Somebody else changed the keys of apps at the same moment. Look again.');
    const entry = sealEntry(
      '',
      {
        event: 'key',
        outcome: 'done',
        who: { role: 'operator' },
        basis: 'operator',
        detail: { key: 'apps' },
      },
      deps,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
  });
}

async function readKeys(deps: Sources): Promise<{ secret: SecretKey; sealed: Buffer; kept: KeptKeys }> {
  const secret = await openSecretKey(deps.config.dataDir, 'apps');
  const make = async (): Promise<Buffer> =>
    secret.seal(JSON.stringify({ keys: [await makeKey(deps)] } satisfies KeptKeys), purpose);
  const sealed = await keepAppKeys(deps.db.pool, purpose, make, deps.now());
  const kept = JSON.parse(secret.open(sealed, purpose)) as
    KeptKeys | { jwks: { keys: JWK[] }; cookieSecret: string };
  if ('keys' in kept) return { secret, sealed, kept };
  // As they were kept before they could be changed.
  const { jwks, cookieSecret } = kept;
  return { secret, sealed, kept: { keys: jwks.keys.map((jwk) => ({ jwk, cookieSecret })) } };
}

async function makeKey(deps: Sources): Promise<KeptKeys['keys'][number]> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const kid = Buffer.from(deps.randomBytes(12)).toString('base64url');
  return {
    jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' },
    cookieSecret: Buffer.from(deps.randomBytes(32)).toString('base64url'),
  };
}
