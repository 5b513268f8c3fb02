-- The tables as they are, written by `npm run generate` from the migrations beside this file and compared with them by a
-- test. To be read only: a database is changed by a new migration.

create schema bronze;

create schema features;

create schema ledger;

create schema models;

create schema predictions;

create schema silver;

create function ledger.calls_for_pass(after timestamptz, until timestamptz)
 returns table(reason text, at timestamptz)
 language sql
 stable
as $function$
  with late as materialized (
    select job, due_at, state, grace_until, outcome, changed_at from ledger.slots
    where state in ('due', 'running') and grace_until <= until
  ), need as materialized (
    select job, parent, need from ledger.needs
  ), parents as materialized (
    select late.job, late.due_at, max(latest.changed_at) as served_at, bool_and(case n.need
        when 'fresh' then coalesce(latest.state = 'served', true)
        else exists (select 1 from ledger.slots e where e.job = n.parent and e.state = 'served') or (
          select true from ledger.runs r
          where r.job between n.parent and n.parent and r.outcome in ('succeeded', 'partial') -- see job-health.ts for the "between"
          order by r.job, r.started_at desc limit 1
        ) is not null
      end) as served
    from late
    join need n on n.job = late.job
    left join lateral (
      select p.state, p.changed_at from ledger.slots p
      where n.need = 'fresh' and p.job between n.parent and n.parent and p.due_at <= late.due_at
      order by p.job desc, p.due_at desc limit 1
    ) latest on true
    where late.state = 'due'
    group by late.job, late.due_at
  ), over as (
    select case
      when late.state = 'running' then late.grace_until
      when coalesce(parents.served, true) then greatest(
        greatest(late.due_at, parents.served_at) + (late.grace_until - late.due_at),
        case when late.outcome is not null then late.changed_at end -- a run held it past its grace and gave it back
      )
    end as at
    from late left join parents on parents.job = late.job and parents.due_at = late.due_at
  )
  select 'overdue', at from over where at > after and at <= until
  union all
  select 'retry', not_before from ledger.slots where state = 'due' and not_before > after and not_before <= until
  union all
  select 'lost', changed_at from ledger.slots
  where state = 'due' and outcome = 'abandoned' and changed_at > after and changed_at <= until
  union all
  select 'deadline', deadline_at from ledger.slots
  where state in ('due', 'running') and deadline_at > after and deadline_at <= until
  union all
  select 'request', next_try_at from ledger.requests where state in ('open', 'sent') and next_try_at > after and next_try_at <= until
  union all
  select 'untold', next_try_at from ledger.deliveries where state = 'due' and next_try_at > after and next_try_at <= until
  union all
  select 'trial', try_at from ledger.breakers where state = 'open' and try_at > after and try_at <= until
  union all
  select 'pause_over', expires_at from ledger.overrides
  where kind = 'pause' and ended_at is null and expires_at > after and expires_at <= until
  union all
  -- ITEMS_PAUSE_MS of ledger/details.ts
  select 'items', failed_at + interval '30 minutes' from ledger.dead_letters
  where closed_at is null and retryable and times <= 3
    and failed_at > after - interval '30 minutes' and failed_at <= until - interval '30 minutes'
  union all
  select 'games_over', closes_at from ledger.live_windows where closes_at > after and closes_at <= until
$function$;

create function ledger.pass_wanted(as_of timestamptz default statement_timestamp(), tireless boolean default false)
 returns table(reason text, since timestamptz)
 language sql
 stable security definer
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
  with watch as (
    select looked_at, next_action_at, coalesce(judged_at, '-infinity') as judged_at from ledger.watch
  ), call as (
    select c.reason, c.at from watch, lateral ledger.calls_for_pass(watch.judged_at, as_of) c
    union all
    -- What the last pass, or a run since, has worked out.
    select 'planned', next_action_at from watch where next_action_at <= as_of
    union all
    -- These stay until a pass has dealt with them.
    select 'request', next_try_at from ledger.requests where state = 'open' and next_try_at <= as_of
    union all
    select 'untold', next_try_at from ledger.deliveries where state = 'due' and next_try_at <= as_of
    union all
    (
      select 'untold', f.flipped_at from ledger.flips f
      where f.told_at is null and f.flipped_at <= as_of
        and not exists (select 1 from ledger.deliveries d where d.flip_id = f.id)
      order by f.id limit 1
    )
    union all
    select 'silent', as_of - (statement_timestamp() - heartbeat_at) + interval '5 minutes' from ledger.runs
    where outcome = 'running' and heartbeat_at < statement_timestamp() - interval '5 minutes'
    union all
    -- Written by a clock that was ahead by more than MOST_APART_MS of core/clocks.ts: the next pass takes it back.
    select 'ahead', as_of from watch where greatest(looked_at, judged_at) > as_of + interval '15 minutes'
    union all
    select 'unseen', looked_at + interval '1 hour' from watch where looked_at <= as_of - interval '1 hour'
  ), first as (
    -- That nobody has looked is a reason of its own only where nothing else is one.
    select (array_agg(call.reason order by call.reason = 'unseen', call.at))[1] as reason, min(call.at) as at from call
  ), passed as (
    select began_at from ledger.passes where began_at < as_of order by began_at desc limit 1
  )
  select first.reason, greatest(first.at, (select began_at from passed))
  from first
  where first.at is not null and (
    tireless or as_of < first.at + interval '1 hour'
    or mod(floor(extract(epoch from as_of - first.at) / 60)::bigint, 30) < 5
  )
$function$;

create function predictions.refuse_edit()
 returns trigger
 language plpgsql
as $function$
begin
  raise exception 'rows of %.% are frozen: they are never updated, deleted or truncated, append new ones instead',
    tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end
$function$;

-- One row each time the provider's content differed from what was landed before.
create table bronze.files (
  id bigint not null generated always as identity,
  source text not null,
  address text not null, -- without query string
  hash text not null, -- sha256 of the bytes received
  etag text, -- only good for the same address
  bytes bigint not null,
  row_count integer not null,
  columns text[] not null,
  as_of timestamptz not null,
  landed_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (id),
  constraint files_bytes_check check (bytes >= 0),
  constraint files_row_count_check check (row_count >= 0)
);
create index files_newest on bronze.files (source, id desc);

create table ledger.breakers (
  source text not null,
  state text not null,
  failures integer not null default 0,
  opened_at timestamptz,
  try_at timestamptz,
  reason text,
  updated_at timestamptz not null default clock_timestamp(),
  trial_run_id uuid, -- half open: the run that may try
  trials integer not null default 0, -- half-open trials that failed, since it was closed
  primary key (source),
  constraint breakers_state_check check (state in ('closed', 'open', 'half_open'))
);

-- Dead letters: items that failed, until somebody tries them again or dismisses them.
create table ledger.dead_letters (
  id bigint not null generated always as identity,
  run_id uuid not null,
  job text not null,
  kind text not null,
  key text not null,
  code text not null,
  message text not null,
  retryable boolean not null,
  context jsonb not null default '{}',
  failed_at timestamptz not null,
  times integer not null default 1,
  closed_at timestamptz,
  closed_by text,
  close_reason text,
  primary key (id),
  constraint dead_letters_close check ((closed_at is null) = (close_reason is null))
);
create index dead_letters_by_run on ledger.dead_letters (run_id);
create unique index dead_letters_open on ledger.dead_letters (job, kind, key, code) where (closed_at is null);
create index dead_letters_retry on ledger.dead_letters (failed_at) where ((closed_at is null) and retryable and (times <= 3));

-- What was to be told to which channel, and what became of it.
create table ledger.deliveries (
  id bigint not null generated always as identity,
  flip_id bigint not null,
  incident_id bigint not null,
  channel text not null,
  state text not null default 'due',
  tries integer not null default 0,
  next_try_at timestamptz not null,
  sent_at timestamptz,
  error text, -- of the last try
  reference text, -- what the channel answered: an issue's number
  refused_by text, -- fingerprint of the channel's settings that could not deliver it; null: not refused
  primary key (id),
  constraint deliveries_flip_id_fkey foreign key (flip_id) references ledger.flips(id),
  constraint deliveries_incident_id_fkey foreign key (incident_id) references ledger.incidents(id),
  constraint deliveries_once unique (flip_id, channel),
  constraint deliveries_state_check check (state in ('due', 'sent', 'failed', 'dropped'))
);
create index deliveries_by_incident on ledger.deliveries (incident_id);
create index deliveries_due on ledger.deliveries (next_try_at) where (state = 'due');
create index deliveries_refused on ledger.deliveries (channel) where ((state = 'due') and (refused_by is not null));
create index deliveries_sent on ledger.deliveries (incident_id, channel, sent_at desc) where (state = 'sent');

create table ledger.flips (
  id bigint not null generated always as identity,
  subject text not null, -- a job's id or 'source:<name>'
  old_health text not null,
  new_health text not null,
  reason text not null,
  run_id uuid,
  flipped_at timestamptz not null,
  told_at timestamptz,
  incident_id bigint,
  reminder boolean not null default false, -- nothing changed, and people are told again that it is still so
  primary key (id),
  constraint flips_incident_id_fkey foreign key (incident_id) references ledger.incidents(id)
);
create index flips_by_incident on ledger.flips (incident_id, id desc) where (incident_id is not null);
create index flips_by_subject on ledger.flips (subject, flipped_at desc);
create index flips_untold on ledger.flips (id) where (told_at is null);

-- Runs that GitHub knows and the ledger does not: they never came as far as writing themselves down.
create table ledger.ghosts (
  github_run_id bigint not null,
  github_attempt integer not null,
  file text not null, -- of the workflow
  job text, -- where the workflow is a job's
  event text not null,
  conclusion text not null, -- startup_failure, cancelled, failure, timed_out ...
  created_at timestamptz not null,
  seen_at timestamptz not null,
  url text not null,
  primary key (github_run_id, github_attempt)
);
create index ghosts_by_time on ledger.ghosts (created_at desc);

-- One trouble of one subject for one cause, from its beginning to its end.
create table ledger.incidents (
  id bigint not null generated always as identity,
  subject text not null, -- a job's id, 'source:<name>' or 'ops/watch'
  cause text not null, -- see core/incident.ts
  severity text not null,
  title text not null,
  detail text not null,
  run_id uuid,
  slot_due_at timestamptz,
  knowable_at timestamptz not null, -- when it could first be known
  opened_at timestamptz not null,
  times integer not null default 1, -- opened, and reopened within a day
  closed_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  primary key (id),
  constraint incidents_severity_check check (severity in ('info', 'warning', 'critical'))
);
create index incidents_by_cause on ledger.incidents (subject, cause, closed_at desc);
create index incidents_by_time on ledger.incidents (opened_at desc);
create unique index incidents_open on ledger.incidents (subject, cause) where (closed_at is null);

-- What a run counted, by kind of thing.
create table ledger.items (
  run_id uuid not null,
  kind text not null,
  read bigint not null default 0,
  written bigint not null default 0,
  skipped bigint not null default 0,
  failed bigint not null default 0,
  primary key (run_id, kind)
);

create table ledger.league_migrations (
  league text not null,
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  primary key (league, number)
);

-- When games are on: what must not run meanwhile waits.
create table ledger.live_windows (
  league text not null,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  run_id uuid not null,
  primary key (league, opens_at),
  constraint live_windows_order check (opens_at < closes_at)
);
create index live_windows_by_end on ledger.live_windows (closes_at);

-- Which jobs wait for which: written with the schedules, from the jobs' definitions, so that a grace can be counted
-- from when the parents were served.
create table ledger.needs (
  job text not null,
  parent text not null,
  need text not null,
  primary key (job, parent),
  constraint needs_need_check check (need in ('fresh', 'any'))
);

create table ledger.overrides (
  id bigint not null generated always as identity,
  job text not null, -- or '*'
  kind text not null,
  reason text not null,
  actor text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  slot_due_at timestamptz,
  ended_by text,
  end_reason text,
  run_id uuid, -- of a force: the run that went past the gates
  primary key (id),
  constraint overrides_kind_check check (kind in ('pause', 'waive', 'force'))
);
create index overrides_by_time on ledger.overrides (created_at desc);
create index overrides_in_force on ledger.overrides (job) where (ended_at is null);

-- One row per pass of ops-watch.
create table ledger.passes (
  id uuid not null,
  trigger text not null,
  actor text, -- of a dispatch: a bot's is a poke, anybody else's an outside clock or a person
  began_at timestamptz not null,
  ended_at timestamptz,
  recorded_at timestamptz not null default clock_timestamp(),
  rounds integer not null default 0,
  github_calls integer not null default 0,
  report jsonb not null default '{}', -- how many of what it did
  error text,
  github_run_id bigint,
  wanted_at timestamptz,
  wanted_for text,
  primary key (id),
  constraint passes_trigger_check check (trigger in ('schedule', 'dispatch', 'terminal'))
);
create index passes_by_time on ledger.passes (began_at desc);

create table ledger.requests (
  id bigint not null generated always as identity,
  job text not null,
  slot_due_at timestamptz,
  kind text not null,
  reason text not null,
  parameters jsonb not null default '{}',
  state text not null default 'open',
  tries integer not null default 0,
  next_try_at timestamptz not null,
  created_at timestamptz not null,
  run_id uuid,
  reference text, -- what the executor answered
  actor text, -- of a manual one
  refused integer not null default 0, -- tries that the executor refused: no starts
  sent_at timestamptz,
  ended_at timestamptz,
  note text, -- why it was dropped, or what the last try met
  accepted_at timestamptz, -- when a run accepted it; run_id is which
  asked_before integer not null default 0, -- sends of earlier requests for the same
  primary key (id),
  constraint requests_kind_check check (kind in ('rescue', 'retry', 'cascade', 'manual')),
  constraint requests_state_check check (state in ('open', 'sent', 'accepted', 'done', 'dropped'))
);
create index requests_accepted on ledger.requests (run_id) where (state = 'accepted');
create index requests_by_slot on ledger.requests (job, slot_due_at);
create index requests_by_time on ledger.requests (job, created_at desc);
create index requests_dropped on ledger.requests (job, ended_at desc) where (state = 'dropped');
create index requests_of_items on ledger.requests (job, ((parameters ->> 'retry'))) where (kind = 'retry');
create unique index requests_one_outstanding on ledger.requests (job, (
case
    when (kind in ('manual', 'cascade')) then (parameters)::text
    else ''
end)) where (state in ('open', 'sent'));
create index requests_open on ledger.requests (next_try_at) where (state = 'open');

-- One row per run. Never edited after it ended.
create table ledger.runs (
  id uuid not null default gen_random_uuid(),
  job text not null,
  slot_due_at timestamptz,
  period text,
  season integer,
  week integer,
  environment text not null,
  trigger text not null,
  outcome text not null default 'running',
  gate text, -- of a gated run: which gate
  reason text, -- of gated, not_ready, cancelled, abandoned: one sentence
  attempt integer not null default 1,
  retry_of uuid,
  correlation_id uuid not null,
  started_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  duration_ms integer,
  items_read bigint not null default 0,
  items_written bigint not null default 0,
  items_skipped bigint not null default 0,
  items_failed bigint not null default 0,
  errors jsonb not null default '[]', -- [{kind, code, retryable, message, stack, context}]
  parameters jsonb not null default '{}',
  result jsonb,
  notes jsonb not null default '{}',
  tables jsonb not null default '[]', -- [{title, rows}]
  progress_done double precision,
  progress_total double precision,
  progress_unit text,
  progressed_at timestamptz,
  log_tail jsonb, -- the last 200 lines, of runs that did not end well
  github_run_id bigint,
  github_attempt integer,
  commit text,
  actor text,
  host text not null, -- with pid and process_start: which process holds the lease
  pid integer not null,
  process_start text not null,
  cpu_ms integer,
  peak_memory_bytes bigint,
  simulated boolean not null default false,
  dry_run boolean not null default false,
  asked_at timestamptz,
  request_id bigint,
  primary key (id),
  constraint runs_attempt_check check (attempt >= 1),
  constraint runs_duration_ms_check check (duration_ms >= 0),
  constraint runs_end check ((outcome = 'running') = (finished_at is null)),
  constraint runs_outcome_check check (outcome in ('running', 'succeeded', 'partial', 'not_ready', 'gated', 'failed', 'cancelled', 'abandoned')),
  constraint runs_trigger_check check (trigger in ('schedule', 'chain', 'manual', 'rerun', 'request'))
);
create index runs_by_chain on ledger.runs (correlation_id);
create index runs_by_github on ledger.runs (github_run_id, github_attempt) where (github_run_id is not null);
create index runs_by_job on ledger.runs (job, started_at desc);
create index runs_by_outcome on ledger.runs (outcome, started_at desc) where (outcome in ('failed', 'partial', 'abandoned', 'cancelled'));
create index runs_by_retry on ledger.runs (retry_of) where (retry_of is not null);
create index runs_by_season on ledger.runs (season, week, job);
create index runs_by_slot on ledger.runs (job, slot_due_at, attempt) where (slot_due_at is not null);
create index runs_by_time on ledger.runs (started_at desc);
create unique index runs_one_running on ledger.runs (job, coalesce(period, '')) where (outcome = 'running');

-- The default branch's cron lines, each with the time in which it was in force. Written at merge only.
create table ledger.schedules (
  id bigint not null generated always as identity,
  job text not null,
  cron text not null,
  zone text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  commit text not null,
  primary key (id),
  constraint schedules_check check (valid_to >= valid_from),
  constraint schedules_line unique (job, cron, zone, valid_from)
);
create unique index schedules_in_force on ledger.schedules (job, cron, zone) where (valid_to is null);

-- When each league plays, as its own schedule shows.
create table ledger.seasons (
  league text not null,
  season integer not null,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  run_id uuid not null,
  primary key (league, season),
  constraint seasons_order check (opens_at < closes_at)
);

-- One row per moment at which a job was due. Never deleted: it keeps what pages and gates ask after the run is gone.
create table ledger.slots (
  job text not null,
  due_at timestamptz not null,
  schedule_id bigint not null,
  period text not null,
  season integer,
  week integer,
  state text not null default 'due',
  grace_until timestamptz not null,
  deadline_at timestamptz not null,
  run_id uuid, -- the run that holds it, or served or failed it
  changed_at timestamptz not null,
  reason text, -- why it was missed, coalesced, waived, failed or given back
  outcome text, -- of the last run that held it
  started_at timestamptz, -- of that run: lateness is started_at - due_at
  duration_ms integer,
  items_written bigint,
  items_failed bigint,
  tries integer not null default 0, -- failed runs so far
  not_before timestamptz,
  primary key (job, due_at),
  constraint slots_schedule_id_fkey foreign key (schedule_id) references ledger.schedules(id),
  constraint slots_state_check check (state in ('due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived'))
);
create index slots_by_grace on ledger.slots (grace_until) where (state in ('due', 'running'));
create index slots_by_period on ledger.slots (job, period, due_at);
create index slots_by_retry on ledger.slots (not_before) where ((state = 'due') and (not_before is not null));
create index slots_by_schedule on ledger.slots (schedule_id, due_at desc);
create index slots_by_time on ledger.slots (due_at desc);
create index slots_lost on ledger.slots (changed_at) where ((state = 'due') and (outcome = 'abandoned'));
create index slots_open on ledger.slots (deadline_at) where (state in ('due', 'running'));
create index slots_served on ledger.slots (job, due_at desc) where (state = 'served');

-- Timed steps of a run.
create table ledger.spans (
  run_id uuid not null,
  place integer not null, -- order in which they began
  parent integer, -- place of the span it lies in
  name text not null,
  offset_ms double precision not null, -- from the run's start
  duration_ms double precision not null,
  error text,
  primary key (run_id, place)
);

-- A database belongs to one environment for good: production rows never meet a replay's.
create table ledger.stamp (
  only_row boolean not null default true,
  environment text not null,
  stamped_at timestamptz not null default clock_timestamp(),
  primary key (only_row),
  constraint stamp_environment_check check (environment <> ''),
  constraint stamp_only_row_check check (only_row)
);

-- The newest that was accepted of each kind.
create table ledger.versions (
  subject text not null, -- 'schedules'
  number bigint not null, -- GITHUB_RUN_NUMBER of the ops-setup that wrote it
  commit text not null,
  accepted_at timestamptz not null,
  primary key (subject)
);

-- Stretches in which nobody looked, of more than five minutes.
create table ledger.wake_up_gaps (
  began_at timestamptz not null,
  ended_at timestamptz not null,
  ended_by text not null, -- who looked again: a job, or 'ops/watch'
  primary key (began_at),
  constraint wake_up_gaps_order check (ended_at > began_at)
);

-- One row: who watches, whether somebody has asked for it, and when anybody last looked.
create table ledger.watch (
  only_row boolean not null default true,
  holder uuid, -- the pass that holds the lease
  lease_until timestamptz,
  marked boolean not null default false, -- a late-comer was here: the holder goes round again
  poked_at timestamptz, -- a poke is under way; cleared by the pass that it started
  looked_at timestamptz, -- when any process last looked at the account
  next_action_at timestamptz, -- when something known at the last pass will want another; null: nobody has worked it out
  listed_at timestamptz, -- GitHub's runs were last listed, to find those that the ledger does not know
  listed_until timestamptz, -- runs created up to here have been compared
  states_at timestamptz, -- the workflows' states and the age of the last commit were last asked for
  last_commit_at timestamptz, -- of the default branch, as GitHub said then
  site_asked_at timestamptz, -- the site was last asked to be built anew, by a pass of ops-watch
  site_built_at timestamptz, -- as of when a site that may be published was last written; null: none ever was
  site_wanted_at timestamptz, -- of the asks since the last build the first, even one that GitHub refused
  judged_at timestamptz, -- as of when the last pass that came to its end judged everything
  unheard_at timestamptz, -- a pass was last red because no channel had accepted an incident within an hour
  public_repository boolean, -- as GitHub last said; it disables the schedules of public ones only
  kept_awake_at timestamptz, -- workflows that are active were last enabled all the same, so that they stay so
  primary key (only_row),
  constraint watch_only_row_check check (only_row)
);

-- The end of the unbroken prefix known to be saved. Moved forward only, by compare-and-set.
create table ledger.watermarks (
  stage text not null,
  key text not null,
  value text not null,
  updated_at timestamptz not null default clock_timestamp(),
  constraint watermarks_key unique (stage, key)
);

-- What GitHub last said of each workflow: active, disabled_manually, disabled_inactivity, disabled_fork.
create table ledger.workflow_states (
  file text not null,
  state text not null,
  since_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (file)
);

create table predictions.games (
  league text not null,
  game_id text not null,
  market text not null, -- as the league names it: moneyline, ats, ou
  lead_days smallint not null, -- calendar days from as_of to the game, where the league counts days
  season smallint not null,
  period text not null, -- of the league's calendar: 2026-W11, 2026-11-29
  model_version text not null,
  as_of timestamptz not null, -- When it was made, and when its line and prices were seen: they are fetched first.
  recorded_at timestamptz not null default clock_timestamp(),
  starts_at timestamptz not null, -- as it was known then
  -- About the margin: points by which the home side is favoured. About the total: the total. About the winner: null.
  line double precision,
  price_for integer, -- American odds on what p_* is the probability of
  price_against integer,
  -- Of the home win, of the home side covering the line, or of the over; about a line, given that there is no push.
  -- Blind to the market, but for the line itself.
  p_model double precision not null,
  p_market double precision, -- The same from the prices, without the bookmaker's margin. Null without prices.
  -- The market's probability (without prices, what its line says) with a little of the model; the model's own without
  -- either.
  p_final double precision not null,
  p_push double precision, -- Of landing on the line.
  -- About the margin or the total: what the model expects, in points. About the winner: null.
  expected double precision,
  expected_final double precision, -- The line, moved a little towards the model.
  pick text not null, -- The side that p_model prefers.
  edge double precision, -- Expected profit of the pick per unit at its price, by p_final.
  -- Share of a bankroll to stake on the pick: a quarter of Kelly's, at most 0.02, nought without an edge.
  stake double precision,
  -- Whom it counted on: those who started the last game, or those who were named for this one. Null where they make no
  -- difference.
  starters text,
  commit text, -- The code that made it; null off Actions.
  run_id uuid not null,
  simulated boolean not null,
  primary key (league, game_id, market, lead_days),
  constraint games_check check (as_of < starts_at),
  constraint games_lead_days_check check (lead_days >= 0),
  constraint games_p_final_check check ((p_final >= 0) and (p_final <= 1)),
  constraint games_p_market_check check ((p_market >= 0) and (p_market <= 1)),
  constraint games_p_model_check check ((p_model >= 0) and (p_model <= 1)),
  constraint games_p_push_check check ((p_push >= 0) and (p_push <= 1)),
  constraint games_pick_check check (pick in ('home', 'away', 'over', 'under')),
  constraint games_stake_check check ((stake >= 0) and (stake <= 1)),
  constraint games_starters_check check (starters in ('last_known', 'named'))
);
create index games_period on predictions.games (league, season, period);
create trigger games_are_frozen before delete or update or truncate on predictions.games for each statement execute function predictions.refuse_edit();

create table predictions.grades (
  league text not null,
  game_id text not null,
  market text not null,
  lead_days smallint not null,
  started_at timestamptz not null, -- as it is known once the game is over
  home_score smallint not null,
  away_score smallint not null,
  outcome text not null, -- of the pick
  brier double precision, -- of p_model; null on a push
  log_loss double precision,
  final_brier double precision, -- of p_final
  final_log_loss double precision,
  market_brier double precision, -- of p_market on the same game
  market_log_loss double precision,
  model_error double precision, -- points: what happened less expected
  final_error double precision, -- less expected_final
  line_error double precision, -- less the line; null about the winner
  profit double precision, -- units won per unit staked on the pick at the stored price; null without a price
  close_line double precision, -- the last line before the game
  p_close double precision, -- of the home win, of covering close_line, of over it
  close_brier double precision, -- of p_close on the same game; null where the game landed on close_line
  close_log_loss double precision,
  close_error double precision, -- points: what happened less close_line
  clv_points double precision, -- by which the line moved the pick's way after it was taken
  clv_price double precision, -- p_close * decimal odds taken - 1, while both are about the same line
  graded_as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (league, game_id, market, lead_days),
  constraint grades_league_game_id_market_lead_days_fkey foreign key (league, game_id, market, lead_days) references predictions.games(league, game_id, market, lead_days),
  constraint grades_outcome_check check (outcome in ('won', 'lost', 'push')),
  constraint grades_p_close_check check ((p_close >= 0) and (p_close <= 1))
);
create trigger grades_are_frozen before delete or update or truncate on predictions.grades for each statement execute function predictions.refuse_edit();

create table public.matchday_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  primary key (number)
);

create view predictions.graded as
 select p.league,
    p.game_id,
    p.season,
    p.period,
    p.market,
    p.lead_days,
    p.model_version,
    p.starters,
    p.as_of,
    p.recorded_at,
    d.started_at,
    p.recorded_at < d.started_at as prospective,
    p.line,
    p.price_for,
    p.price_against,
    p.p_model,
    p.p_market,
    p.p_final,
    p.p_push,
    p.expected,
    p.expected_final,
    p.pick,
    p.edge,
    p.stake,
    d.home_score,
    d.away_score,
    d.outcome,
    d.brier,
    d.log_loss,
    d.final_brier,
    d.final_log_loss,
    d.market_brier,
    d.market_log_loss,
    d.model_error,
    d.final_error,
    d.line_error,
    d.profit,
    d.close_line,
    d.p_close,
    d.close_brier,
    d.close_log_loss,
    d.close_error,
    d.clv_points,
    d.clv_price,
    p.simulated
   from predictions.games p
     join predictions.grades d on d.league = p.league and d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days;
