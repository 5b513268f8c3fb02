-- A role that reads what the dashboards show and can do nothing else: of the ledger not whole rows, but the columns that a
-- panel names. Run it as the owner of the tables who may also make roles (CREATEROLE, or a superuser) and has CREATE on the
-- database, and again after an update; then give it a password that nobody has written down:
-- psql "$DATABASE_URL" -f dashboards/grafana/reader.sql, then \password matchday_reader. It needs no variables. All of it is
-- done, or nothing: it stops at the first error and says what is missing.

\set ON_ERROR_STOP on
begin;

do $$
declare
  mine name := current_user;
  owner name := (select tableowner from pg_tables where schemaname = 'ledger' and tablename = 'runs');
begin
  if owner is null then
    raise exception 'database "%" has no ledger: run the workflow ops-setup (or npm run migrate) first', current_database();
  elsif not pg_has_role(mine, owner, 'usage') then
    raise exception 'the tables belong to "%" and you are "%": run this as their owner', owner, mine;
  elsif not (select rolcreaterole or rolsuper from pg_roles where rolname = mine) then
    raise exception '"%" may not make roles: let an administrator run "alter role % createrole", or run this as one who may', mine, mine;
  elsif not has_database_privilege(mine, current_database(), 'create') then
    raise exception '"%" may not make the schema grafana: let an administrator grant it CREATE on database "%"', mine, current_database();
  end if;
  if not exists (select 1 from pg_roles where rolname = 'matchday_reader') then
    create role matchday_reader login nosuperuser nocreatedb nocreaterole noreplication noinherit;
  end if;
end
$$;

alter role matchday_reader set default_transaction_read_only = on;
-- A dashboard that is left open must not wear the database out.
alter role matchday_reader set statement_timeout = '30s';
alter role matchday_reader set idle_in_transaction_session_timeout = '30s';
alter role matchday_reader set lock_timeout = '5s';
alter role matchday_reader connection limit 8;

-- Of errors what was said, without stack and context.
create schema if not exists grafana;
create or replace view grafana.run_errors as
  select run.id as run_id, run.job, error.place::integer as place, error.value ->> 'code' as code, error.value ->> 'kind' as kind,
    left(error.value ->> 'message', 1000) as message
  from ledger.runs run, lateral jsonb_array_elements(run.errors) with ordinality as error (value, place);

-- An earlier version of this file gave whole tables.
revoke all on all tables in schema ledger from matchday_reader;
grant usage on schema ledger, silver, predictions, grafana to matchday_reader;
grant select (
  id, job, period, outcome, gate, reason, trigger, attempt, started_at, duration_ms, items_written, github_run_id,
  github_attempt
) on ledger.runs to matchday_reader;
grant select (
  job, due_at, period, state, grace_until, deadline_at, run_id, reason, outcome, started_at, duration_ms, tries
) on ledger.slots to matchday_reader;
grant select (job) on ledger.schedules to matchday_reader;
grant select (job, kind, created_at) on ledger.requests to matchday_reader;
grant select (
  subject, cause, severity, title, detail, opened_at, closed_at, times, acknowledged_by
) on ledger.incidents to matchday_reader;
grant select (job, kind, code, retryable, failed_at, times, closed_at) on ledger.dead_letters to matchday_reader;
grant select (source, state, failures, opened_at, try_at, reason) on ledger.breakers to matchday_reader;
grant select (began_at, ended_at, ended_by) on ledger.wake_up_gaps to matchday_reader;
grant select (began_at, ended_at, github_run_id) on ledger.passes to matchday_reader;
grant select on grafana.run_errors, silver.nfl_games, predictions.games, predictions.grades, predictions.graded to matchday_reader;

commit;
