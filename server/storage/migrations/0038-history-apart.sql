-- The indexes of histories are for histories alone: their condition always holds, and only a statement that says it may use them.
-- On a young table, before its first statistics, the planner took them for what is found by its key, and read a whole type.
drop index resource_by_type_and_time;
drop index resource_history_by_type_and_time;
create index resource_by_type_and_time on resource (resource_type, last_updated) where version > 0;
create index resource_history_by_type_and_time on resource_history (resource_type, last_updated) where version > 0;
