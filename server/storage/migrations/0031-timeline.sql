-- The day under which an entry stands in a person's timeline (core/timeline/care-day.ts). Rows from before have none until
-- `npm run admin -- reindex`; they then stand under the day they came.
alter table resource add column care_day date;
