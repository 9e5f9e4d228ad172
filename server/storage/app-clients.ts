// Apps as they are registered, wait for an administrator, and are approved or refused.
import type { Client } from './clients.ts';
import { clientColumns } from './clients.ts';
import type { Queryable } from './queryable.ts';

export type NewApp = Pick<
  Client,
  | 'clientId'
  | 'name'
  | 'secretHash'
  | 'jwks'
  | 'scope'
  | 'redirectUris'
  | 'launchUri'
  | 'about'
  | 'contact'
  | 'registeredBy'
>;

/** 'full' when too many wait for an administrator, by one account or over all. */
export async function insertApp(
  db: Queryable,
  app: NewApp,
  nowMs: number,
  most: { waiting: number; waitingOfOne: number },
  approved = false,
): Promise<'made' | 'taken' | 'full'> {
  const { rows } = await db.query({
    name: 'insert-app',
    text: `with waiting as (
             select count(*) as all, count(*) filter (where registered_by = $10::uuid) as own
               from client where kind = 'app' and approved_at is null and refused_at is null
           ), made as (
             insert into client (client_id, name, secret_hash, jwks, scope, redirect_uris, launch_uri, about, contact, registered_by, created_at, kind, approved_at)
             select $1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10::uuid, to_timestamp($11::float8 / 1000), 'app',
                    case when $14::boolean then to_timestamp($11::float8 / 1000) end
               from waiting w where $14::boolean or (w.all < $12 and w.own < $13)
             on conflict do nothing returning client_id
           )
           select exists (select from made) as made, w.all >= $12 or w.own >= $13 as full from waiting w`,
    values: [
      app.clientId,
      app.name,
      app.secretHash,
      app.jwks === null ? null : JSON.stringify(app.jwks),
      app.scope,
      app.redirectUris,
      app.launchUri,
      app.about,
      app.contact,
      app.registeredBy,
      nowMs,
      most.waiting,
      most.waitingOfOne,
      approved,
    ],
  });
  const { made, full } = rows[0] as { made: boolean; full: boolean };
  return made ? 'made' : full ? 'full' : 'taken';
}

/** All apps for an administrator: those that wait first, then the newest. */
export async function listApps(db: Queryable): Promise<Client[]> {
  const { rows } = await db.query({
    name: 'list-apps',
    text: `select ${clientColumns} from client where kind = 'app'
            order by (approved_at is null and refused_at is null) desc, created_at desc, client_id limit 500`,
  });
  return rows as Client[];
}

export async function listAppsOf(db: Queryable, accountId: string): Promise<Client[]> {
  const { rows } = await db.query({
    name: 'list-apps-of',
    text: `select ${clientColumns} from client where kind = 'app' and registered_by = $1 order by created_at desc, client_id limit 100`,
    values: [accountId],
  });
  return rows as Client[];
}

/** Apps that anybody may open from inside Medallion. */
export async function listLaunchableApps(db: Queryable): Promise<Client[]> {
  const { rows } = await db.query({
    name: 'list-launchable-apps',
    text: `select ${clientColumns} from client where kind = 'app' and approved_at is not null and disabled_at is null
              and launch_uri is not null order by name, client_id limit 200`,
  });
  return rows as Client[];
}

/** False when there is no such app, or it was decided on before. */
export async function decideOnApp(
  db: Queryable,
  clientId: string,
  decision: 'approve' | 'refuse',
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'decide-on-app',
    text: `update client set approved_at = case when $2 = 'approve' then to_timestamp($3::float8 / 1000) end,
                             refused_at = case when $2 = 'refuse' then to_timestamp($3::float8 / 1000) end
            where client_id = $1 and kind = 'app' and approved_at is null and refused_at is null`,
    values: [clientId, decision, nowMs],
  });
  return rowCount === 1;
}

/** Origins from which a registered app may call: those of its redirect addresses. */
export async function originIsRegistered(db: Queryable, origin: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'origin-is-registered',
    text: `select 1 from client c, unnest(c.redirect_uris) uri where c.kind = 'app' and c.approved_at is not null and c.disabled_at is null
              and starts_with(uri || '/', $1 || '/') limit 1`,
    values: [origin],
  });
  return rowCount === 1;
}
