-- What the server needs to carry out Subscriptions, beside the resources that say what is wanted. A row comes and changes with its resource,
-- in one transaction; deliveries are noted in the transaction that takes their event from the outbox: each exactly once.

create table subscription (
  subscription_id text primary key,
  patient_id text not null,
  -- Who wrote it last: it hears what they may read. `requester` is the same as an actor.
  owner text not null,
  requester jsonb not null,
  resource_type text not null,
  criteria text not null,
  channel text not null check (channel in ('rest-hook', 'websocket')),
  endpoint text,
  payload boolean not null,
  -- Header lines, sealed with a key that is not in the database.
  sealed_headers bytea,
  state text not null check (state in ('requested', 'active', 'error', 'off')),
  ends_at timestamptz,
  tries integer not null default 0,
  next_try_at timestamptz not null,
  delivered bigint not null default 0
);
create index subscription_by_owner on subscription (owner);
create index subscription_active on subscription (resource_type) where state = 'active';

create table subscription_delivery (
  subscription_id text not null references subscription on delete cascade,
  event_id bigint not null,
  patient_id text not null,
  resource_type text not null,
  resource_id text not null,
  version integer not null,
  -- Whether the look that a delivery is was entered: once, however often it is tried.
  entered boolean not null default false,
  primary key (subscription_id, event_id)
);
