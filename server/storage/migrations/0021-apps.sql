-- Apps that people let into records: who registered them, whether an administrator approved them, what each person gave, and what
-- the authorization library keeps. Nothing here is looked for by a token in clear: only by its SHA-256.

alter table client
  -- A program acts for itself, an app for a person who let it in.
  add column kind text not null default 'program' check (kind in ('program', 'app')),
  add column redirect_uris text[] not null default '{}',
  -- Where the app is opened from inside Medallion (SMART EHR launch).
  add column launch_uri text,
  add column about text not null default '',
  add column contact text not null default '',
  -- The account that registered it; null for the operator and for whoever came by the open door.
  add column registered_by uuid references account (account_id) on delete set null,
  add column approved_at timestamptz,
  add column refused_at timestamptz,
  drop constraint client_check,
  -- An app without a secret and a key is a public client.
  add constraint client_proof check (kind = 'app' or secret_hash is not null or jwks is not null),
  add constraint client_decided check (approved_at is null or refused_at is null);
create index client_waiting on client (created_at) where kind = 'app' and approved_at is null and refused_at is null;

create table app_grant (
  grant_id text primary key,
  account_id uuid not null references account (account_id) on delete cascade,
  client_id text not null references client on delete cascade,
  -- The record that the app was opened for.
  patient_id text not null check (patient_id <> ''),
  -- It ends with this session; null where the person let the app come back without them.
  session_id uuid references session on delete cascade,
  scope text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('by-person', 'by-app', 'reused', 'replaced')),
  check ((ended_at is null) = (ended_why is null))
);
create index app_grant_by_account on app_grant (account_id, created_at);

-- Codes, tokens, requests under way. Without their own names: the name is the secret.
create table app_token (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  kind text not null,
  grant_id text,
  uid text,
  payload jsonb not null,
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index app_token_by_grant on app_token (grant_id);
create index app_token_by_uid on app_token (uid) where uid is not null;
create index app_token_by_end on app_token (expires_at);

-- An app opened from inside Medallion: which one, by whom, for which record.
create table app_launch (
  launch_hash bytea primary key check (octet_length(launch_hash) = 32),
  client_id text not null references client on delete cascade,
  account_id uuid not null references account (account_id) on delete cascade,
  patient_id text not null check (patient_id <> ''),
  expires_at timestamptz not null
);

-- Private keys that sign identity tokens and cookies of the authorization door, sealed with a key of the data folder.
create table app_key (
  purpose text primary key,
  sealed bytea not null,
  created_at timestamptz not null
);
