// Where the authorization library keeps things: this platform's database. Clients are the registered apps; every name is a secret
// and is stored as its hash; what is used up is used up once, however many come at the same time.
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Deps } from '../http/deps.ts';
import { endAppGrant, findAppGrant } from '../storage/app-grants.ts';
import {
  consumeAppToken,
  deleteAppToken,
  findAppToken,
  findAppTokenByUid,
  forgetAppTokens,
  putAppToken,
} from '../storage/app-tokens.ts';
import type { Client } from '../storage/clients.ts';
import { findClient } from '../storage/clients.ts';
import { insertNotices } from '../storage/notices.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';

const forgetEvery = 200;

export interface AdapterHooks {
  /** What is thrown when something is used a second time. */
  usedBefore: () => Error;
  /** Whether the app itself gives its access back in this request. */
  givesBack: () => boolean;
}

export function providerAdapter(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  hooks: AdapterHooks,
): (kind: string) => Adapter {
  const db = deps.db.pool;
  let writes = 0;
  const endGrant = async (grantId: string): Promise<void> => {
    if (hooks.givesBack()) await endAppGrant(db, grantId, 'by-app', deps.now());
    else await endReused(deps, grantId);
  };
  const stored = (name: string | undefined, found: Awaited<ReturnType<typeof findAppToken>>) => {
    if (!found) return undefined;
    const payload = { ...found.payload, ...(name === undefined ? {} : { jti: name }) } as AdapterPayload;
    if (found.consumedAt) payload['consumed'] = Math.floor(found.consumedAt.getTime() / 1000);
    return payload;
  };
  return (kind) => ({
    async upsert(id, payload, expiresIn) {
      if (++writes % forgetEvery === 0) await forgetAppTokens(db, deps.now());
      // A session is found by its uid as well and then has to know its name; everything else is only found by it.
      const { jti, ...rest } = payload;
      await putAppToken(db, kind, id, {
        payload: kind === 'Session' && jti !== undefined ? { ...rest, jti } : rest,
        grantId: payload.grantId,
        uid: payload.uid,
        expiresAtMs: deps.now() + (expiresIn || 60) * 1000,
      });
    },
    async find(id) {
      if (kind === 'Client') return metadataOf(await findClient(db, id));
      return stored(id, await findAppToken(db, kind, id, deps.now()));
    },
    async findByUid(uid) {
      return stored(undefined, await findAppTokenByUid(db, kind, uid, deps.now()));
    },
    async findByUserCode() {
      return undefined;
    },
    async consume(id) {
      if (await consumeAppToken(db, kind, id, deps.now())) return;
      const found = await findAppToken(db, kind, id, deps.now());
      const grantId = found?.payload['grantId'];
      if (typeof grantId === 'string') await endGrant(grantId);
      throw hooks.usedBefore();
    },
    async destroy(id) {
      await deleteAppToken(db, kind, id);
    },
    revokeByGrantId: endGrant,
  });
}

/** A code or refresh token came a second time: somebody has a copy. All of it ends, and the person is told. */
async function endReused(deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>, grantId: string): Promise<void> {
  await inTransaction(deps.db.pool, async (client) => {
    const grant = await findAppGrant(client, grantId);
    const nowMs = deps.now();
    if (!(await endAppGrant(client, grantId, 'reused', nowMs)) || !grant) return;
    const entries = [...new Set([grant.ownPatientId, grant.patientId])].map((patientId) =>
      sealEntry(
        patientId,
        {
          event: 'app-end',
          outcome: 'done',
          who: { role: 'system' },
          basis: 'token-reused',
          detail: { app: grant.clientName, client: grant.clientId, reused: true },
        },
        deps,
        nowMs,
      ),
    );
    await writeBatch(client, { versions: [], entries });
    await insertNotices(client, [
      {
        patientId: grant.ownPatientId,
        noticeId: uuidV7(nowMs, deps.randomBytes),
        kind: 'app-token-reused',
        entryId: entries[0]?.entryId ?? '',
        detail: {},
        createdAtMs: nowMs,
      },
    ]);
  });
}

/** Every client is public to the library: who it is was proved at our own door before. Undefined for what may not be let in. */
function metadataOf(client: Client | undefined): AdapterPayload | undefined {
  if (client?.kind !== 'app' || !client.approvedAt || client.disabledAt) return undefined;
  return {
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    // Loopback addresses and schemes of their own are those of installed apps; their port is theirs to choose (RFC 8252).
    application_type: client.redirectUris.every((uri) => uri.startsWith('https:')) ? 'web' : 'native',
    id_token_signed_response_alg: 'RS256',
  };
}
