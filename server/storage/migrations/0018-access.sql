-- Who may do what in other people's records. A FHIR Consent says it to people; these rows are what every request is decided by,
-- written in the same transaction. A row holds by the clock: nothing has to run for it to end.

-- Which part of the record a row belongs to and whether it is sealed (core/access/categories.ts); null for what belongs to nobody.
alter table resource add column part smallint;

create table organization_member (
  member_id uuid primary key,
  account_id uuid not null references account on delete cascade,
  -- Resource id of the Organization in the directory.
  organization_id text not null,
  role text not null check (role in ('doctor', 'nurse', 'desk', 'laboratory', 'radiology', 'pharmacy', 'records', 'administrator', 'auditor')),
  practitioner_id text,
  -- Checked by an administrator; a clinician without one that is valid today opens and writes nothing.
  licence text,
  licence_until date,
  licence_checked_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  check ((licence is null) = (licence_until is null) and (licence is null) = (licence_checked_at is null))
);
create unique index organization_member_once on organization_member (account_id, organization_id, role) where ended_at is null;

create table authority (
  patient_id text not null check (patient_id <> ''),
  authority_id uuid not null,
  basis text not null check (basis in ('guardian', 'grant', 'edit', 'break-glass')),
  holder_id uuid not null references account (account_id),
  -- guardian: view, share, act, manage.
  level text check (level in ('view', 'share', 'act', 'manage')),
  -- Null: every part; together with entries: either covers.
  categories text[],
  entries text[],
  sealed boolean not null default false,
  share boolean not null default false,
  purpose text not null,
  -- The FHIR Consent that says it to people, and the request it answers.
  consent_id text,
  request_id uuid,
  organization_id text,
  starts_at timestamptz not null,
  ends_at timestamptz,
  ended_at timestamptz,
  ended_why text,
  primary key (patient_id, authority_id),
  check ((basis = 'guardian') = (level is not null)),
  check ((ended_at is null) = (ended_why is null)),
  -- A glass does not stay broken, and a pen is not lent for good.
  check (basis not in ('edit', 'break-glass') or ends_at is not null)
);
create index authority_by_holder on authority (holder_id, patient_id) where ended_at is null;

create table access_request (
  patient_id text not null check (patient_id <> ''),
  request_id uuid not null,
  requester_id uuid not null references account (account_id),
  organization_id text,
  state text not null check (state in ('requested', 'approved', 'refused', 'withdrawn', 'locked')),
  categories text[],
  entries text[],
  sealed boolean not null,
  share boolean not null,
  writing boolean not null,
  purpose text not null,
  duration_ms bigint not null check (duration_ms > 0),
  -- argon2id. Tries are for the life of the request: a new code brings no new ones.
  code_hash text,
  code_until timestamptz,
  code_tries_left integer not null check (code_tries_left >= 0),
  codes_sent integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  primary key (patient_id, request_id),
  constraint access_request_id_unique unique (request_id),
  check ((state = 'requested') = (answered_at is null))
);
create index access_request_by_requester on access_request (requester_id, created_at);

create table access_block (
  patient_id text not null check (patient_id <> ''),
  account_id uuid not null references account on delete cascade,
  blocked_at timestamptz not null,
  primary key (patient_id, account_id)
);
