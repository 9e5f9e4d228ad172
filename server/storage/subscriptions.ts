// Subscriptions as they are carried out, and what waits to be delivered. Knows no HTTP and judges nobody.
import type pg from 'pg';
import type { Queryable } from './queryable.ts';

export interface SubscriptionRow {
  subscriptionId: string;
  patientId: string;
  owner: string;
  requester: Record<string, unknown>;
  resourceType: string;
  criteria: string;
  channel: 'rest-hook' | 'websocket';
  endpoint: string | null;
  payload: boolean;
  sealedHeaders: Buffer | null;
  state: 'requested' | 'active' | 'error' | 'off';
  endsAt: Date | null;
  tries: number;
}

export interface Delivery {
  subscriptionId: string;
  eventId: number;
  patientId: string;
  resourceType: string;
  resourceId: string;
  version: number;
}

const columns = `subscription_id as "subscriptionId", patient_id as "patientId", owner, requester, resource_type as "resourceType", criteria,
  channel, endpoint, payload, sealed_headers as "sealedHeaders", state, ends_at as "endsAt", tries`;

export async function findSubscription(
  db: Queryable,
  subscriptionId: string,
): Promise<SubscriptionRow | undefined> {
  const { rows } = await db.query({
    name: 'find-subscription',
    text: `select ${columns} from subscription where subscription_id = $1`,
    values: [subscriptionId],
  });
  return rows[0] as SubscriptionRow | undefined;
}

/** Stores it as it is wanted now; what waits for it stays. False when it would be one more than `mostOfOwner`. */
export async function putSubscription(
  client: Queryable,
  row: Omit<SubscriptionRow, 'tries'>,
  mostOfOwner: number,
  nowMs: number,
): Promise<boolean> {
  await client.query({
    text: `select pg_advisory_xact_lock(hashtextextended('subscriptions:' || $1, 0))`,
    values: [row.owner],
  });
  const { rowCount } = await client.query({
    name: 'put-subscription',
    text: `insert into subscription as s (subscription_id, patient_id, owner, requester, resource_type, criteria, channel, endpoint, payload,
                                          sealed_headers, state, ends_at, next_try_at)
           select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12::float8 / 1000), to_timestamp($13::float8 / 1000)
            where (select count(*) from subscription where owner = $3 and subscription_id <> $1) < $14
           on conflict (subscription_id) do update
             set owner = excluded.owner, requester = excluded.requester, resource_type = excluded.resource_type, criteria = excluded.criteria,
                 channel = excluded.channel, endpoint = excluded.endpoint, payload = excluded.payload, sealed_headers = excluded.sealed_headers,
                 state = excluded.state, ends_at = excluded.ends_at, next_try_at = excluded.next_try_at, tries = 0`,
    values: [
      row.subscriptionId,
      row.patientId,
      row.owner,
      JSON.stringify(row.requester),
      row.resourceType,
      row.criteria,
      row.channel,
      row.endpoint,
      row.payload,
      row.sealedHeaders,
      row.state,
      row.endsAt?.getTime() ?? null,
      nowMs,
      mostOfOwner,
    ],
  });
  return rowCount === 1;
}

export async function dropSubscription(client: Queryable, subscriptionId: string): Promise<void> {
  await client.query({
    name: 'drop-subscription',
    text: 'delete from subscription where subscription_id = $1',
    values: [subscriptionId],
  });
}

export async function listActiveSubscriptions(
  db: Queryable,
  types: readonly string[],
  nowMs: number,
): Promise<SubscriptionRow[]> {
  const { rows } = await db.query({
    name: 'list-active-subscriptions',
    text: `select ${columns} from subscription
            where state = 'active' and resource_type = any($1) and (ends_at is null or ends_at > to_timestamp($2::float8 / 1000))`,
    values: [types, nowMs],
  });
  return rows as SubscriptionRow[];
}

/** Notes deliveries, each once whatever is tried twice; those that would be more than `mostWaiting` for one subscription are not kept. */
export async function noteDeliveries(client: Queryable, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await client.query({
    name: 'note-deliveries',
    text: `insert into subscription_delivery (subscription_id, event_id, patient_id, resource_type, resource_id, version)
           select d.* from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[])
             as d(subscription_id, event_id, patient_id, resource_type, resource_id, version)
             join subscription s on s.subscription_id = d.subscription_id
           on conflict do nothing`,
    values: [
      deliveries.map((d) => d.subscriptionId),
      deliveries.map((d) => d.eventId),
      deliveries.map((d) => d.patientId),
      deliveries.map((d) => d.resourceType),
      deliveries.map((d) => d.resourceId),
      deliveries.map((d) => d.version),
    ],
  });
}

/** Tells every process of the database, when this transaction is committed. `message` holds ids only, and is short. */
export async function notifyLive(client: Queryable, messages: readonly object[]): Promise<void> {
  for (const message of messages)
    await client.query({
      name: 'notify-live',
      text: `select pg_notify('medallion_live', $1)`,
      values: [JSON.stringify(message)],
    });
}

/** One subscription that has something to do now and that nobody else is at, held until the transaction ends. */
export async function claimSubscription(
  client: pg.PoolClient,
  nowMs: number,
): Promise<SubscriptionRow | undefined> {
  const { rows } = await client.query({
    name: 'claim-subscription',
    text: `with waiting as materialized (
             select subscription_id from subscription s
              where next_try_at <= to_timestamp($1::float8 / 1000)
                and (state = 'requested'
                     or state = 'active' and channel = 'rest-hook' and exists (select 1 from subscription_delivery d where d.subscription_id = s.subscription_id)
                     or state = 'active' and ends_at <= to_timestamp($1::float8 / 1000))
              order by next_try_at limit 20
           ), claimed as materialized (
             select subscription_id from waiting where pg_try_advisory_xact_lock(hashtextextended('subscription:' || subscription_id, 0)) limit 1
           )
           select ${columns} from subscription where subscription_id = (select subscription_id from claimed)`,
    values: [nowMs],
  });
  return rows[0] as SubscriptionRow | undefined;
}

export interface WaitingDelivery extends Delivery {
  entered: boolean;
  /** Null: the version was erased, or is a deletion. */
  content: string | null;
}

/** What is to be delivered next, in the order of the events, with the text of each version. */
export async function nextDelivery(
  db: Queryable,
  subscriptionId: string,
): Promise<WaitingDelivery | undefined> {
  const { rows } = await db.query({
    name: 'next-delivery',
    text: `select d.subscription_id as "subscriptionId", d.event_id as "eventId", d.patient_id as "patientId", d.resource_type as "resourceType",
                  d.resource_id as "resourceId", d.version, d.entered, coalesce(r.content, h.content) as content
             from (select * from subscription_delivery where subscription_id = $1 order by event_id limit 1) d
             left join resource r using (patient_id, resource_type, resource_id, version)
             left join resource_history h using (patient_id, resource_type, resource_id, version)`,
    values: [subscriptionId],
  });
  return rows[0] as WaitingDelivery | undefined;
}

export async function markEntered(client: Queryable, { subscriptionId, eventId }: Delivery): Promise<void> {
  await client.query({
    name: 'mark-entered',
    text: 'update subscription_delivery set entered = true where subscription_id = $1 and event_id = $2',
    values: [subscriptionId, eventId],
  });
}

/** Delivered, or not to be: it is off the list, and the next one may be tried at once. */
export async function finishDelivery(
  db: Queryable,
  { subscriptionId, eventId }: Delivery,
  delivered: boolean,
): Promise<void> {
  await db.query({
    name: 'finish-delivery',
    text: `with gone as (delete from subscription_delivery where subscription_id = $1 and event_id = $2 returning 1)
           update subscription set tries = 0, delivered = delivered + case when $3 then (select count(*) from gone) else 0 end
            where subscription_id = $1`,
    values: [subscriptionId, eventId, delivered],
  });
}

export async function postponeSubscription(
  db: Queryable,
  subscriptionId: string,
  tries: number,
  nextTryAtMs: number,
): Promise<void> {
  await db.query({
    name: 'postpone-subscription',
    text: `update subscription set tries = $2, next_try_at = to_timestamp($3::float8 / 1000) where subscription_id = $1`,
    values: [subscriptionId, tries, nextTryAtMs],
  });
}

/** False when it is no longer in the state it was seen in. */
export async function setSubscriptionState(
  client: Queryable,
  subscriptionId: string,
  from: SubscriptionRow['state'],
  to: SubscriptionRow['state'],
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'set-subscription-state',
    text: 'update subscription set state = $3, tries = 0 where subscription_id = $1 and state = $2',
    values: [subscriptionId, from, to],
  });
  return rowCount === 1;
}

/** Texts of versions by `Type/id/version`; deletions and erased ones are left out. */
export async function findEventTexts(
  db: Queryable,
  keys: readonly { patientId: string; resourceType: string; resourceId: string; version: number }[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.query({
    name: 'find-event-texts',
    text: `with wanted as (select * from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as t(patient_id, resource_type, resource_id, version))
           select resource_type || '/' || resource_id || '/' || version as key, content
             from resource join wanted using (patient_id, resource_type, resource_id, version) where not deleted
           union all
           select resource_type || '/' || resource_id || '/' || version, content
             from resource_history join wanted using (patient_id, resource_type, resource_id, version) where not deleted`,
    values: [
      keys.map((k) => k.patientId),
      keys.map((k) => k.resourceType),
      keys.map((k) => k.resourceId),
      keys.map((k) => k.version),
    ],
  });
  return new Map((rows as { key: string; content: string }[]).map(({ key, content }) => [key, content]));
}

/** Scope of a client that is not disabled; whether an account is not: what a subscriber may still do, asked at each delivery. */
export async function findStanding(db: Queryable, owner: string): Promise<{ scope: string } | undefined> {
  const colon = owner.indexOf(':');
  const [kind, id] = [owner.slice(0, colon), owner.slice(colon + 1)];
  const { rows } =
    kind === 'client'
      ? await db.query({
          name: 'find-standing-client',
          text: 'select scope from client where client_id = $1 and disabled_at is null',
          values: [id],
        })
      : await db.query({
          name: 'find-standing-account',
          text: `select '' as scope from account where account_id = $1::uuid and disabled_at is null`,
          values: [id],
        });
  return rows[0] as { scope: string } | undefined;
}
