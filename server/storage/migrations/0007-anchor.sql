-- Roots of the log on an Ethereum chain. One row for each root that was to be anchored; one attempt for each signed transaction,
-- kept before it is sent, so that a crash in between loses nothing. A chain is its first block and the contract on it.

create table anchor (
  anchor_id bigint generated always as identity primary key,
  chain_id bigint not null check (chain_id > 0),
  genesis bytea not null check (octet_length(genesis) = 32),
  contract bytea not null check (octet_length(contract) = 20),
  size bigint not null check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  -- pending: to be sent (again). sent: a transaction is out. anchored: confirmed. superseded: a larger root stands on the chain instead.
  state text not null check (state in ('pending', 'sent', 'anchored', 'superseded')),
  nonce bigint,
  transaction_hash bytea check (octet_length(transaction_hash) = 32),
  block_number bigint,
  block_hash bytea check (octet_length(block_hash) = 32),
  block_time timestamptz,
  gas_used bigint,
  gas_price_wei numeric(30),
  -- How many entries of the log it was the first on this chain to cover.
  records bigint,
  -- How often the chain took it back.
  returned integer not null default 0,
  made_at timestamptz not null,
  anchored_at timestamptz,
  entry_id uuid,
  unique (genesis, contract, size),
  check (state <> 'anchored' or (transaction_hash is not null and block_number is not null and block_hash is not null and records is not null))
);
create index anchor_by_size on anchor (size) where state = 'anchored';

create table anchor_attempt (
  transaction_hash bytea primary key check (octet_length(transaction_hash) = 32),
  anchor_id bigint not null references anchor,
  signed bytea not null,
  nonce bigint not null,
  fee_wei numeric(30) not null,
  tip_wei numeric(30) not null,
  signed_at timestamptz not null
);
create index anchor_attempt_by_anchor on anchor_attempt (anchor_id, signed_at);

-- The events `anchor` in the system's own chain, those of anchors that were taken back too: never reason enough for another anchor.
create table anchor_event (
  entry_id uuid primary key,
  anchor_id bigint not null references anchor
);
