-- The public log as it was sequenced: leaves, hash tiles, the head, signed checkpoints.

create table log_leaf (
  leaf_index bigint primary key check (leaf_index >= 0),
  entry_id uuid not null unique,
  pseudonym bytea not null,
  seq bigint not null check (seq > 0),
  leaf bytea not null check (octet_length(leaf) = 98),
  unique (pseudonym, seq)
);

create table log_chain (
  pseudonym bytea primary key,
  seq bigint not null,
  head bytea not null check (octet_length(head) = 32)
);

create table log_tile (
  level smallint not null,
  tile_index bigint not null,
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (level, tile_index)
);

-- Exactly one row. Moved only together with the leaves and tiles it covers; signed only after that is durable.
create table log_head (
  only_row boolean primary key default true check (only_row),
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32)
);

create table log_checkpoint (
  size bigint primary key,
  root bytea not null,
  note text not null,
  signed_at timestamptz not null
);
