-- What a clinician wants to add after their time to write was over: it waits here until the person takes it in or leaves it out.
create table amendment (
  patient_id text not null check (patient_id <> ''),
  amendment_id uuid not null,
  author_id uuid not null references account (account_id),
  -- The pen that was lent once; what it covered still bounds what may be sent.
  authority_id uuid not null,
  resource text not null,
  reason text not null,
  state text not null check (state in ('proposed', 'accepted', 'rejected')),
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  primary key (patient_id, amendment_id),
  constraint amendment_id_unique unique (amendment_id),
  check ((state = 'proposed') = (answered_at is null))
);
