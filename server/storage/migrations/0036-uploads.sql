-- Files on their way: how many bytes of each are on disk for certain, who brings it for whom, and what became of it. The bytes lie
-- under DATA_DIR/uploads until the file is whole. What it becomes is a version of a resource, with an entry.

create table upload (
  upload_id text primary key,
  patient_id text not null check (patient_id <> ''),
  -- `person:<account>` or `client:<id>`: nobody else learns anything of it.
  uploader text not null,
  -- As the entry will name them, and by which rule they may.
  who jsonb not null,
  basis text not null,
  agent text not null,
  author text not null,
  title text not null,
  kind text,
  length_bytes bigint not null check (length_bytes > 0),
  -- Synced to disk; a crash loses what came after.
  offset_bytes bigint not null default 0 check (offset_bytes between 0 and length_bytes),
  state text not null default 'open' check (state in ('open', 'received', 'waiting-for-scan', 'done', 'refused')),
  refusal text,
  sha256 bytea check (octet_length(sha256) = 32),
  entry_id uuid,
  -- What became of each file in it, as the receipt says it.
  files jsonb not null default '[]',
  created_at timestamptz not null,
  received_at timestamptz,
  expires_at timestamptz not null,
  check (state = 'open' or offset_bytes = length_bytes)
);
create index upload_by_uploader on upload (uploader, created_at);
create index upload_by_patient on upload (patient_id);
create index upload_waiting on upload (expires_at) where state in ('open', 'received', 'waiting-for-scan');
