-- Getting back in after everything was lost: who asks for it, who vouches for them, and the waiting time in which the person can stop it.

create table account_recovery (
  patient_id text not null check (patient_id <> ''),
  recovery_id uuid not null constraint account_recovery_id_unique unique,
  account_id uuid not null references account on delete cascade,
  -- SHA-256 of what the one who asks keeps, and of what the alert to the person carries: either acts without a sign-in.
  token_hash bytea not null constraint account_recovery_token_unique unique check (octet_length(token_hash) = 32),
  stop_hash bytea not null constraint account_recovery_stop_unique unique check (octet_length(stop_hash) = 32),
  -- Read out to whoever vouches, so that nobody vouches for somebody else's request.
  number text not null,
  -- The account at the desk that began it; null: somebody who is not signed in.
  begun_by uuid,
  state text not null check (state in ('open', 'done', 'stopped')),
  begun_at timestamptz not null,
  expires_at timestamptz not null,
  -- When enough had vouched, and from when on a new password can be set.
  vouched_at timestamptz,
  ready_at timestamptz,
  ended_at timestamptz,
  primary key (patient_id, recovery_id),
  check ((state = 'open') = (ended_at is null)),
  check ((vouched_at is null) = (ready_at is null))
);

create table recovery_voucher (
  patient_id text not null,
  recovery_id uuid not null,
  account_id uuid not null references account on delete cascade,
  stands text not null check (stands in ('guardian', 'desk', 'colleague')),
  organization_id text,
  vouched_at timestamptz not null,
  primary key (patient_id, recovery_id, account_id),
  foreign key (patient_id, recovery_id) references account_recovery on delete cascade,
  check ((organization_id is null) = (stands = 'guardian'))
);
