-- Bytes too big for a row lie in the file store; this row says whose they are and what they must hash to.
-- A row exists only when its bytes are on disk; bytes without a row are collected.

create table stored_file (
  patient_id text not null,
  file_id text not null unique,
  sha256 bytea not null check (octet_length(sha256) = 32),
  size_bytes bigint not null check (size_bytes > 0),
  content_type text not null,
  title text not null,
  created_at timestamptz not null,
  primary key (patient_id, file_id)
);
