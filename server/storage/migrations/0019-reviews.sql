-- What follows a look: a broken glass is reviewed by the organisation within 72 hours, and a look that its person questions is a case
-- with a clock. Each step is an entry of the person's chain; these rows say what is still to be done.

create table glass_review (
  patient_id text not null check (patient_id <> ''),
  -- The authority that the emergency gave.
  authority_id uuid not null,
  entry_id uuid not null,
  organization_id text not null,
  clinician_id uuid not null references account (account_id),
  reason text not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  -- What the person says of it, and what the organisation found.
  person_answer text check (person_answer in ('right', 'questioned')),
  person_answered_at timestamptz,
  finding text check (finding in ('justified', 'not-justified')),
  words text,
  reviewer_id uuid references account (account_id),
  reviewed_at timestamptz,
  primary key (patient_id, authority_id),
  constraint glass_review_id_unique unique (authority_id),
  check ((finding is null) = (reviewed_at is null) and (finding is null) = (reviewer_id is null)),
  check ((person_answer is null) = (person_answered_at is null))
);
create index glass_review_by_organization on glass_review (organization_id, opened_at);
create index glass_review_by_entry on glass_review (patient_id, entry_id);

create table dispute (
  patient_id text not null check (patient_id <> ''),
  dispute_id uuid not null,
  -- The look that is questioned, and who looked.
  entry_id uuid not null,
  looker text not null,
  -- Null: the look was nobody's of any organisation, and the administrator answers.
  organization_id text,
  words text not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  finding text check (finding in ('right', 'wrong')),
  answer text,
  answered_by uuid references account (account_id),
  answered_at timestamptz,
  primary key (patient_id, dispute_id),
  constraint dispute_id_unique unique (dispute_id),
  constraint dispute_once unique (patient_id, entry_id),
  check ((finding is null) = (answered_at is null) and (finding is null) = (answer is null) and (finding is null) = (answered_by is null))
);
create index dispute_by_organization on dispute (organization_id, opened_at);
