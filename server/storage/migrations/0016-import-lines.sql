-- The lines of an import by NDJSON, each with what became of it. Ids of the source are given new ones before anything is stored, so that a
-- line may refer to one that comes later, or in another file.

create table bulk_line (
  job_id uuid not null references bulk_job on delete cascade,
  line_number integer not null check (line_number > 0),
  -- Where it stood: the file's name, '' for an upload, and the line within.
  file text not null,
  file_line integer not null,
  resource_type text,
  source_id text,
  -- The Patient of the source whose record it belongs to; '' for the directory.
  owner text not null,
  new_id text not null,
  state text not null check (state in ('waiting', 'stored', 'known', 'refused')),
  reason text,
  -- Emptied as soon as it is settled: what was refused is not kept.
  content text,
  primary key (job_id, line_number)
);
create index bulk_line_by_source on bulk_line (job_id, resource_type, source_id);
create index bulk_line_waiting on bulk_line (job_id, owner, line_number) where state = 'waiting';
