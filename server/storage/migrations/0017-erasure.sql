-- Erasure for good. What is destroyed of a part of a record stays as an empty row of `entry`; of a whole person only these two columns
-- stay: that a leaf once had an entry, and which erasure took it. A hold stops both, for a reason that the person is told.

create table erased_entry (
  entry_id uuid primary key,
  erased_by uuid not null
);
create index erased_entry_by_erasure on erased_entry (erased_by);

create table legal_hold (
  patient_id text not null check (patient_id <> ''),
  hold_id uuid not null,
  reason text not null check (reason <> ''),
  placed_at timestamptz not null,
  lifted_at timestamptz,
  primary key (patient_id, hold_id)
);
-- One at a time: a second would have to be lifted too, and nobody would know.
create unique index legal_hold_in_force on legal_hold (patient_id) where lifted_at is null;
