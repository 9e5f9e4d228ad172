-- Programs of other organisations and the tokens given to them. A token is found by its hash and joined with its client at every
-- request, so that a token taken back and a client disabled fail on the very next one.

create table client (
  client_id text primary key check (client_id ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
  name text not null,
  -- SHA-256 of a secret of 256 random bits; null for a client that signs with a key of its own.
  secret_hash bytea check (octet_length(secret_hash) = 32),
  -- Public keys as a JSON Web Key Set.
  jwks jsonb,
  scope text not null,
  created_at timestamptz not null,
  disabled_at timestamptz,
  check (secret_hash is not null or jwks is not null)
);

create table access_token (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  client_id text not null references client on delete cascade,
  scope text not null,
  expires_at timestamptz not null
);
create index access_token_by_client on access_token (client_id, expires_at);

-- Signed proofs that were used; kept until they would have expired anyway.
create table client_assertion (
  client_id text not null references client on delete cascade,
  jti_hash bytea not null check (octet_length(jti_hash) = 32),
  expires_at timestamptz not null,
  primary key (client_id, jti_hash)
);
