-- Histories of a type and of everything: the newest page is read off the end of an index, however many versions there are. A range
-- index by time alone could not serve them: old and new stand side by side in both tables.
create index resource_by_type_and_time on resource (resource_type, last_updated);
create index resource_history_by_type_and_time on resource_history (resource_type, last_updated);
drop index resource_history_by_time;
