-- What a person wants answered with yes without being asked each time: to one clinician, or to all of one organisation.
create table access_rule (
  patient_id text not null check (patient_id <> ''),
  rule_id uuid not null,
  holder_id uuid references account (account_id),
  organization_id text,
  categories text[],
  entries text[],
  sealed boolean not null,
  share boolean not null,
  writing boolean not null,
  purpose text not null,
  longest_ms bigint not null check (longest_ms > 0),
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (patient_id, rule_id),
  constraint access_rule_id_unique unique (rule_id),
  check ((holder_id is null) <> (organization_id is null))
);
