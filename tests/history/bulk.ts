// Runs by the hundred thousand, made in the database: jobs that are due every five minutes, each slot served by one
// wake-up and found served by another, one in fifty only at the second try. GitHub's cron wakes them for some slots only, as
// it does in late 2026; the others are rescued once their grace is over.

import type { Sql } from '../../src/lib/db.ts'

/** Not of this checkout: what a bigger house would run. */
export const FREQUENT_JOBS = ['mlb/odds', 'nba/live', 'racing/snapshots', 'mlb/scores', 'nba/odds'] as const
export const FREQUENT_CRON = '*/5 * * * *'

/** Share of the slots for which GitHub's cron wakes anybody in time. */
const BY_CRON = 0.55
/** A little more than two runs a slot. */
const RUNS_PER_SLOT = 2.02

/** Adds about `runs` runs up to now to as many five-minute jobs as make each history about a year long. */
export async function writeBulk(
  sql: Sql,
  { runs, now, seed }: { runs: number; now: Date; seed: number },
): Promise<void> {
  const slots = Math.round(runs / RUNS_PER_SLOT)
  const jobs = Math.min(FREQUENT_JOBS.length, Math.ceil(slots / 105_000))
  // Longer than any statement of a run may take, on one connection. Indexes are made afterwards, which is quicker.
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`
    await tx`set local synchronous_commit = off`
    await tx`set local maintenance_work_mem = '256MB'`
    const indexes = await tx<{ name: string; definition: string }[]>`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
      from pg_index
      where indrelid in ('ledger.runs'::regclass, 'ledger.slots'::regclass, 'ledger.spans'::regclass) and not indisprimary
    `
    for (const { name } of indexes) await tx.unsafe(`drop index ${name}`)
    const ended = new Date(Math.floor(now.getTime() / 300_000) * 300_000)
    for (const job of FREQUENT_JOBS.slice(0, jobs)) {
      await tx.unsafe(statements({ job, slots: Math.round(slots / jobs), ended, seed }))
    }
    for (const { definition } of indexes) await tx.unsafe(definition)
  })
}

interface Part {
  readonly job: string
  readonly slots: number
  readonly ended: Date
  readonly seed: number
}

// One pass makes what is known of each slot, and everything else follows from it: i = 0 is the newest.
function statements({ job, slots, ended, seed }: Part): string {
  const unit = (salt: string) =>
    `(('x' || substr(md5(i || '${job}${seed}${salt}'), 1, 7))::bit(28)::integer / 268435456.0)`
  const id = (salt: string) => `md5(i || '${job}${seed}${salt}')::uuid`
  return `
    insert into ledger.schedules (job, cron, zone, valid_from, commit)
    values ('${job}', '${FREQUENT_CRON}', 'UTC', '${ended.toISOString()}'::timestamptz - interval '${slots * 5 + 5} minutes', 'generated');
    create temporary table made on commit drop as
    select i, due_at, by_cron, due_at + case when i = 0 then interval '0' when not by_cron then (10 + 4 * late) * interval '1 minute' when late < 0.9 then late * interval '4 minutes' else (late - 0.9) * interval '400 minutes' end as started_at,
      case when i = 0 then 'running' when fate < 0.02 then 'retried' when fate < 0.024 then 'failed' when fate < 0.03 then 'partial'
        when fate < 0.034 then 'missed' when fate < 0.036 then 'coalesced' else 'served' end as fate,
      (200 + 9000 * length * length)::integer as duration_ms, ${id('run')} as id, ${id('second')} as second_id, ${id('gated')} as gated_id,
      ${id('chain')} as correlation_id, to_char(due_at, 'YYYY-MM-DD') as period
    from generate_series(0, ${slots - 1}) i,
      lateral (select '${ended.toISOString()}'::timestamptz - i * interval '5 minutes' as due_at, ${unit('late')} as late,
        ${unit('fate')} as fate, ${unit('length')} as length, ${unit('cron')} < ${BY_CRON} as by_cron) of_slot;
    ${runsOf('id', "fate not in ('missed', 'coalesced')", { job, outcome: "case fate when 'retried' then 'failed' when 'failed' then 'failed' when 'partial' then 'partial' when 'running' then 'running' else 'succeeded' end" })}
    ${runsOf('second_id', "fate = 'retried'", { job, outcome: "'succeeded'", attempt: 2, later: '2 minutes' })}
    ${runsOf('gated_id', "fate <> 'running'", { job, outcome: "'gated'", later: '3 minutes' })}
    ${slotsOf(job)}
    insert into ledger.spans (run_id, place, parent, name, offset_ms, duration_ms)
    select id, place, null, case place when 0 then 'fetch' else 'land' end, place * duration_ms / 2.0, duration_ms / 2.0
    from made, generate_series(0, 1) place where fate = 'served' and i < 60000;
    insert into ledger.items (run_id, kind, read, written) select id, 'price', 40, 40 from made where fate = 'served' and i < 60000;
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at, closed_at, close_reason)
    select id, '${job}', 'price', i::text, 'no_price', 'no book quoted it', true, started_at, case when i > 2000 then started_at end,
      case when i > 2000 then 'written later' end
    from made where fate = 'partial';
    drop table made;
  `
}

/** Whom a job asks. */
const sourceOf = (job: string) => (job.endsWith('/odds') ? 'the-odds-api' : (job.split('/')[0] ?? job))

function runsOf(
  id: string,
  where: string,
  how: { job: string; outcome: string; attempt?: number; later?: string },
): string {
  const { job, outcome, attempt = 1, later = '0 minutes' } = how
  const holds = id !== 'gated_id'
  const source = sourceOf(job)
  const started = `started_at + interval '${later}'`
  return `
    insert into ledger.runs (
      id, job, slot_due_at, period, environment, trigger, outcome, gate, reason, attempt, retry_of, correlation_id, started_at,
      recorded_at, heartbeat_at, finished_at, duration_ms, items_read, items_written, errors, github_run_id, github_attempt,
      commit, actor, host, pid, process_start
    )
    select ${id}, '${job}', ${holds ? 'due_at' : 'null'}, period, 'history', ${attempt === 2 ? "'request'" : `case when by_cron then 'schedule' else '${holds ? 'request' : 'manual'}' end`}, outcome,
      case when outcome = 'gated' then 'nothing_due' end,
      case when outcome = 'gated' then 'nothing is due for ${job}: every slot so far is accounted for'
        when outcome = 'failed' then '${source} answered 503' end,
      ${attempt}, ${attempt === 2 ? 'id' : 'null'}, correlation_id, ${started}, ${started}, ${started},
      case when outcome <> 'running' then ${started} + duration_ms * interval '1 millisecond' end,
      case when outcome <> 'running' then duration_ms end, 40, 40,
      case when outcome = 'failed' then '[{"kind": "SourceFailure", "code": "source_status", "retryable": true, "message": "${source} answered 503", "stack": null, "context": {"status": 503}}]'::jsonb else '[]'::jsonb end,
      8000000000 + i, 1, 'c0ffee0', 'github-actions[bot]', 'runner', 1, '1'
    from made, lateral (select ${outcome} as outcome) o where ${where};
  `
}

function slotsOf(job: string): string {
  return `
    insert into ledger.slots (
      job, due_at, schedule_id, period, state, grace_until, deadline_at, run_id, changed_at, reason, outcome, started_at,
      duration_ms, items_written, items_failed, tries
    )
    select '${job}', due_at, (select id from ledger.schedules where job = '${job}'), period,
      case fate when 'retried' then 'served' when 'partial' then 'served' else fate end,
      due_at + interval '10 minutes', due_at + interval '1 hour',
      case fate when 'retried' then second_id when 'missed' then null when 'coalesced' then null else id end, started_at,
      case fate when 'missed' then 'the deadline passed' when 'failed' then '${sourceOf(job)} answered 503' end,
      case when fate not in ('missed', 'coalesced') then 'succeeded' end,
      case when fate not in ('missed', 'coalesced') then started_at + case fate when 'retried' then interval '2 minutes' else interval '0' end end,
      duration_ms, 40, 0, case fate when 'retried' then 1 when 'failed' then 4 else 0 end
    from made order by i desc;
  `
}
