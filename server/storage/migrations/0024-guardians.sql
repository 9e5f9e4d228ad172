-- Guardians: what stands behind an authority of theirs, invitations that wait for the other side, what several must want together,
-- and disputes. Who may do what is decided by `authority` alone; an end by age is written there when the guardianship begins.

create table guardianship (
  patient_id text not null check (patient_id <> ''),
  authority_id uuid not null,
  -- v3-RoleCode of the guardian seen from the person: FTH, MTH, GUARD, SON, …
  relationship text not null,
  -- What it rests on, and the DocumentReference that shows it.
  evidence text not null check (evidence in ('parent', 'court', 'power-of-attorney', 'wish')),
  document_id text,
  -- RelatedPerson that says it to other systems.
  related_person_id text not null,
  -- The first instant at which the person is of age, as reckoned when this began; null for somebody who was of age.
  majority_at timestamptz,
  primary key (patient_id, authority_id)
);

create table guardian_invite (
  patient_id text not null check (patient_id <> ''),
  invite_id uuid not null constraint guardian_invite_id_unique unique,
  -- SHA-256 of what the link carries; the link opens for one login only.
  token_hash bytea not null constraint guardian_invite_token_unique unique check (octet_length(token_hash) = 32),
  inviter_id uuid not null references account (account_id),
  login_key text not null,
  level text not null check (level in ('view', 'share', 'act', 'manage')),
  relationship text not null,
  evidence text not null check (evidence in ('parent', 'court', 'power-of-attorney', 'wish')),
  document_id text,
  guardian_until timestamptz,
  state text not null check (state in ('open', 'accepted', 'declined', 'cancelled')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  primary key (patient_id, invite_id),
  check ((state = 'open') = (answered_at is null))
);
create index guardian_invite_by_login on guardian_invite (login_key) where state = 'open';

-- What some of several guardians want. It happens at the request of the last who is needed, once.
create table guardian_agreement (
  patient_id text not null check (patient_id <> ''),
  agreement_id uuid not null,
  act text not null check (act in ('invite', 'change', 'end', 'share', 'export')),
  -- Canonical JSON of exactly what is wanted, and its SHA-256: another wish is another row.
  wish text not null,
  wish_hash bytea not null check (octet_length(wish_hash) = 32),
  wanted_by uuid[] not null,
  state text not null check (state in ('open', 'done', 'refused')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  done_at timestamptz,
  primary key (patient_id, agreement_id),
  check ((state = 'open') = (done_at is null))
);
create unique index guardian_agreement_open on guardian_agreement (patient_id, wish_hash) where state = 'open';

create table custody_dispute (
  patient_id text not null check (patient_id <> ''),
  dispute_id uuid not null,
  raised_by uuid not null references account (account_id),
  reason text not null,
  raised_at timestamptz not null,
  lifted_at timestamptz,
  lifted_why text,
  primary key (patient_id, dispute_id),
  check ((lifted_at is null) = (lifted_why is null))
);
-- One at a time: a second cry adds nothing.
create unique index custody_dispute_open on custody_dispute (patient_id) where lifted_at is null;
