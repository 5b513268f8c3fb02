// A day of everything that the Grafana dashboards show, on 19 November 2024: a slot served late and one missed, a run that
// failed twice, an incident that is over and one that is not, a graded game in three markets and one to come.

import { randomUUID } from 'node:crypto'

import type { Sql } from '../../src/lib/db.ts'

import { at } from '../helpers/builders.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { insertGames, insertGrades, insertPredictions } from '../helpers/predictions.ts'

/** Fills an empty database. */
export async function aScene(sql: Sql): Promise<void> {
  await someRuns(sql)
  await someSlots(sql)
  await someTrouble(sql)
  await somePredictions(sql)
}

async function someRuns(sql: Sql): Promise<void> {
  const run = {
    job: 'test/one', environment: 'test', trigger: 'schedule', correlation_id: randomUUID(), host: 'h', pid: 1,
    process_start: '1', attempt: 1, started_at: at('19 08:10'), finished_at: at('19 08:11'), duration_ms: 60_000,
    items_written: 16, outcome: 'succeeded', github_run_id: null, github_attempt: null,
  } as const // prettier-ignore
  const failed = { ...run, outcome: 'failed', items_written: 0, github_run_id: 42, github_attempt: 2 }
  const errors = [{ kind: 'source', code: 'http_503', retryable: true, message: 'nflverse answered 503' }]
  for (const row of [run, { ...run, started_at: at('19 09:10'), items_written: 4 }])
    await sql`insert into ledger.runs ${sql(row)}`
  for (const attempt of [1, 2]) {
    await sql`insert into ledger.runs ${sql({ ...failed, attempt, started_at: at(`19 1${attempt}:10`) })}`
  }
  await sql`update ledger.runs set errors = ${sql.json(errors)} where outcome = 'failed'`
  await sql`insert into ledger.runs ${sql({ ...run, outcome: 'running', finished_at: null, duration_ms: null, items_written: 0, started_at: at('19 13:10') })}`
}

async function someSlots(sql: Sql): Promise<void> {
  const line = await aScheduleLine(sql, { job: 'test/one' })
  const slot = (due: string, state: string, startedAt: Date | null) => sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, reason,
      outcome, run_id)
    values ('test/one', ${at(due)}, ${line}, '2024-11-19', ${state}, ${at(due)}::timestamptz + interval '30 minutes',
      ${at(due)}::timestamptz + interval '6 hours', ${at(due)}, ${startedAt}, 'said why', ${startedAt && 'succeeded'},
      (select id from ledger.runs where outcome = 'succeeded' and ${startedAt}::timestamptz is not null limit 1))
  `
  await slot('19 08:00', 'served', at('19 08:10'))
  await slot('19 09:00', 'served', at('19 09:40'))
  await slot('19 10:00', 'missed', null)
  await slot('19 11:00', 'due', null)
  await sql`
    insert into ledger.requests (job, kind, reason, next_try_at, created_at)
    values ('test/one', 'rescue', 'overdue', ${at('19 11:30')}, ${at('19 11:30')})
  `
  await sql`
    insert into ledger.passes (id, trigger, began_at, ended_at, github_run_id)
    values (${randomUUID()}, 'schedule', ${at('19 08:37')}, ${at('19 08:38')}, 43)
  `
  await sql`
    insert into ledger.wake_up_gaps (began_at, ended_at, ended_by) values (${at('19 01:00')}, ${at('19 03:00')}, 'test/one')
  `
}

interface Fate {
  readonly state: 'served' | 'failed' | 'missed' | 'waived' | 'due'
  readonly outcome?: 'succeeded' | 'partial' | 'failed'
  /** Those that are still there, the one that held the slot first. */
  readonly runs?: readonly (readonly [trigger: string, outcome: string])[]
}

const BY_CRON: Fate = { state: 'served', outcome: 'succeeded', runs: [['schedule', 'succeeded']] }
/** Oldest first: by cron, by a rescue while cron found it done, in part, by a run that was deleted since, failed, missed,
 *  waived, due without anybody looking, by cron again, and due just now. */
const FATES: readonly Fate[] = [
  BY_CRON,
  { state: 'served', outcome: 'succeeded', runs: [['request', 'succeeded'], ['schedule', 'gated']] },
  { state: 'served', outcome: 'partial', runs: [['schedule', 'partial']] },
  { state: 'served', outcome: 'succeeded' },
  { state: 'failed', outcome: 'failed', runs: [['schedule', 'failed']] },
  { state: 'missed' },
  { state: 'waived' },
  { state: 'due' },
  BY_CRON,
  { state: 'due' },
] // prettier-ignore

/** Five days of a job that is due twice a day, up to now. */
export async function recentSlots(sql: Sql, job: string): Promise<void> {
  const [line] = await sql<{ id: string }[]>`select id from ledger.schedules limit 1`
  for (const [i, { state, outcome = null, runs = [] }] of FATES.entries()) {
    const ids = [randomUUID(), randomUUID()]
    const served = state === 'served'
    await sql`
      insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, outcome,
        duration_ms, run_id)
      select ${job}, due, ${line?.id ?? ''}, 'p', ${state}, due + interval '30 minutes', due + interval '6 hours', due,
        case when ${served} then due + interval '50 minutes' end, ${outcome}, ${served ? 60_000 : null},
        case when ${outcome !== null} then ${ids[0]!}::uuid end
      from (select now() - make_interval(hours => ${12 * (FATES.length - i) - 11}) as due) slot
    `
    for (const [place, [trigger, ended]] of runs.entries()) {
      await sql`
        insert into ledger.runs (id, job, slot_due_at, environment, trigger, outcome, gate, correlation_id, started_at, finished_at,
          duration_ms, host, pid, process_start)
        select ${ids[place]!}, ${job}, due_at, 'test', ${trigger}, ${ended}, ${ended === 'gated' ? 'nothing_due' : null}, ${randomUUID()}, due_at + interval '50 minutes',
          due_at + interval '51 minutes', 60000, 'h', 1, '1'
        from ledger.slots where run_id = ${ids[0]!}
      `
    }
  }
}

async function someTrouble(sql: Sql): Promise<void> {
  const incident = (cause: string, closedAt: Date | null) => sql`
    insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at, closed_at)
    values ('test/one', ${cause}, 'critical', 'it failed', 'again', ${at('19 11:10')}, ${at('19 11:10')}, ${closedAt})
  `
  await incident('failing', null)
  await incident('late', at('19 12:10'))
  await sql`insert into ledger.breakers (source, state, failures) values ('nflverse', 'open', 3)`
  await sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (${randomUUID()}, 'test/one', 'game', 'one', 'bad_line', 'no line', false, ${at('19 11:10')})
  `
}

async function somePredictions(sql: Sql): Promise<void> {
  const spread = { market: 'ats', line: -11, price_for: -110, price_against: -110, pick: 'away', p_model: 0.4 }
  const total = { market: 'ou', line: 43, price_for: -110, price_against: -110, pick: 'over', p_model: 0.6 }
  const played = { starts_at: at('19 18:00'), as_of: at('19 08:00'), recorded_at: at('19 08:00') }
  await insertGames(sql, [
    { kickoff_at: played.starts_at, home_score: 27, away_score: 30 },
    { game_id: '2100_01_KC_CAR', season: 2100, week: 1, kickoff_at: '2100-09-12T17:00:00Z' },
  ])
  await insertPredictions(sql, [
    ...[{}, spread, total].map((market) => ({ ...market, ...played })),
    { ...spread, game_id: '2100_01_KC_CAR', season: 2100, week: 1, starts_at: '2100-09-12T17:00:00Z' },
  ])
  const grades = [
    {},
    { market: 'ats', outcome: 'lost', profit: -1, clv_points: 0.5, close_line: -11.5 },
    { market: 'ou', outcome: 'won', profit: 0.91, clv_points: -1, close_line: 42 },
  ]
  await insertGrades(sql, grades.map((grade) => ({ ...grade, started_at: played.starts_at }))) // prettier-ignore
}
