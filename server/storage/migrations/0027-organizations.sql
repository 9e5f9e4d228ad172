-- Organisations at work: who was asked to come, whose licence waits for a look, who was suspended, and which acts of administrators there
-- were. The Organization itself is a resource of the directory; a row here is what one locks to change who works there.

create table organization (
  -- Resource id of the Organization in the directory.
  organization_id text primary key,
  closed_at timestamptz
);

alter table organization_member
  add column licence_authority text,
  -- Null: by the operator's tool. An account that is erased leaves its number.
  add column licence_checked_by uuid,
  add column suspended_at timestamptz,
  -- Nobody vouches for themself.
  add constraint organization_member_not_own_licence check (licence_checked_by <> account_id);
create index organization_member_by_organization on organization_member (organization_id) where ended_at is null;

create table member_invite (
  invite_id uuid primary key,
  organization_id text not null,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  -- To whom it was sent, as written and as compared: it opens for nobody else.
  login text not null,
  login_key text not null,
  role text not null check (role in ('doctor', 'nurse', 'desk', 'laboratory', 'radiology', 'pharmacy', 'records', 'administrator', 'auditor')),
  inviter_id uuid not null,
  state text not null check (state in ('open', 'accepted', 'refused', 'withdrawn')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  check ((state = 'open') = (answered_at is null))
);
create unique index member_invite_open on member_invite (organization_id, login_key, role) where state = 'open';

-- A licence as it was written down, until somebody else has looked at it.
create table licence_check (
  licence_id uuid primary key,
  member_id uuid not null references organization_member on delete cascade,
  account_id uuid not null,
  number text not null,
  authority text not null,
  valid_until date not null,
  entered_at timestamptz not null,
  finding text check (finding in ('right', 'wrong')),
  found_by uuid check (found_by <> account_id),
  found_at timestamptz,
  check ((finding is null) = (found_by is null) and (finding is null) = (found_at is null))
);
create unique index licence_check_open on licence_check (member_id) where finding is null;

-- Which entries are acts of an organisation's administrators, so that auditors find them. What was done is said by the entry alone.
create table organization_act (
  organization_id text not null,
  entry_id uuid not null,
  -- In whose chain the entry stands: a member's, or '' for the system's own.
  chain text not null,
  primary key (organization_id, entry_id)
);
create index organization_act_by_time on organization_act (entry_id);
