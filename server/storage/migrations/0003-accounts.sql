-- Accounts and sessions: plumbing beside the record. An account is found by its login, a session by the hash of its token,
-- so their keys are their own; each names the person it stands for.

create table account (
  account_id uuid primary key,
  patient_id text not null constraint account_patient_unique unique check (patient_id <> ''),
  -- As the person wrote it, and as it is compared: lower case, NFKC, E.164.
  login text not null,
  login_key text not null constraint account_login_unique unique,
  -- argon2id in PHC format: parameters and salt are inside.
  password_hash text not null,
  language text not null default 'en',
  roles text[] not null default '{}',
  created_at timestamptz not null,
  disabled_at timestamptz
);
create index account_administrator on account (account_id) where 'administrator' = any (roles);

create table session (
  session_id uuid primary key,
  account_id uuid not null references account on delete cascade,
  -- SHA-256 of the token: whoever reads this table cannot sign in with it.
  token_hash bytea not null constraint session_token_unique unique check (octet_length(token_hash) = 32),
  -- SHA-256 of account and client address, cut: only tells whether this account was here before.
  address_key bytea not null check (octet_length(address_key) = 16),
  agent text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  proved_at timestamptz not null,
  expires_at timestamptz not null,
  idle_ms integer not null check (idle_ms > 0),
  ended_at timestamptz,
  ended_why text,
  check ((ended_at is null) = (ended_why is null))
);
create index session_by_account on session (account_id, created_at);

-- Counters of attempts: fixed windows, shared by every process. Bounded: expired rows go, and beyond a cap the nearest to expiry.
create table attempt_count (
  purpose text not null,
  key bytea not null check (octet_length(key) = 16),
  count integer not null check (count >= 0),
  expires_at timestamptz not null,
  primary key (purpose, key)
);
create index attempt_count_by_expiry on attempt_count (expires_at);

-- At most one link is alive: a restart before the first administrator exists replaces it.
create table setup_link (
  only_row boolean primary key default true check (only_row),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  expires_at timestamptz not null
);
