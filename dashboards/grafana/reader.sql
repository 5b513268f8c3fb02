-- A role that reads what the dashboards show and can do nothing else. Run it once as the owner of the tables, and then give
-- it a password that nobody has written down: psql "$DATABASE_URL" -f dashboards/grafana/reader.sql, then \password
-- matchday_reader. A second time it changes nothing.

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

grant usage on schema ledger, silver, predictions to matchday_reader;
grant select on
  ledger.schedules, ledger.runs, ledger.slots, ledger.requests, ledger.incidents, ledger.breakers, ledger.dead_letters,
  ledger.wake_up_gaps, silver.nfl_games, predictions.nfl, predictions.nfl_grades, predictions.nfl_graded
to matchday_reader;
