-- Watching: what reconcile needs to act once, to tell people once, and to know how long nobody looked. Instants called
-- *_at are schedule time, except lease_until and recorded_at, which are lease time: the database's own clock.

-- One row: who watches, whether somebody has asked for it, and when anybody last looked.
create table ledger.watch (
  only_row boolean primary key default true check (only_row),
  holder uuid, -- the pass that holds the lease
  lease_until timestamptz,
  marked boolean not null default false, -- a late-comer was here: the holder goes round again
  poked_at timestamptz, -- a poke is under way; cleared by the pass that it started
  looked_at timestamptz, -- when any process last looked at the account
  next_action_at timestamptz, -- when something known at the last pass will want another; null: nobody has worked it out
  listed_at timestamptz, -- GitHub's runs were last listed, to find those that the ledger does not know
  listed_until timestamptz, -- runs created up to here have been compared
  states_at timestamptz, -- the workflows' states and the age of the last commit were last asked for
  last_commit_at timestamptz -- of the default branch, as GitHub said then
);
insert into ledger.watch default values;

-- One row per pass of ops-watch.
create table ledger.passes (
  id uuid primary key,
  trigger text not null check (trigger in ('schedule', 'dispatch', 'terminal')),
  actor text, -- of a dispatch: a bot's is a poke, anybody else's an outside clock or a person
  began_at timestamptz not null,
  ended_at timestamptz,
  recorded_at timestamptz not null default clock_timestamp(),
  rounds integer not null default 0,
  github_calls integer not null default 0,
  report jsonb not null default '{}', -- how many of what it did
  error text,
  github_run_id bigint
);
create index passes_by_time on ledger.passes (began_at desc);

-- Stretches in which nobody looked, of more than five minutes.
create table ledger.wake_up_gaps (
  began_at timestamptz primary key,
  ended_at timestamptz not null,
  ended_by text not null, -- who looked again: a job, or 'ops/watch'
  constraint wake_up_gaps_order check (ended_at > began_at)
);

-- A slot that failed or found nothing yet is not started again before this by reconcile; a wake-up of its own may.
alter table ledger.slots add column not_before timestamptz;

-- When GitHub was last asked about a silent run, and which request a run answers.
alter table ledger.runs add column asked_at timestamptz;
alter table ledger.runs add column request_id bigint;

alter table ledger.requests drop constraint requests_kind_check;
alter table ledger.requests add constraint requests_kind_check check (kind in ('rescue', 'retry', 'cascade', 'manual'));
alter table ledger.requests add column actor text; -- of a manual one
alter table ledger.requests add column refused integer not null default 0; -- tries that the executor refused: no starts
alter table ledger.requests add column sent_at timestamptz;
alter table ledger.requests add column ended_at timestamptz;
alter table ledger.requests add column note text; -- why it was dropped, or what the last try met
create index requests_by_slot on ledger.requests (job, slot_due_at);
create index requests_by_time on ledger.requests (job, created_at desc);
create index requests_dropped on ledger.requests (job, ended_at desc) where state = 'dropped';
create index requests_of_items on ledger.requests (job, (parameters ->> 'retry')) where kind = 'retry';

alter table ledger.breakers add column trial_run_id uuid; -- half open: the run that may try
alter table ledger.breakers add column trials integer not null default 0; -- half-open trials that failed, since it was closed

-- Failed items that reconcile is to have tried again: three times at most.
create index dead_letters_retry on ledger.dead_letters (failed_at) where closed_at is null and retryable and times <= 3;

-- Break-glass: an override may be about one slot.
alter table ledger.overrides add column slot_due_at timestamptz;
alter table ledger.overrides add column ended_by text;
alter table ledger.overrides add column end_reason text;
alter table ledger.overrides add column run_id uuid; -- of a force: the run that went past the gates
create index overrides_by_time on ledger.overrides (created_at desc);

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

-- What GitHub last said of each workflow: active, disabled_manually, disabled_inactivity, disabled_fork.
create table ledger.workflow_states (
  file text primary key,
  state text not null,
  since_at timestamptz not null,
  seen_at timestamptz not null
);

-- One trouble of one subject for one cause, from its beginning to its end.
create table ledger.incidents (
  id bigint generated always as identity primary key,
  subject text not null, -- a job's id, 'source:<name>' or 'ops/watch'
  cause text not null, -- see core/incident.ts
  severity text not null check (severity in ('info', 'warning', 'critical')),
  title text not null,
  detail text not null,
  run_id uuid,
  slot_due_at timestamptz,
  knowable_at timestamptz not null, -- when it could first be known
  opened_at timestamptz not null,
  times integer not null default 1, -- opened, and reopened within a day
  closed_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text
);
create unique index incidents_open on ledger.incidents (subject, cause) where closed_at is null;
create index incidents_by_time on ledger.incidents (opened_at desc);
create index incidents_by_cause on ledger.incidents (subject, cause, closed_at desc);

-- People are told of flips: what of an incident changed. old_health and new_health are 'well' or a severity.
alter table ledger.flips add column incident_id bigint references ledger.incidents (id);
create index flips_by_incident on ledger.flips (incident_id, id desc) where incident_id is not null;

-- What was to be told to which channel, and what became of it.
create table ledger.deliveries (
  id bigint generated always as identity primary key,
  flip_id bigint not null references ledger.flips (id),
  incident_id bigint not null references ledger.incidents (id),
  channel text not null,
  state text not null default 'due' check (state in ('due', 'sent', 'failed', 'dropped')),
  tries integer not null default 0,
  next_try_at timestamptz not null,
  sent_at timestamptz,
  error text, -- of the last try
  reference text, -- what the channel answered: an issue's number
  constraint deliveries_once unique (flip_id, channel)
);
create index deliveries_by_incident on ledger.deliveries (incident_id);
create index deliveries_due on ledger.deliveries (next_try_at) where state = 'due';
create index deliveries_sent on ledger.deliveries (incident_id, channel, sent_at desc) where state = 'sent';
