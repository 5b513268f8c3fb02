// A ledger of 1,000,000 runs: 25 jobs over 27 years, one run in fifty not well, a few running, due, open or untold now.

import type { Sql } from '../../src/lib/db.ts'

export const RUNS = 1_000_000
export const NOW = new Date('2026-11-22T12:00:00Z')
const FIRST = new Date('1999-09-01T00:00:00Z')
const STEP_MS = Math.floor((NOW.getTime() - FIRST.getTime()) / RUNS)

/** The instant at which job 7 had a slot in the middle of it all. */
export const IN_THE_MIDDLE = new Date(FIRST.getTime() + 500_007 * STEP_MS)

/** What must not be read as a whole. */
export const LARGE = ['runs', 'slots', 'dead_letters', 'flips', 'requests', 'overrides', 'incidents', 'deliveries', 'passes', 'wake_up_gaps', 'ghosts', 'live_windows'] as const // prettier-ignore

/** Fills a migrated database; takes half a minute. */
export async function fillLedger(sql: Sql): Promise<void> {
  // Longer than any statement of a run may take, on one connection. Indexes are made afterwards, which is quicker.
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`
    await tx`set local synchronous_commit = off`
    const indexes = await tx<{ name: string; definition: string }[]>`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
      from pg_index where indrelid in ('ledger.runs'::regclass, 'ledger.slots'::regclass) and not indisprimary
    `
    for (const { name } of indexes) await tx.unsafe(`drop index ${name}`)
    await tx.unsafe(SCHEDULES_AND_RUNS)
    await tx.unsafe(SLOTS)
    await tx.unsafe(SMALL_TABLES)
    for (const { definition } of indexes) await tx.unsafe(definition)
  })
  await sql.unsafe('vacuum analyze ledger.runs')
  for (const table of [
    ...LARGE.filter((name) => name !== 'runs'),
    'schedules',
    'needs',
    'workflow_states',
    'breakers',
    'watch',
  ]) {
    await sql.unsafe(`vacuum analyze ledger.${table}`)
  }
}

const AT = `timestamptz '${FIRST.toISOString()}' + i * interval '${STEP_MS} milliseconds'`
const SEASON = `extract(year from ${AT})::integer`
const WEEK = `(extract(week from ${AT})::integer % 22) + 1`

// The last 10 runs are running, the last one of all silent; every hundredth one is a second try of the one before.
const SCHEDULES_AND_RUNS = `
  insert into ledger.schedules (job, cron, zone, valid_from, commit)
  select 'sport/job-' || n, n || ' 8 * * *', 'UTC', '1999-01-01', 'generated' from generate_series(0, 24) n;
  insert into ledger.schedules (job, cron, zone, valid_from, valid_to, commit)
  select 'sport/job-' || n, n || ' 9 * * *', 'UTC', '1998-01-01', '1999-01-01', 'ended' from generate_series(0, 24) n;

  insert into ledger.runs (
    id, job, slot_due_at, period, season, week, environment, trigger, outcome, reason, attempt, retry_of, correlation_id,
    started_at, recorded_at, heartbeat_at, finished_at, duration_ms, github_run_id, github_attempt, commit, host, pid,
    process_start
  )
  select ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'sport/job-' || i % 25,
    case when i % 3 < 2 then ${AT} end, ${SEASON} || '-W' || lpad((${WEEK})::text, 2, '0'), ${SEASON}, ${WEEK}, 'test',
    'schedule', outcome, case when outcome = 'failed' then 'the source was away' end, case when i % 100 = 0 then 2 else 1 end,
    case when i % 100 = 0 then ('00000000-0000-4000-8000-' || lpad((i - 1)::text, 12, '0'))::uuid end,
    ('00000000-0000-4000-9000-' || lpad((i / 5)::text, 12, '0'))::uuid, ${AT}, ${AT}, ${AT},
    case when outcome <> 'running' then ${AT} + interval '1 minute' end, 60000, i, 1, 'generated', 'a-host', 1, '1'
  from generate_series(1, ${RUNS}) i,
    lateral (select case when i > ${RUNS - 10} then 'running' when i % 101 = 0 then 'failed' when i % 101 = 1 then 'partial'
      when i % 1009 = 2 then 'abandoned' when i % 5 = 3 then 'gated' else 'succeeded' end as outcome) o;
`

// A slot for two runs of three; of the newest a few are due, some of them past their deadline, and a few are running.
const SLOTS = `
  insert into ledger.slots (
    job, due_at, schedule_id, period, season, week, state, grace_until, deadline_at, run_id, changed_at, outcome, started_at
  )
  select r.job, r.slot_due_at, s.id, r.period, r.season, r.week,
    case when i > ${RUNS - 10} then 'running' when i > ${RUNS - 60} then 'due' when r.outcome = 'failed' then 'failed'
      when r.outcome = 'gated' then 'coalesced' else 'served' end,
    r.slot_due_at + interval '30 minutes', r.slot_due_at + interval '6 hours', r.id, r.started_at, r.outcome, r.started_at
  from ledger.runs r join ledger.schedules s on s.job = r.job and s.valid_to is null, lateral (select github_run_id as i) n
  where r.slot_due_at is not null order by r.slot_due_at;

  insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at)
  select job, day, id, '1998', 'served', day, day, day
  from ledger.schedules, generate_series('1998-01-01', '1998-12-31', interval '1 day') day where valid_to is not null;
`

/** Instants of so many rows spread over all the years, the last of them now. */
function spread(rows: number): string {
  const step = Math.floor((NOW.getTime() - FIRST.getTime()) / rows)
  return `timestamptz '${FIRST.toISOString()}' + i * interval '${step} milliseconds'`
}

// Open at the end: 1,980 dead letters, 20 requests, 20 incidents, their flips and deliveries, 9 pauses.
const SMALL_TABLES = `
  insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, times, failed_at, closed_at, close_reason)
  select ('00000000-0000-4000-8000-' || lpad((i * 4)::text, 12, '0'))::uuid, 'sport/job-' || i % 25, 'game', i::text, 'no_score',
    'it has no score', i % 3 > 0, 1 + i % 5, ${spread(200_000)}, case when i % 101 > 0 then ${spread(200_000)} end,
    case when i % 101 > 0 then 'done' end
  from generate_series(1, 200000) i;

  insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at, times, closed_at)
  select 'sport/job-' || i % 25, (array['overdue', 'missed', 'failed', 'stale', 'stuck'])[1 + i % 5], 'warning', 'it is late',
    'It is asked for by itself.', ${spread(5000)}, ${spread(5000)}, 1, case when i <= 4980 then ${spread(5000)} + interval '1 hour' end
  from generate_series(1, 5000) i;

  insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, told_at, incident_id)
  select subject, old_health, new_health, 'it failed', opened_at, case when i.id <= 4980 then opened_at end, i.id
  from ledger.incidents i, (values (1, 'well', 'warning'), (2, 'warning', 'critical'), (3, 'critical', 'well')) f (n, old_health, new_health)
  where i.id <= 4980 or n < 3
  order by i.id, n;

  insert into ledger.deliveries (flip_id, incident_id, channel, state, tries, next_try_at, sent_at, reference)
  select f.id, incident_id, channel, case when f.told_at is null then 'due' when f.id % 40 = 0 then 'dropped' else 'sent' end, 1,
    flipped_at, case when f.told_at is not null and f.id % 40 > 0 then flipped_at end, '17'
  from ledger.flips f, (values ('slack'), ('github-issue')) c (channel)
  where f.told_at is not null or f.id % 2 = 0
  order by f.id;

  insert into ledger.requests (job, kind, slot_due_at, reason, state, tries, next_try_at, created_at, sent_at, ended_at, note, parameters)
  select 'sport/job-' || i % 25, case when i % 10 = 0 then 'retry' else 'rescue' end, case when i % 10 > 0 then ${spread(50_000)} end,
    'it failed', case when i > 49990 then 'sent' when i > 49980 then 'open' when i % 50 = 0 then 'dropped' else 'done' end,
    case when i > 49980 and i <= 49990 then 0 else 1 end, ${spread(50_000)}, ${spread(50_000)}, ${spread(50_000)},
    case when i <= 49980 then ${spread(50_000)} end, case when i % 50 = 0 then 'lost: sent 3 times, and no run came' end,
    case when i % 10 = 0 then jsonb_build_object('retry', '00000000-0000-4000-8000-' || lpad(i::text, 12, '0')) else '{}' end
  from generate_series(1, 50000) i;

  insert into ledger.passes (id, trigger, began_at, ended_at, recorded_at, rounds)
  select ('00000000-0000-4000-a000-' || lpad(i::text, 12, '0'))::uuid, 'dispatch', ${spread(100_000)}, ${spread(100_000)},
    ${spread(100_000)}, 1
  from generate_series(1, 100000) i;

  insert into ledger.wake_up_gaps (began_at, ended_at, ended_by)
  select ${spread(20_000)}, ${spread(20_000)} + interval '20 minutes', 'ops/watch' from generate_series(1, 20000) i;

  insert into ledger.ghosts (github_run_id, github_attempt, file, job, event, conclusion, created_at, seen_at, url)
  select 2000000 + i, 1, 'job-' || i % 25 || '.yml', 'sport/job-' || i % 25, 'schedule', 'startup_failure', ${spread(5000)},
    ${spread(5000)}, 'https://github.example'
  from generate_series(1, 5000) i;

  insert into ledger.live_windows (league, opens_at, closes_at, run_id)
  select 'sport', ${spread(8000)}, ${spread(8000)} + interval '4 hours', gen_random_uuid() from generate_series(1, 8000) i;

  insert into ledger.needs (job, parent, need)
  select 'sport/job-' || i, 'sport/job-' || i - 1, case when i % 2 = 0 then 'any' else 'fresh' end from generate_series(1, 6) i;

  insert into ledger.workflow_states (file, state, since_at, seen_at)
  select 'job-' || i || '.yml', case when i = 3 then 'disabled_inactivity' else 'active' end, ${spread(25)}, ${spread(25)}
  from generate_series(0, 24) i;

  insert into ledger.breakers (source, state, failures, opened_at, try_at)
  select 'source-' || i, case when i < 2 then 'open' else 'closed' end, i, ${spread(10)}, ${spread(10)} from generate_series(0, 9) i;

  insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at, ended_at)
  select 'sport/job-' || i % 25, 'pause', 'the source moves house', 'ann', ${spread(10_000)}, ${spread(10_000)} + interval '1 day',
    case when i <= 9990 then ${spread(10_000)} end
  from generate_series(1, 10000) i;

  insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at, ended_at, slot_due_at)
  select 'sport/job-' || i % 25, 'waive', 'no games', 'ann', ${spread(5000)}, ${spread(5000)}, ${spread(5000)}, ${spread(5000)}
  from generate_series(1, 5000) i;

  update ledger.watch set looked_at = timestamptz '${NOW.toISOString()}' - interval '10 minutes', judged_at = timestamptz '${NOW.toISOString()}' - interval '10 minutes';
`
