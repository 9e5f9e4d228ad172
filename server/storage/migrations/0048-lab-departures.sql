-- Orders that a laboratory had in its list and that went elsewhere: for some days it is told that they did, and nothing of what they are.
create table lab_departure (
  patient_id text not null check (patient_id <> ''),
  order_id text not null,
  -- Resource id of the Organization that has it no more.
  organization_id text not null check (organization_id <> ''),
  -- When it had come into that list.
  came_at timestamptz not null,
  left_at timestamptz not null,
  primary key (patient_id, order_id, organization_id)
);
create index lab_departure_by_organization on lab_departure (organization_id, left_at);
