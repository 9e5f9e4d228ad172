-- Whoever was let into the whole record may have been allowed to know that there are sealed entries, without seeing them. To
-- everybody else they are not there.
alter table authority add column knows_sealed boolean not null default false
  check (not knows_sealed or (basis = 'grant' and categories is null and entries is null));
