// A ledger of 1,000,000 runs: 25 jobs over 27 years, one run in fifty not well, a few running, due, open or untold now.

import type { Sql } from '../../src/lib/db.ts'

export const RUNS = 1_000_000
export const NOW = new Date('2026-11-22T12:00:00Z')
const FIRST = new Date('1999-09-01T00:00:00Z')
const STEP_MS = Math.floor((NOW.getTime() - FIRST.getTime()) / RUNS)

/** The instant at which job 7 had a slot in the middle of it all. */
export const IN_THE_MIDDLE = new Date(FIRST.getTime() + 500_007 * STEP_MS)

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
  for (const table of ['slots', 'schedules', 'dead_letters', 'flips', 'requests', 'overrides']) {
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

const SMALL_TABLES = `
  insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at, closed_at, close_reason)
  select gen_random_uuid(), 'sport/job-' || i % 25, 'game', i::text, 'no_score', 'it has no score', true, ${AT},
    case when i % 101 > 0 then ${AT} end, case when i % 101 > 0 then 'done' end
  from generate_series(1, 50000) i;

  insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, told_at)
  select 'sport/job-' || i % 25, 'well', 'ill', 'it failed', ${AT}, case when i <= 19995 then ${AT} end
  from generate_series(1, 20000) i;

  insert into ledger.requests (job, kind, reason, state, next_try_at, created_at)
  select 'sport/job-' || i, 'retry', 'it failed', case when i > 19980 then 'open' else 'done' end, ${AT}, ${AT}
  from generate_series(1, 20000) i;

  insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at, ended_at)
  select 'sport/job-' || i % 25, 'pause', 'the source moves house', 'ann', ${AT}, ${AT} + interval '1 day',
    case when i <= 9990 then ${AT} end
  from generate_series(1, 10000) i;
`
