-- The ledger: what was due, what ran, what became of it. Instants called *_at are schedule time (in a replay the virtual
-- instant), except heartbeat_at, recorded_at and updated_at, which are lease time: the database's own clock.

create schema ledger;

-- A database belongs to one environment for good: production rows never meet a replay's.
create table ledger.stamp (
  only_row boolean primary key default true check (only_row),
  environment text not null check (environment <> ''),
  stamped_at timestamptz not null default clock_timestamp()
);

-- The default branch's cron lines, each with the time in which it was in force. Written at merge only.
create table ledger.schedules (
  id bigint generated always as identity primary key,
  job text not null,
  cron text not null,
  zone text not null,
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  commit text not null,
  constraint schedules_line unique (job, cron, zone, valid_from)
);
create unique index schedules_in_force on ledger.schedules (job, cron, zone) where valid_to is null;

-- One row per run. Never edited after it ended.
create table ledger.runs (
  id uuid primary key default gen_random_uuid(),
  job text not null,
  slot_due_at timestamptz,
  period text,
  season integer,
  week integer,
  environment text not null,
  trigger text not null check (trigger in ('schedule', 'chain', 'manual', 'rerun', 'request')),
  outcome text not null default 'running' check (
    outcome in ('running', 'succeeded', 'partial', 'not_ready', 'gated', 'failed', 'cancelled', 'abandoned')
  ),
  gate text, -- of a gated run: which gate
  reason text, -- of gated, not_ready, cancelled, abandoned: one sentence
  attempt integer not null default 1 check (attempt >= 1),
  retry_of uuid,
  correlation_id uuid not null,
  started_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  duration_ms integer check (duration_ms >= 0),
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
  constraint runs_end check ((outcome = 'running') = (finished_at is null))
);
-- One running run per (job, period): the last word on "nothing runs twice".
-- Also the way to silent runs: heartbeat_at itself stays out of all indexes, so that a beat rewrites none of them.
create unique index runs_one_running on ledger.runs (job, coalesce(period, '')) where outcome = 'running';
create index runs_by_job on ledger.runs (job, started_at desc);
create index runs_by_time on ledger.runs (started_at desc);
create index runs_by_slot on ledger.runs (job, slot_due_at, attempt) where slot_due_at is not null;
create index runs_by_outcome on ledger.runs (outcome, started_at desc) where outcome in ('failed', 'partial', 'abandoned', 'cancelled');
create index runs_by_season on ledger.runs (season, week, job);
create index runs_by_chain on ledger.runs (correlation_id);
create index runs_by_retry on ledger.runs (retry_of) where retry_of is not null;
create index runs_by_github on ledger.runs (github_run_id, github_attempt) where github_run_id is not null;

-- One row per moment at which a job was due. Never deleted: it keeps what pages and gates ask after the run is gone.
create table ledger.slots (
  job text not null,
  due_at timestamptz not null,
  schedule_id bigint not null references ledger.schedules (id),
  period text not null,
  season integer,
  week integer,
  state text not null default 'due' check (
    state in ('due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived')
  ),
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
  primary key (job, due_at)
);
create index slots_open on ledger.slots (deadline_at) where state in ('due', 'running');
create index slots_by_schedule on ledger.slots (schedule_id, due_at desc);
create index slots_by_time on ledger.slots (due_at desc);
create index slots_by_period on ledger.slots (job, period, due_at);
create index slots_served on ledger.slots (job, due_at desc) where state = 'served';

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

-- Dead letters: items that failed, until somebody tries them again or dismisses them.
create table ledger.dead_letters (
  id bigint generated always as identity primary key,
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
  constraint dead_letters_close check ((closed_at is null) = (close_reason is null))
);
create unique index dead_letters_open on ledger.dead_letters (job, kind, key, code) where closed_at is null;
create index dead_letters_by_run on ledger.dead_letters (run_id);

-- The end of the unbroken prefix known to be saved. Moved forward only, by compare-and-set.
create table ledger.watermarks (
  stage text not null,
  key text not null,
  value text not null,
  updated_at timestamptz not null default clock_timestamp(),
  constraint watermarks_key unique (stage, key)
);

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

create table ledger.breakers (
  source text primary key,
  state text not null check (state in ('closed', 'open', 'half_open')),
  failures integer not null default 0,
  opened_at timestamptz,
  try_at timestamptz,
  reason text,
  updated_at timestamptz not null default clock_timestamp()
);

create table ledger.flips (
  id bigint generated always as identity primary key,
  subject text not null, -- a job's id or 'source:<name>'
  old_health text not null,
  new_health text not null,
  reason text not null,
  run_id uuid,
  flipped_at timestamptz not null,
  told_at timestamptz
);
create index flips_untold on ledger.flips (id) where told_at is null;
create index flips_by_subject on ledger.flips (subject, flipped_at desc);

create table ledger.requests (
  id bigint generated always as identity primary key,
  job text not null,
  slot_due_at timestamptz,
  kind text not null check (kind in ('rescue', 'retry', 'cascade')),
  reason text not null,
  parameters jsonb not null default '{}',
  state text not null default 'open' check (state in ('open', 'sent', 'done', 'dropped')),
  tries integer not null default 0,
  next_try_at timestamptz not null,
  created_at timestamptz not null,
  run_id uuid,
  reference text -- what the executor answered
);
create unique index requests_one_outstanding on ledger.requests (job) where state in ('open', 'sent');
create index requests_open on ledger.requests (next_try_at) where state = 'open';

create table ledger.overrides (
  id bigint generated always as identity primary key,
  job text not null, -- or '*'
  kind text not null check (kind in ('pause', 'waive', 'force')),
  reason text not null,
  actor text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index overrides_in_force on ledger.overrides (job) where ended_at is null;
