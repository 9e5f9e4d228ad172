-- A card and its access code, shown at a desk: what a clinician would be given waits a few minutes for a witness of the same organisation.

create table card_grant (
  patient_id text not null check (patient_id <> ''),
  card_grant_id uuid not null constraint card_grant_id_unique unique,
  clinician_id uuid not null references account (account_id) on delete cascade,
  organization_id text not null,
  categories text[],
  entries text[],
  sealed boolean not null,
  writing boolean not null,
  purpose text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Somebody else than who is let in.
  witness_id uuid check (witness_id <> clinician_id),
  witnessed_at timestamptz,
  primary key (patient_id, card_grant_id),
  check ((witness_id is null) = (witnessed_at is null))
);
create index card_grant_waiting on card_grant (organization_id, created_at) where witness_id is null;
