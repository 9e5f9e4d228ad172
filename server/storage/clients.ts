// Programs that have access, the tokens they were given, the proofs they used. Whether a token is still good is decided by whoever asks.
import { isStaff } from './factors.ts';
import type { Queryable } from './queryable.ts';

export interface Client {
  clientId: string;
  name: string;
  secretHash: Buffer | null;
  jwks: { keys: Record<string, unknown>[] } | null;
  scope: string;
  createdAt: Date;
  disabledAt: Date | null;
  /** A program acts for itself, an app for a person. */
  kind: 'program' | 'app';
  redirectUris: string[];
  launchUri: string | null;
  about: string;
  contact: string;
  registeredBy: string | null;
  /** An app that was not approved gets no code and no token. */
  approvedAt: Date | null;
  refusedAt: Date | null;
}

export const clientColumns = `client_id as "clientId", name, secret_hash as "secretHash", jwks, scope, created_at as "createdAt",
  disabled_at as "disabledAt", kind, redirect_uris as "redirectUris", launch_uri as "launchUri", about, contact,
  registered_by as "registeredBy", approved_at as "approvedAt", refused_at as "refusedAt"`;

/** False when the id is taken. */
export async function insertClient(
  db: Queryable,
  client: Pick<Client, 'clientId' | 'name' | 'secretHash' | 'jwks' | 'scope'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-client',
    text: `insert into client (client_id, name, secret_hash, jwks, scope, created_at)
           values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
    values: [
      client.clientId,
      client.name,
      client.secretHash,
      client.jwks === null ? null : JSON.stringify(client.jwks),
      client.scope,
      nowMs,
    ],
  });
  return rowCount === 1;
}

export async function findClient(db: Queryable, clientId: string): Promise<Client | undefined> {
  const { rows } = await db.query({
    name: 'find-client',
    text: `select ${clientColumns} from client where client_id = $1`,
    values: [clientId],
  });
  return rows[0] as Client | undefined;
}

/** At most a thousand, in the order they were made. */
export async function listClients(db: Queryable): Promise<Client[]> {
  const { rows } = await db.query({
    text: `select ${clientColumns} from client order by created_at, client_id limit 1000`,
  });
  return rows as Client[];
}

/** Disables it and takes its tokens back. False when there is no such client, or it is disabled already. */
export async function disableClient(db: Queryable, clientId: string, nowMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'disable-client',
    text: `with disabled as (
             update client set disabled_at = to_timestamp($2::float8 / 1000)
              where client_id = $1 and disabled_at is null returning client_id
           ), ended as (
             delete from access_token t using disabled d where t.client_id = d.client_id
           )
           select client_id from disabled`,
    values: [clientId, nowMs],
  });
  return rowCount === 1;
}

/** Stores a token, and forgets those of this client that are long over. False when the client was disabled meanwhile. */
export async function insertAccessToken(
  db: Queryable,
  token: { tokenHash: Buffer; clientId: string; scope: string; expiresAtMs: number },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-access-token',
    text: `with forgotten as (
             delete from access_token where client_id = $2 and expires_at < to_timestamp($5::float8 / 1000)
           )
           insert into access_token (token_hash, client_id, scope, expires_at)
           select $1::bytea, client_id, $3, to_timestamp($4::float8 / 1000)
             from client where client_id = $2 and disabled_at is null for share`,
    values: [token.tokenHash, token.clientId, token.scope, token.expiresAtMs, nowMs],
  });
  return rowCount === 1;
}

/** A token with what every request needs to know of its client, and of the person where it is an app's. */
export interface TokenClient {
  clientId: string;
  name: string;
  scope: string;
  expiresAt: Date;
  disabled: boolean;
  /** Null for a program's own token; the rest is said only of an app's. */
  accountId: string | null;
  patientId: string;
  inContext: string;
  holdsAuthorities: boolean;
  patientEntryId: string | null;
  /** Its person is staff and let it in with a password alone. */
  lacksFactor: boolean;
}

/** The one statement that requests with a token cost, however many come together: one answer for each hash, in order. */
export async function findTokenClients(
  db: Queryable,
  tokenHashes: readonly Uint8Array[],
): Promise<(TokenClient | undefined)[]> {
  const { rows } = await db.query({
    name: 'find-token-clients',
    text: `select asked.place, found.* from unnest($1::bytea[]) with ordinality asked(token_hash, place)
            cross join lateral (
              select c.client_id as "clientId", c.name, t.scope, t.expires_at as "expiresAt", c.disabled_at is not null as disabled,
                     null::uuid as "accountId", '' as "patientId", '' as "inContext", false as "holdsAuthorities", null::uuid as "patientEntryId",
                     false as "lacksFactor"
                from access_token t join client c using (client_id) where t.token_hash = asked.token_hash
              union all
              select c.client_id, c.name, t.payload ->> 'scope', least(t.expires_at, g.expires_at, s.expires_at),
                     c.disabled_at is not null or c.approved_at is null or a.disabled_at is not null or g.ended_at is not null
                       or s.ended_at is not null,
                     a.account_id, a.patient_id, g.patient_id,
                     exists (select from authority h where h.holder_id = a.account_id and h.ended_at is null)
                       or exists (select from organization_member m join authority h on h.organization_id = m.organization_id
                         and h.holder_id is null and h.ended_at is null where m.account_id = a.account_id and m.ended_at is null),
                     (select r.entry_id from resource r where r.patient_id = a.patient_id and r.resource_type = 'Patient'
                         and r.resource_id = a.patient_id and not r.deleted),
                     g.second is null and ${isStaff}
                from app_token t join app_grant g using (grant_id) join client c on c.client_id = g.client_id
                     join account a on a.account_id = g.account_id left join session s on s.session_id = g.session_id
               where t.token_hash = asked.token_hash and t.kind = 'AccessToken' offset 0) found`,
    values: [tokenHashes],
  });
  const found = Array<TokenClient | undefined>(tokenHashes.length).fill(undefined);
  for (const row of rows as (TokenClient & { place: number })[]) found[row.place - 1] = row;
  return found;
}

/** Takes back one token of this client. False when it has no such token. */
export async function deleteAccessToken(
  db: Queryable,
  clientId: string,
  tokenHash: Buffer,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-access-token',
    text: `delete from access_token where token_hash = $1 and client_id = $2`,
    values: [tokenHash, clientId],
  });
  return rowCount === 1;
}

/** Notes that a signed proof was used. False when it was used before: of two at once exactly one gets true. */
export async function useAssertion(
  db: Queryable,
  clientId: string,
  jtiHash: Buffer,
  expiresAtMs: number,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'use-client-assertion',
    text: `with forgotten as (
             delete from client_assertion where client_id = $1 and expires_at < to_timestamp($4::float8 / 1000)
           )
           insert into client_assertion (client_id, jti_hash, expires_at)
           values ($1, $2, to_timestamp($3::float8 / 1000)) on conflict do nothing`,
    values: [clientId, jtiHash, expiresAtMs, nowMs],
  });
  return rowCount === 1;
}
