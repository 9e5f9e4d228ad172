-- What a responder leaves for the hospital: the entries are in the record; this row says which are recent enough to stand at the top.
create table handover (
  patient_id text not null check (patient_id <> ''),
  handover_id uuid not null,
  -- The Communication that holds the words.
  communication_id text not null,
  verified boolean not null,
  left_at timestamptz not null,
  until timestamptz not null check (until > left_at),
  primary key (patient_id, handover_id)
);
