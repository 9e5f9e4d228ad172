-- The way of an order through a laboratory, and each signed result as a task. What was ordered, sampled and found are resources of the
-- record; these rows say whose turn it is and by when. Each step is an entry of the person's chain.

create table lab_order (
  patient_id text not null check (patient_id <> ''),
  -- Resource id of the ServiceRequest.
  order_id text not null,
  -- Resource id of the Organization it is addressed to.
  organization_id text not null,
  kind text not null check (kind in ('laboratory', 'radiology')),
  state text not null check (state in ('accepted', 'declined', 'sampled', 'entered', 'signed')),
  accepted_at timestamptz not null,
  specimen_id text,
  taken_at timestamptz,
  -- What was entered and is not signed: canonical JSON.
  draft text,
  entered_by uuid,
  entered_at timestamptz,
  -- Ids of what was signed, by what they are of.
  resource_ids jsonb not null default '{}',
  edition int not null default 0,
  primary key (patient_id, order_id),
  check ((state = 'signed') = (edition > 0 and draft is null)),
  check ((draft is null) = (entered_at is null))
);
create index lab_order_by_organization on lab_order (organization_id, accepted_at);

create table lab_result (
  patient_id text not null check (patient_id <> ''),
  report_id text not null,
  -- The first is 1; each correction is one more.
  edition int not null check (edition > 0),
  result_id uuid not null unique,
  order_id text not null,
  -- Of the laboratory.
  organization_id text not null,
  -- Accounts; absent where no clinician ordered it.
  orderer_id uuid,
  owner_id uuid,
  -- Where the orderer works.
  clinic_id text,
  critical boolean not null,
  signed_at timestamptz not null,
  -- As the entries name whoever signed.
  signed_who jsonb not null,
  release_rule text not null check (release_rule in ('at-once', 'after-seen', 'after-days')),
  release_days int check (release_days between 1 and 14),
  -- At the latest.
  release_at timestamptz not null,
  released_at timestamptz,
  -- The resources while they are kept back, as canonical JSON: then they are nowhere else.
  held text,
  -- To whom it had gone when the last notice left.
  told text not null check (told in ('owner', 'orderer', 'organization')),
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledgement text,
  -- A later edition is the one to look at.
  superseded boolean not null default false,
  primary key (patient_id, report_id, edition),
  check ((released_at is null) = (held is not null)),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check ((owner_id is null) = (orderer_id is null))
);
create index lab_result_open_by_owner on lab_result (owner_id) where acknowledged_at is null and not superseded;
create index lab_result_open_by_orderer on lab_result (orderer_id) where acknowledged_at is null and not superseded;
create index lab_result_open_by_clinic on lab_result (clinic_id) where acknowledged_at is null and not superseded;
create index lab_result_waiting on lab_result (signed_at) where acknowledged_at is null and not superseded and orderer_id is not null;
create index lab_result_held on lab_result (release_at) where released_at is null;

-- How a person wants to get their results; no row: at once.
create table release_choice (
  patient_id text primary key check (patient_id <> ''),
  rule text not null check (rule in ('at-once', 'after-seen', 'after-days')),
  days int check (days between 1 and 14),
  chosen_at timestamptz not null,
  check ((rule = 'after-days') = (days is not null))
);
