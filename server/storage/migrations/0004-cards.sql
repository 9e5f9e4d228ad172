-- Cards: plumbing beside the record. A token is stored twice: its hash finds the card, its sealed form lets the holder
-- print the same code again. Neither can be turned back into a token without the key in the data folder.

create table card (
  patient_id text not null check (patient_id <> ''),
  card_id uuid not null,
  number integer not null check (number > 0),
  state text not null check (state in ('active', 'replaced', 'revoked', 'lost')),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  sealed_token bytea not null,
  -- The serial of the pre-printed blank this card was, if it was one.
  serial text,
  issued_at timestamptz not null,
  ended_at timestamptz,
  primary key (patient_id, card_id),
  constraint card_number_unique unique (patient_id, number),
  check ((state = 'active') = (ended_at is null))
);
create unique index card_by_token on card (token_hash);
-- One person, one card: a second active one cannot exist, whatever two requests do at once.
create unique index card_active on card (patient_id) where state = 'active';

create table card_setting (
  patient_id text primary key check (patient_id <> ''),
  -- JSON text; null while the holder has chosen nothing.
  settings text,
  -- Counts every change of settings or code, so that a page made before it is never served after it.
  revision bigint not null,
  code_hash text,
  -- Wrong tries left for this code, over its whole life. Taken before a try is checked.
  code_tries_left integer not null default 0 check (code_tries_left >= 0),
  code_number integer not null default 0
);

create table blank_batch (
  batch_id uuid primary key,
  number integer generated always as identity unique,
  label text not null,
  card_count integer not null check (card_count between 1 and 1000),
  made_at timestamptz not null
);

create table blank_card (
  batch_id uuid not null,
  serial text not null,
  state text not null check (state in ('blank', 'claimed')),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  sealed_token bytea not null,
  claim_hash bytea not null check (octet_length(claim_hash) = 32),
  claimed_at timestamptz,
  primary key (batch_id, serial),
  check ((state = 'blank') = (claimed_at is null))
);
create unique index blank_card_by_token on blank_card (token_hash);
create unique index blank_card_by_claim on blank_card (claim_hash);

-- How often a person's record changed. The emergency page is kept ready in memory and may be served only while this number
-- stands; a trigger keeps it, so that no way of writing can forget to. Within one statement rows are touched in one order,
-- and a second writer of the same person waits for the first: the number never stands still over a change.
create table record_revision (
  patient_id text primary key,
  revision bigint not null
);

create function count_record_revision() returns trigger language plpgsql as $$
begin
  insert into record_revision as v (patient_id, revision)
  select distinct patient_id, 1 from changed where patient_id <> '' order by patient_id
  on conflict (patient_id) do update set revision = v.revision + 1;
  return null;
end $$;

create trigger resource_inserted after insert on resource
  referencing new table as changed for each statement execute function count_record_revision();
create trigger resource_updated after update on resource
  referencing new table as changed for each statement execute function count_record_revision();
create trigger resource_erased after delete on resource
  referencing old table as changed for each statement execute function count_record_revision();
