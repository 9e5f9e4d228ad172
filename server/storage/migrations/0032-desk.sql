-- People who were enrolled at a desk, until they or a guardian take their record over by the code that was printed for them.

create table desk_enrolment (
  patient_id text primary key check (patient_id <> ''),
  organization_id text not null,
  enrolled_by uuid not null,
  enrolled_at timestamptz not null,
  -- argon2id, bound to the person. A new code puts the former out of use; tries are taken before a code is compared.
  code_hash text,
  code_until timestamptz,
  code_tries_left integer not null check (code_tries_left >= 0),
  -- Who took it over is in the log. From then on the desk has nothing of it.
  claimed_at timestamptz,
  check (claimed_at is null or code_hash is null),
  check ((code_hash is null) = (code_until is null))
);
create index desk_enrolment_by_organization on desk_enrolment (organization_id, enrolled_at) where claimed_at is null;
