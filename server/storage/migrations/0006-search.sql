-- Seals the links to further pages of a search, so that only who got one can follow it. One for all processes on this database.
create table search_page_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null check (octet_length(key) = 32)
);
