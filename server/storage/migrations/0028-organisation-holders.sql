-- A grant may be an organisation's: it holds for whoever is a clinician there, with a licence that is valid, at the time of the request.
alter table authority alter column holder_id drop not null;
alter table authority add check (holder_id is not null or (basis = 'grant' and organization_id is not null));
create index authority_by_organization on authority (organization_id, patient_id) where holder_id is null and ended_at is null;

-- Asked for everybody who works there, not for the one who asks alone.
alter table access_request add column everybody boolean not null default false check (not everybody or organization_id is not null);
