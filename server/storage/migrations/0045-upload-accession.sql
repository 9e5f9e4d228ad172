-- The number of the order that a report answers, as its sender typed it.
alter table upload add column accession text check (length(accession) between 1 and 64);
