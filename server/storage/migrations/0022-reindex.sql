-- How far the search columns have been computed anew (server/storage/reindex.ts), so that a run that was stopped goes on there.
create table reindex_progress (
  only_row boolean primary key default true check (only_row),
  after_type text not null,
  after_id text not null
);

-- Next to no room: for histories of everything, newest first.
create index resource_history_by_time on resource_history using brin (last_updated);
