-- Two records of one person, joined and parted. No entry moves: while a merge stands, reads follow this row, and when it is undone
-- nothing else has to be put back (docs/decisions/merging-records.md).
create table record_merge (
  merge_id uuid primary key,
  survivor_id text not null check (survivor_id <> ''),
  merged_id text not null check (merged_id <> '' and merged_id <> survivor_id),
  organization_id text not null,
  state text not null check (state in ('proposed', 'merged', 'undone', 'refused')),
  reason text not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  -- Another officer of the same organisation: nobody merges alone.
  seconded_by uuid check (seconded_by <> proposed_by),
  -- The yes of each side; the merged record may have nobody who could say it.
  survivor_agreed_by uuid,
  merged_agreed_by uuid,
  merged_has_owner boolean not null,
  -- What `active` of the merged Patient said before, as JSON text; null: nothing.
  active_before text,
  authority_id uuid,
  merged_at timestamptz,
  ended_at timestamptz,
  ended_by uuid,
  ended_why text,
  check ((state in ('undone', 'refused')) = (ended_at is not null)),
  check (state <> 'merged' or (seconded_by is not null and survivor_agreed_by is not null and merged_at is not null
    and authority_id is not null and (merged_agreed_by is not null or not merged_has_owner)))
);
-- A record is merged into one other at a time.
create unique index record_merge_once on record_merge (merged_id) where state in ('proposed', 'merged');
create index record_merge_survivor on record_merge (survivor_id);
create index record_merge_organization on record_merge (organization_id, proposed_at);

-- Whoever owns the survivor reads what was merged into it: the only thing that a merge opens, and to nobody else.
alter table authority drop constraint authority_basis_check;
alter table authority add constraint authority_basis_check check (basis in ('guardian', 'grant', 'edit', 'break-glass', 'merged'));
