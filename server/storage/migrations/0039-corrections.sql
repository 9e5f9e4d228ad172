-- A person asks that an entry be put right. It is a case like that of a questioned look (the row in `dispute`: words, clock, answer,
-- escalation, end), and here stands what only an entry has: which version, what is wished, what became of it.
create table correction (
  patient_id text not null,
  dispute_id uuid not null,
  resource_type text not null,
  resource_id text not null,
  -- The version that was questioned, and the one by which it was put right.
  version integer not null check (version > 0),
  wished text not null,
  corrected_version integer check (corrected_version > version),
  -- What the person says beside an entry that was left as it is; whoever sees the entry sees this.
  disagreement text,
  disagreed_at timestamptz,
  primary key (patient_id, dispute_id),
  foreign key (patient_id, dispute_id) references dispute on delete cascade,
  check ((disagreement is null) = (disagreed_at is null))
);
create index correction_by_resource on correction (patient_id, resource_type, resource_id);
