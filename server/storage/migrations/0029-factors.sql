-- Second factors of accounts, sign-ins that wait for one, and how each session was begun.

-- An authenticator app. The secret is sealed with a key of the data folder: whoever reads this table can make no code.
create table totp (
  account_id uuid primary key references account on delete cascade,
  sealed_secret bytea not null,
  -- Null: shown, and not yet proved by a code.
  confirmed_at timestamptz,
  -- The thirty seconds whose code was used last: no code counts twice, nor one from before.
  last_step bigint not null default -1,
  created_at timestamptz not null
);

-- Since when a code by mail is the account's second step; null: it is not.
alter table account add column mail_step_at timestamptz;

-- Codes for the day the phone is lost: argon2id, each good once.
create table recovery_code (
  account_id uuid not null references account on delete cascade,
  slot smallint not null check (slot between 0 and 9),
  code_hash text not null,
  used_at timestamptz,
  primary key (account_id, slot)
);

-- The password was right, and a second factor is waited for: to sign in, or inside a session to prove oneself or to begin with mail.
create table second_step (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  account_id uuid not null references account on delete cascade,
  purpose text not null check (purpose in ('sign-in', 'prove', 'mail')),
  session_id uuid references session on delete cascade,
  -- The hash that the password was verified against: a change of it meanwhile ends this step.
  password_hash text not null,
  -- A code by mail: argon2id.
  code_hash text,
  code_until timestamptz,
  codes_sent integer not null default 0,
  tries_left integer not null check (tries_left >= 0),
  expires_at timestamptz not null,
  check ((session_id is null) = (purpose = 'sign-in')),
  check ((code_hash is null) = (code_until is null))
);
create index second_step_by_expiry on second_step (expires_at);

-- By what this session was proved a second time; null: by the password alone.
alter table session add column second text check (second in ('totp', 'passkey', 'mail', 'recovery-code'));
-- Likewise of the session in which an app was let in: an app acts with what its person had proved.
alter table app_grant add column second text check (second in ('totp', 'passkey', 'mail', 'recovery-code'));
