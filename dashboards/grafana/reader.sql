-- A role that reads what the dashboards show and can do nothing else: of the ledger not whole rows, but the columns that a
-- panel names. Run it once as the owner of the tables, and then give it a password that nobody has written down:
-- psql "$DATABASE_URL" -f dashboards/grafana/reader.sql, then \password matchday_reader. A second time it changes nothing.

do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'matchday_reader') then
    create role matchday_reader login nosuperuser nocreatedb nocreaterole noreplication noinherit;
  end if;
end
$$;

alter role matchday_reader set default_transaction_read_only = on;
-- A dashboard that is left open must not wear the database out.
alter role matchday_reader set statement_timeout = '30s';
alter role matchday_reader set idle_in_transaction_session_timeout = '30s';
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
grant select on grafana.run_errors, silver.nfl_games, predictions.nfl, predictions.nfl_grades, predictions.nfl_graded to matchday_reader;
