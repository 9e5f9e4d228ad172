-- What outside witnesses signed, and how it stands with each of them. `witness` is name+key id.

create table log_cosignature (
  size bigint not null,
  witness text not null,
  -- The signature line as it is appended to the checkpoint.
  line text not null check (line like '— %' and right(line, 1) = E'\n'),
  signed_at timestamptz not null,
  primary key (size, witness)
);

create table log_witness (
  witness text primary key,
  -- The largest checkpoint that it cosigned for this log; 0 when none.
  size bigint not null,
  cosigned_at timestamptz,
  asked_at timestamptz not null,
  -- Why the last request failed; null when it did not.
  problem text,
  failures integer not null
);
