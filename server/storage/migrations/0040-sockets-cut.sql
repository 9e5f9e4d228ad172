-- Whoever holds an open socket is cut off at once when a sign-in ends, an account or a program is shut, or somebody's work changes: any
-- process that holds it hears of it on the channel of live events.
create function announce_over() returns trigger language plpgsql as $$
begin
  perform pg_notify('medallion_live', json_build_object('topic', 'sign-ins', 'key', 'account:' || new.account_id)::text);
  return null;
end $$;

create function announce_program_over() returns trigger language plpgsql as $$
begin
  perform pg_notify('medallion_live', json_build_object('topic', 'sign-ins', 'key', 'client:' || new.client_id)::text);
  return null;
end $$;

create function announce_work() returns trigger language plpgsql as $$
begin
  perform pg_notify('medallion_live', json_build_object('topic', 'work', 'key', 'account:' || new.account_id)::text);
  return null;
end $$;

create trigger session_over after update of ended_why on session
  for each row when (old.ended_why is null and new.ended_why is not null) execute function announce_over();

create trigger account_over after update of disabled_at on account
  for each row when (old.disabled_at is null and new.disabled_at is not null) execute function announce_over();

create trigger client_over after update of disabled_at on client
  for each row when (old.disabled_at is null and new.disabled_at is not null) execute function announce_program_over();

create trigger work_changed after update of suspended_at, ended_at, role on organization_member
  for each row when (old.suspended_at is distinct from new.suspended_at or old.ended_at is distinct from new.ended_at or old.role <> new.role)
  execute function announce_work();
