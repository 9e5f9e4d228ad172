-- Long work that a request only starts: exports and imports of many resources. A job goes on where it stood, in whichever process is free.

create table bulk_job (
  job_id uuid primary key,
  kind text not null check (kind in ('export', 'import')),
  -- Who may see it: 'client:<id>', 'account:<id>' or 'operator'. `requester` is the same as an actor, for the decisions of each step.
  owner text not null,
  requester jsonb not null,
  agent text not null,
  request jsonb not null,
  state text not null check (state in ('loading', 'running', 'done', 'failed')),
  -- Where the next step goes on. Moved only in the transaction that stores what the step did.
  position jsonb not null,
  failure text,
  created_at timestamptz not null,
  stepped_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz not null
);
create index bulk_job_by_owner on bulk_job (owner, created_at);
create index bulk_job_waiting on bulk_job (stepped_at) where state = 'running';

-- What an export holds: names of versions, never a copy of them. What is erased meanwhile is gone from it too.
create table bulk_part (
  job_id uuid not null references bulk_job on delete cascade,
  file_number integer not null check (file_number > 0),
  part_number integer not null,
  resource_type text not null,
  patient_ids text[] not null,
  resource_ids text[] not null,
  versions integer[] not null,
  primary key (job_id, file_number, part_number)
);

-- Directory entries that an exported record refers to; they are written once, at the end.
create table bulk_reference (
  job_id uuid not null references bulk_job on delete cascade,
  resource_type text not null,
  resource_id text not null,
  primary key (job_id, resource_type, resource_id)
);
