// What watching costs: a look, and a pass of ops-watch with nothing to do, with a year of slots behind it, and with 200 jobs
// overdue. GitHub is the tests' own, on loopback.

import { randomUUID } from 'node:crypto'

import { DEFAULT_ROUTES } from '../../src/alerts/routes.ts'
import { tellFlips } from '../../src/alerts/tell.ts'
import { createActionsExecutor } from '../../src/executors/actions.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { look } from '../../src/ledger/watch.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { createLog } from '../../src/lib/log.ts'
import { ownIdentity } from '../../src/lib/process-identity.ts'
import { makePass } from '../../src/reconcile/pass.ts'
import type { PassParts } from '../../src/reconcile/pass-parts.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import { aJob } from '../helpers/builders.ts'
import { toCatalogJob, workflowsOf } from '../helpers/catalog.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Scheduled } from '../helpers/world.ts'

import { measure, toFigure, type Figure } from './figures.ts'

const PASSES = 60
const LOOKS = 300
const MINUTE = 60_000
const FILL_WITHIN_MS = 10 * MINUTE
const BEGAN = new Date('2026-11-01T00:00:00Z')
const NOON = new Date('2026-11-02T12:00:00Z')

/** Measures on migrated databases of environment `bench`, a fresh one for each of its parts. */
export async function benchWatch(freshDatabase: () => Promise<string>): Promise<Figure[]> {
  return [
    ...(await benchQuiet(await freshDatabase(), { slots: 0 })),
    ...(await benchQuiet(await freshDatabase(), { slots: 330_000 })),
    ...(await benchOverdue(await freshDatabase())),
  ]
}

/** 20 jobs, each once a day, all served. */
async function benchQuiet(url: string, history: { slots: number }): Promise<Figure[]> {
  const jobs = someJobs(20)
  await using bench = await openBench(url, jobs)
  const { sql } = bench
  await writeSlotsDue(sql, jobs.map(({ job }) => job), NOON) // prettier-ignore
  await sql`
    update ledger.slots set state = 'served', started_at = due_at, changed_at = due_at, duration_ms = 1000, outcome = 'succeeded'
    where due_at <= ${NOON}
  `
  if (history.slots > 0) await fillSlots(url, jobs.length, history.slots)
  await bench.pass()
  const what = history.slots > 0 ? `a pass over ${history.slots.toLocaleString('en')} slots of 20 jobs` : 'a pass with nothing to do, 20 jobs' // prettier-ignore
  const passes = await measure(what, PASSES, { prepare: () => bench.later(), work: () => bench.pass() })
  const looks = await measure('  one look', LOOKS, {
    prepare: () => bench.later(),
    work: () => look(sql, { now: bench.now(), by: 'bench/job-0', urgent: false, mayPoke: true }),
  })
  return [passes, looks]
}

/** 200 jobs whose slots nobody has served: the first pass asks for all and sends ten, the others find them outstanding. */
async function benchOverdue(url: string): Promise<Figure[]> {
  const jobs = someJobs(200)
  await using bench = await openBench(url, jobs)
  await bench.later()
  const began = performance.now()
  await bench.pass()
  const first = toFigure('a pass that finds 200 jobs overdue', [performance.now() - began])
  const again = await measure('  each pass after it', 20, { prepare: () => bench.later(), work: () => bench.pass() })
  return [first, again]
}

function someJobs(count: number): Scheduled[] {
  return Array.from({ length: count }, (_, i) => ({
    job: aJob({ id: `bench/job-${i}`, graceMinutes: 30, deadlineMinutes: 1200 }),
    cron: [`${i % 60} ${1 + (i % 10)} * * *`],
  }))
}

/** Of the year before, each served by a run. */
async function fillSlots(url: string, jobs: number, slots: number): Promise<void> {
  await using database = openDatabase(url, { max: 1, deadlineMs: FILL_WITHIN_MS })
  const { sql } = database
  await sql.unsafe(`
    insert into ledger.slots (
      job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, duration_ms, outcome
    )
    select s.job, at, s.id, at::date::text, 'served', at, at, at, at, 1000, 'succeeded'
    from ledger.schedules s,
      generate_series(timestamptz '2025-11-01', '2026-10-31', interval '364 days' / ${Math.round(slots / jobs)}) at
    on conflict do nothing
  `)
  await sql.unsafe(`
    insert into ledger.runs (
      job, slot_due_at, period, environment, trigger, outcome, correlation_id, started_at, recorded_at, heartbeat_at, finished_at,
      duration_ms, host, pid, process_start
    )
    select job, due_at, period, 'bench', 'schedule', 'succeeded', gen_random_uuid(), due_at, due_at, due_at, due_at, 1000, 'bench',
      1, '1'
    from ledger.slots where state = 'served'
  `)
  for (const table of ['slots', 'runs']) await sql.unsafe(`vacuum analyze ledger.${table}`)
}

interface Bench extends AsyncDisposable {
  readonly sql: Sql
  now(): Date
  /** Five minutes pass. */
  later(): Promise<void>
  pass(): Promise<unknown>
}

async function openBench(url: string, jobs: readonly Scheduled[]): Promise<Bench> {
  const database = openDatabase(url)
  const { sql } = database
  const lines = jobs.flatMap(({ job, cron }) => cron.map((line) => ({ job: job.id, cron: line, zone: 'UTC' })))
  await registerSchedules(sql, { lines, commit: 'bench', at: BEGAN })
  let now = NOON
  const github = await aGithub({ now: () => now, workflows: workflowsOf(jobs.map(({ job }) => job)) })
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  const redact = (line: string) => line
  const facts = { repository: undefined, serverUrl: undefined, siteUrl: undefined, environment: 'bench' }
  const parts: PassParts = {
    sql,
    jobs: jobs.map(({ job }) => job),
    catalog: jobs.map(toCatalogJob),
    environment: 'bench',
    identity: ownIdentity(),
    executor: createActionsExecutor(api),
    github: api,
    publicRepository: true,
    clockDeclared: false,
    async tell(moment) {
      const told = await tellFlips({ sql, now: moment, channels: [], routes: DEFAULT_ROUTES, redact, facts })
      return { sent: told.sent.length, failed: [], mute: [] }
    },
    clock: () => now,
    explain: String,
    log: createLog({ write: () => undefined, now: () => now, format: 'text', redact }),
  }
  return {
    sql,
    now: () => now,
    later() {
      now = new Date(now.getTime() + 5 * MINUTE)
      return Promise.resolve()
    },
    pass: () => makePass(parts, { id: randomUUID(), trigger: 'terminal', actor: 'bench', githubRunId: undefined }),
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
