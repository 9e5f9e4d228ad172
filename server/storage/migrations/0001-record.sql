-- The record: one row for what stands now, one for each version before it, and one entry for every
-- acknowledged event. Patient id first in every key: a person is the unit of rows, locks and shards.
-- Resources that belong to nobody (Practitioner, Organization, ...) carry patient_id ''.

create table person (
  patient_id text primary key check (patient_id <> ''),
  uhid text not null constraint person_uhid_unique unique check (uhid ~ '^[1-9][0-9]{13}$'),
  alias text constraint person_alias_unique unique check (alias ~ '^[a-z][a-z0-9._]{2,28}[a-z0-9]$'),
  pseudonym bytea not null unique check (octet_length(pseudonym) = 16),
  created_at timestamptz not null
);

create table resource (
  patient_id text not null,
  resource_type text not null,
  resource_id text not null,
  version integer not null check (version > 0),
  deleted boolean not null,
  last_updated timestamptz not null,
  entry_id uuid not null,
  content text not null,
  -- What it is found by (core/fhir/search-index.ts), beside it in the same row; null where there is nothing.
  search_present bigint,
  search_keys bigint[],
  search_range_keys bigint[],
  search_range_bounds double precision[],
  search_strings text[],
  primary key (patient_id, resource_type, resource_id)
);
-- A logical id is unique over the whole server: `GET Observation/x` names no patient. The type comes first, so that all
-- of one type stand in the order in which a search over everyone shows them.
create unique index resource_by_id on resource (resource_type, resource_id);
-- For searches over all records; inside one person's record rows are tested as they come from the primary key.
create index resource_by_key on resource using gin (search_keys) with (gin_pending_list_limit = 1024);
-- Next to no room: for what changed lately, over all records.
create index resource_by_time on resource using brin (last_updated);

create table resource_history (
  patient_id text not null,
  resource_type text not null,
  resource_id text not null,
  version integer not null check (version > 0),
  deleted boolean not null,
  last_updated timestamptz not null,
  entry_id uuid not null,
  content text not null,
  primary key (patient_id, resource_type, resource_id, version)
);

-- The audit trail is the log: one row, one leaf. `statement` is canonical JSON; the leaf commits to it with `salt`.
-- An erased entry keeps its row and its leaf: statement and salt are destroyed, and the erasure's own entry is named.
create table entry (
  patient_id text not null,
  entry_id uuid not null,
  kind smallint not null,
  recorded_at timestamptz not null,
  statement text not null,
  salt bytea check (octet_length(salt) = 32),
  erased_by uuid,
  primary key (patient_id, entry_id),
  check ((salt is null) = (erased_by is not null) and (statement = '') = (erased_by is not null))
);

create table pending_leaf (
  entry_id uuid not null,
  pseudonym bytea not null check (octet_length(pseudonym) = 16),
  kind smallint not null,
  time_seconds bigint not null,
  commitment bytea not null check (octet_length(commitment) = 32)
);

create table outbox (
  event_id bigint generated always as identity primary key,
  topic text not null,
  patient_id text not null,
  entry_id uuid not null,
  payload jsonb not null,
  created_at timestamptz not null
);

create table notice (
  patient_id text not null,
  notice_id uuid not null,
  kind text not null,
  entry_id uuid,
  detail jsonb not null,
  created_at timestamptz not null,
  read_at timestamptz,
  primary key (patient_id, notice_id)
);
create index notice_unread on notice (patient_id) where read_at is null;

-- Raised inside the write statement when another writer came first, so that the statement leaves nothing behind.
create function refuse_unless_equal(written bigint, wanted bigint) returns boolean language plpgsql immutable as $$
begin
  if written <> wanted then
    raise exception using errcode = 'MD409', message = 'version conflict';
  end if;
  return true;
end $$;
