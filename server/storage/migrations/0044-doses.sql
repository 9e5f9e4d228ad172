-- When a person wants to be reminded of their medicines. What they took is in their record; these rows are the clock.

create table dose_clock (
  patient_id text primary key check (patient_id <> ''),
  -- A name of the IANA.
  zone text not null,
  -- HH:MM, both or neither: no reminder between them.
  quiet_from text,
  quiet_until text,
  by_mail boolean not null default false,
  -- Account that set it last: a guardian is told in their own record.
  set_by uuid not null,
  -- Entry that a reminder tells of.
  entry_id uuid not null,
  -- Local time, YYYY-MM-DDTHH:MM, up to which nobody is reminded any more.
  settled text not null,
  next_at timestamptz,
  check ((quiet_from is null) = (quiet_until is null))
);
create index dose_clock_next on dose_clock (next_at) where next_at is not null;

-- A change ends one and begins another, so that what was planned on a day of the past stays known.
create table dose_plan (
  patient_id text not null check (patient_id <> ''),
  plan_id uuid not null,
  medicine_type text not null check (medicine_type in ('MedicationStatement', 'MedicationRequest')),
  medicine_id text not null,
  -- HH:MM in order.
  times text[] not null check (cardinality(times) between 1 and 12),
  -- Monday is 1; none: every day.
  days smallint[] not null,
  begins date not null,
  ends date,
  -- Local times.
  from_time text not null,
  until_time text,
  primary key (patient_id, plan_id)
);
create unique index dose_plan_standing on dose_plan (patient_id, medicine_type, medicine_id) where until_time is null;
