-- A person asks a doctor to look after them, and may offer at once what the doctor would see: that is given when the doctor accepts.
create table doctor_request (
  patient_id text not null check (patient_id <> ''),
  request_id uuid not null constraint doctor_request_id_unique unique,
  doctor_id uuid not null references account (account_id),
  organization_id text not null,
  -- The person, or a guardian of theirs.
  asked_by uuid not null references account (account_id),
  state text not null check (state in ('asked', 'accepted', 'rejected', 'withdrawn', 'expired')),
  words text not null,
  -- Canonical JSON { scope, purpose, duration }; null: nothing is offered.
  offer text,
  reason text,
  -- The doctor has shut the door to this person: they never see it, and the person sees no difference.
  unseen boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  primary key (patient_id, request_id),
  check ((state = 'asked') = (answered_at is null)),
  check ((state = 'rejected') = (reason is not null))
);
-- One at a time to each doctor.
create unique index doctor_request_open on doctor_request (patient_id, doctor_id) where state = 'asked';
create index doctor_request_by_doctor on doctor_request (doctor_id, created_at);

create table doctor_block (
  patient_id text not null check (patient_id <> ''),
  block_id uuid not null constraint doctor_block_id_unique unique,
  doctor_id uuid not null references account on delete cascade,
  blocked_at timestamptz not null,
  primary key (patient_id, block_id),
  constraint doctor_block_once unique (patient_id, doctor_id)
);
