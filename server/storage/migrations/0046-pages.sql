-- An archive that its sender says is one document: its pictures are the pages. And the day that is on a document.
alter table upload add column pages boolean not null default false;
alter table upload add column document_day text check (document_day ~ '^\d{4}(-\d{2}(-\d{2})?)?$');
