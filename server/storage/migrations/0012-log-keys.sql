-- Changes of the log's key, oldest first. The key file is what counts; this is what is published, each with its entry in the log.

create table log_key_change (
  position integer primary key check (position >= 0),
  note text not null,
  entry_id uuid not null unique
);
