-- A pen may be prolonged: asked for like the first, by a new code, inside the same Consent. The pen that was lent before is named.
alter table access_request add column extends_id uuid check (extends_id is null or (writing and not everybody));

-- A passkey of the person, at the clinician's device or their own phone, may answer a request. Which request, the hash says.
alter table passkey_challenge drop constraint passkey_challenge_purpose_check;
alter table passkey_challenge add check (purpose in ('add', 'sign-in', 'prove', 'consent'));

-- The one who questioned a look closes the case, or is not content and hands it to the administrator of the installation.
alter table dispute
  add column escalated_at timestamptz,
  add column escalation text,
  add column final_finding text check (final_finding in ('right', 'wrong')),
  add column final_answer text,
  add column final_by uuid references account (account_id),
  add column final_at timestamptz,
  add column closed_at timestamptz,
  add check ((escalated_at is null) = (escalation is null)),
  add check (final_at is null or escalated_at is not null),
  add check ((final_finding is null) = (final_at is null) and (final_finding is null) = (final_answer is null) and (final_finding is null) = (final_by is null)),
  add check (closed_at is null or answered_at is not null or final_at is not null);
