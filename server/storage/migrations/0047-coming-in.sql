-- Where somebody is being taken, as whoever left the note says: an organisation that is told that somebody comes.
alter table handover add column organization_id text check (organization_id <> '');
create index handover_coming on handover (organization_id, until) where organization_id is not null;
