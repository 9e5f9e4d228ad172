-- Passkeys (WebAuthn): another way to prove who one is. Public keys only: whoever reads these tables can sign in as nobody.

create table passkey (
  account_id uuid not null references account on delete cascade,
  passkey_id uuid not null,
  credential_id bytea not null constraint passkey_credential_unique unique check (octet_length(credential_id) between 16 and 1023),
  public_key bytea not null check (octet_length(public_key) <= 2048),
  -- What the authenticator counted when it was last used; 0 for those that do not count.
  sign_count bigint not null check (sign_count >= 0),
  transports text[] not null,
  label text not null,
  -- Kept by the maker of the device beyond the device: losing the device then does not lose the passkey.
  backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (account_id, passkey_id)
);

-- A challenge is taken away by the first answer to it, right or wrong. Bounded by expiry and by the limits of the routes that make them.
create table passkey_challenge (
  challenge_hash bytea primary key check (octet_length(challenge_hash) = 32),
  purpose text not null check (purpose in ('add', 'sign-in', 'prove')),
  account_id uuid references account on delete cascade,
  expires_at timestamptz not null,
  check ((account_id is null) = (purpose = 'sign-in'))
);
create index passkey_challenge_by_expiry on passkey_challenge (expires_at);
