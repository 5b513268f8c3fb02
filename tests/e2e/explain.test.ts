// At 1,000,000 runs every question that a run, a page or ops-watch asks of the ledger is answered by an index, from few
// blocks. The ledger's own functions are asked where they exist; a question without one yet stands here as SQL. Last of all
// retention does its work on them: the first cleanup, which has 27 years to catch up with, and the one of the next day.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import type { Sql, TransactionSql } from 'postgres'

import { opsCleanup } from '../../src/leagues/ops/jobs.ts'
import { listBreakers } from '../../src/ledger/breakers.ts'
import { countOpenLetters, findForRetry, listLetters, listOpenLetters } from '../../src/ledger/dead-letters.ts'
import { findNextDeliveryAt, listIssuesOfOpen, listUntoldFlips, markFlipsTold } from '../../src/ledger/deliveries.ts'
import { hastenWorking, listOpenFlips, listRefusingChannels, listUnheard } from '../../src/ledger/deliveries-refused.ts'
import { listDueDeliveries } from '../../src/ledger/deliveries-due.ts'
import { listRetryableItems } from '../../src/ledger/details.ts'
import { findGamesUntil, findPause } from '../../src/ledger/gates.ts'
import { explainOverdue, listKnownGithubRuns, listSwitchedOff, waiveOfJob } from '../../src/ledger/github.ts'
import { readHealth } from '../../src/ledger/health.ts'
import { listOpenIncidents } from '../../src/ledger/incidents.ts'
import { listOverrides, waiveSlots } from '../../src/ledger/overrides.ts'
import { findDoneRun, listAllHolders, listSlotAccounts } from '../../src/ledger/replay.ts'
import { readOutsideClock } from '../../src/ledger/outside-clock.ts'
import { endRun } from '../../src/ledger/run-end.ts'
import { beat, findChain, findServingCorrelation, listHolders } from '../../src/ledger/runs.ts'
import { countAsks, listOutstanding } from '../../src/ledger/requests.ts'
import {
  countRunsSince,
  FROM_THE_FIRST,
  listJobsOverCap,
  listJobsWithRuns,
  listKeptRuns,
  listNeighbours,
  listNewestSuccesses,
  listRunsAfter,
  type EndedRun,
} from '../../src/ledger/retention.ts'
import { deleteGhosts, deleteIncidents, deletePasses } from '../../src/ledger/retention-history.ts'
import { listSchedules } from '../../src/ledger/schedule-lines.ts'
import { listSilentRuns } from '../../src/ledger/silent.ts'
import {
  findLatestSlot,
  findSlot,
  hasEverSucceeded,
  hasSlotBetween,
  listOpenSlots,
  listOverdueSlots,
  listWaitingJobs,
  missExpiredSlots,
} from '../../src/ledger/slots.ts'
import { findNextAction, look } from '../../src/ledger/watch.ts'
import { anEnd } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aJobContext } from '../helpers/job-context.ts'
import { fillLedger, IN_THE_MIDDLE, LARGE, NOW, RUNS } from './full-ledger.ts'

const { sql } = await aDatabaseForThisFile()
let passWantedBody = ''
before(async () => {
  await fillLedger(sql)
  const [body] = await sql<{ prosrc: string }[]>`select prosrc from pg_proc where proname = 'pass_wanted'`
  passWantedBody = body?.prosrc ?? ''
})

const JOB = 'sport/job-7'
const A_RUN = '00000000-0000-4000-8000-000000500007'
const A_CHAIN = '00000000-0000-4000-9000-000000100001'
const ALL_JOBS = Array.from({ length: 25 }, (_, i) => `sport/job-${i}`)
const A_DAY_AGO = new Date(NOW.getTime() - 86_400_000)
/** Nothing is as old as that: the common case of a nightly cleanup, and its dearest. (It may read all requests and letters.) */
const LONG_AGO = { before: new Date('1990-01-01T00:00:00Z'), limit: 500 }
const DAY = { from: IN_THE_MIDDLE, to: new Date(IN_THE_MIDDLE.getTime() + 86_400_000) }
const END = anEnd({ outcome: 'failed', finishedAt: NOW })

type Ask = (sql: Sql) => Promise<unknown>

/** The body of the function, as a statement of its own. */
function askInside(q: Sql): Promise<unknown> {
  const parts = passWantedBody.replaceAll(/\btireless\b/g, 'true').split(/\bas_of\b/)
  const strings = Object.assign(parts, { raw: parts })
  return q(strings, ...parts.slice(1).map(() => NOW))
}

/** A question, how it is asked, and how many 8 kB blocks the answer may take (rows of a page included). */
const QUESTIONS: readonly [question: string, ask: Ask, blocks: number][] = [
  ['the newest runs of a job', (q) => q`select id, outcome, started_at from ledger.runs where job = ${JOB} order by started_at desc limit 50`, 150],
  ['the newest runs of all', (q) => q`select id, job, outcome from ledger.runs order by started_at desc limit 50`, 150],
  ['the newest failures of all', (q) => q`select id, job, reason from ledger.runs where outcome = 'failed' order by started_at desc limit 50`, 150],
  ['the newest runs that did not end well', (q) => q`select id, job, outcome from ledger.runs where outcome in ('failed', 'partial', 'abandoned', 'cancelled') order by started_at desc limit 50`, 400],
  ['the runs of a season and week', (q) => q`select id, job, outcome from ledger.runs where season = 2020 and week = 7 order by job limit 200`, 600],
  ['the runs of a slot', (q) => findChain(q, JOB, IN_THE_MIDDLE), 20],
  ['the run that a wake-up led to', (q) => findDoneRun(q, { job: JOB, at: IN_THE_MIDDLE, trigger: 'schedule' }), 20],
  ['the chain of a correlation id', (q) => q`select id, job, started_at from ledger.runs where correlation_id = ${A_CHAIN}`, 20],
  ['the runs that continue a run', (q) => q`select id from ledger.runs where retry_of = ${A_RUN}`, 20],
  ['the run of a GitHub run id', (q) => q`select id from ledger.runs where github_run_id = 500007 and github_attempt = 1`, 20],
  ['a run by its id', (q) => q`select id, job, errors from ledger.runs where id = ${A_RUN}`, 10],
  ['one heartbeat', (q) => beat(q, A_RUN, undefined), 30],
  ['the runs that are silent', (q) => q`select id, job from ledger.runs where outcome = 'running' and heartbeat_at < clock_timestamp() - interval '5 minutes'`, 60],
  ['who holds the running runs of a job', (q) => listHolders(q, JOB), 60],
  ['who holds the running runs of all jobs', (q) => listAllHolders(q), 60],
  ['the lines with their last slots', (q) => listSchedules(q), 400],
  ['the open slots of a job', (q) => listOpenSlots(q, JOB), 60],
  ['the slots whose deadline has passed', (q) => missExpiredSlots(q, NOW), 800],
  ['the slots that are overdue', (q) => listOverdueSlots(q, NOW), 60],
  ['the end of a run and of the slot that it holds', (q) => endRun(q, { id: A_RUN, job: JOB, slotDueAt: IN_THE_MIDDLE }, END), 60],
  ['the latest slot at or before an instant', (q) => findLatestSlot(q, JOB, IN_THE_MIDDLE), 10],
  ['a slot between two instants', (q) => hasSlotBetween(q, JOB, { from: DAY.from, before: DAY.to }), 10],
  ['whether a job ever succeeded', (q) => hasEverSucceeded(q, JOB), 20],
  ['who served a slot, and in which chain', (q) => findServingCorrelation(q, JOB, IN_THE_MIDDLE), 20],
  ['the slots of a day', (q) => listSlotAccounts(q, DAY), 1_500],
  ['the slots of a period', (q) => q`select due_at, state from ledger.slots where job = ${JOB} and period = '2020-W07' order by due_at`, 200],
  ['a slot by its moment', (q) => findSlot(q, JOB, IN_THE_MIDDLE), 10],
  ['whether anything anywhere wants a pass', (q) => look(q, { now: NOW, by: JOB, urgent: false, mayPoke: true }), 200],
  ['whether a clock should start a pass', (q) => q`select reason, since from ledger.pass_wanted(${NOW}, true)`, 150],
  ['the inside of that answer, which a plan does not show', (q) => askInside(q), 100],
  ['the next moment that will want a pass', (q) => findNextAction(q, NOW), 150],
  ['what the passes show of an outside clock', (q) => readOutsideClock(q, NOW), 120],
  ['the runs that have fallen silent', (q) => listSilentRuns(q, 90), 60],
  ['the jobs that have a slot waiting', (q) => listWaitingJobs(q, NOW), 60],
  ['the requests that are outstanding', (q) => listOutstanding(q), 60],
  ['how often jobs were asked for', (q) => countAsks(q, ALL_JOBS, A_DAY_AGO), 150],
  ['the health of everybody', (q) => readHealth(q, NOW), 2_500],
  ['the failed items that may be tried again', (q) => listRetryableItems(q, NOW), 2_500],
  ['the open dead letters of a job', (q) => listOpenLetters(q, { job: JOB, limit: 50 }), 400],
  ['the open dead letters of all', (q) => listOpenLetters(q, { job: undefined, limit: 50 }), 2_500],
  ['how many dead letters are open', (q) => countOpenLetters(q, undefined), 2_500],
  ['the failed items of a run', (q) => findForRetry(q, { job: JOB, runId: A_RUN }), 30],
  ['the failed items of some ids', (q) => findForRetry(q, { job: JOB, ids: ['101', '202'] }), 30],
  ['dead letters by their ids', (q) => listLetters(q, ['101', '202']), 20],
  ['the flips that nobody was told of', (q) => listUntoldFlips(q, 1000), 1_000],
  ['the last flip of a job', (q) => q`select new_health from ledger.flips where subject = ${JOB} order by flipped_at desc limit 1`, 10],
  ['the flips that everybody was told of', (q) => markFlipsTold(q, NOW), 1_000],
  ['the deliveries that wait', (q) => listDueDeliveries(q, 5000), 1_500],
  ['when the next delivery wants to be sent', (q) => findNextDeliveryAt(q), 30],
  ['what channels that came later may lack', (q) => listOpenFlips(q, 'gone', 1000), 400],
  ['the channels that refuse', (q) => listRefusingChannels(q), 60],
  ['what nobody has heard of', (q) => listUnheard(q, NOW, 'known'), 400],
  ['what a channel refused that works again', (q) => hastenWorking(q, ['slack'], NOW), 60],
  ['the issues of open incidents', (q) => listIssuesOfOpen(q), 300],
  ['the incidents that are open', (q) => listOpenIncidents(q), 60],
  ['the GitHub runs that the ledger knows', (q) => listKnownGithubRuns(q, ['500007', '500008', '900001']), 30],
  ['the workflows that are switched off', (q) => listSwitchedOff(q), 10],
  ['the waiting slots of a job that is switched off', (q) => waiveOfJob(q, JOB, { reason: 'off', now: NOW }), 200],
  ['the overdue slots of a job, for their reason', (q) => explainOverdue(q, JOB, { reason: 'off', now: NOW }), 200],
  ['the pause in force for a job', (q) => findPause(q, JOB, NOW), 60],
  ['the slots that a waive covers', (q) => waiveSlots(q, NOW), 250],
  ['the overrides in force', (q) => listOverrides(q, { inForceAt: NOW, limit: 50 }), 60],
  ['the newest overrides', (q) => listOverrides(q, { limit: 50 }), 60],
  ['the games that are on', (q) => findGamesUntil(q, 'sport', NOW), 60],
  ['the breakers of a job', (q) => listBreakers(q, ['source-0', 'source-5']), 30],
  ['a page of old runs', (q) => listRunsAfter(q, FROM_THE_FIRST, { startedBefore: IN_THE_MIDDLE, limit: 500 }), 100],
  ['the relatives of a run', (q) => listNeighbours(q, [{ id: A_RUN, retryOf: A_RUN } as EndedRun]), 30],
  ['every job that has a run', (q) => listJobsWithRuns(q), 200],
  ['the newest successes of a job', (q) => listNewestSuccesses(q, JOB), 30],
  ['the jobs with too many runs that did not end well', (q) => listJobsOverCap(q, 1000), 25_000],
  ['the runs of a job that did not end well', (q) => listKeptRuns(q, JOB), 25_000],
  ['the runs of a day by job and outcome', (q) => countRunsSince(q, A_DAY_AGO), 60],
  ['old passes', (q) => deletePasses(q as unknown as TransactionSql, LONG_AGO), 60],
  ['old ghosts', (q) => deleteGhosts(q as unknown as TransactionSql, LONG_AGO), 60],
  ['old incidents', (q) => deleteIncidents(q as unknown as TransactionSql, LONG_AGO), 60],
] // prettier-ignore

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly Plan[]
}

for (const [question, ask, blocks] of QUESTIONS) {
  test(`${question}: an index answers, from at most ${blocks} blocks of ${RUNS.toLocaleString('en')} runs`, async () => {
    const statements = await overhear(ask)

    assert.ok(statements.length > 0)
    for (const statement of statements) {
      const plan = await explain(statement)
      const scans = all(plan).filter((node) => node['Node Type'] === 'Seq Scan' && isLarge(node['Relation Name']))
      assert.deepEqual(scans, [], JSON.stringify(plan, null, 1))
      const touched = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
      assert.ok(touched <= blocks, `${touched} blocks\n${JSON.stringify(plan, null, 1)}`)
    }
  })
}

const isLarge = (name = '') => (LARGE as readonly string[]).includes(name)

const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)]

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What the question says to the database, without anything being asked. A template is said when it is awaited, and never where
 *  it is a part of another. */
async function overhear(ask: Ask): Promise<Statement[]> {
  const statements: Statement[] = []
  const parts = new Map<unknown, Template>()
  const listen = (strings: TemplateStringsArray, ...values: unknown[]) => {
    const answer = {
      then(resolve: (rows: unknown) => unknown) {
        statements.push(inOnePiece({ strings, values }, parts))
        return Promise.resolve(Object.assign([], { count: 0 })).then(resolve)
      },
    }
    parts.set(answer, { strings, values })
    return answer
  }
  const { array, json } = sql
  // Text of our own, as a part of a statement.
  const unsafe = (text: string) => listen(Object.assign([text], { raw: [text] }))
  await ask(Object.assign(listen, { array, json, unsafe }) as unknown as Sql)
  return statements
}

interface Template {
  readonly strings: TemplateStringsArray
  readonly values: readonly unknown[]
}

function inOnePiece(whole: Template, parts: ReadonlyMap<unknown, Template>): Statement {
  const given: unknown[] = []
  const write = ({ strings, values }: Template): string =>
    strings.reduce((text, string, i) => {
      const part = parts.get(values[i - 1])
      return `${text}${part ? write(part) : `$${given.push(values[i - 1])}`}${string}`
    })
  return { text: write(whole), values: given }
}

/** Runs it for its plan, and undoes what it did. */
async function explain({ text, values }: Statement): Promise<Plan> {
  const undo = new Error('undo')
  let plan: Plan | undefined
  await sql
    .begin(async (tx) => {
      // A session's first call of a function reads the catalog.
      await tx`select from ledger.pass_wanted(${NOW})`
      const rows = await tx.unsafe(`explain (analyze, buffers, format json) ${text}`, values as never[])
      plan = (rows[0]?.['QUERY PLAN'] as { Plan: Plan }[])[0]?.Plan
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  assert.ok(plan)
  return plan
}

/** Cleans up and returns how long it took, and how many runs went. */
async function clean(now: Date): Promise<{ ms: number; deleted: number; kept: number }> {
  const { ctx, said } = aJobContext({ sql, now, params: { keepDays: 14 } })
  const began = performance.now()
  await opsCleanup.run(opsCleanup.period(now), ctx)
  const counts = said.counts['run']
  return { ms: performance.now() - began, deleted: counts?.written ?? 0, kept: counts?.skipped ?? 0 }
}

const slots = () =>
  sql`select count(*) as count, md5(string_agg(state, '' order by job, due_at)) as states from ledger.slots`

test('the first cleanup removes 27 years of runs within its time, in batches, and no slot', async (context) => {
  const before = await slots()

  const { ms, deleted, kept } = await clean(NOW)

  context.diagnostic(`${deleted} of ${RUNS} runs in ${Math.round(ms)} ms`)
  assert.equal(deleted + kept, RUNS)
  assert.ok(deleted > 0.9 * RUNS, `${deleted}`)
  assert.ok(ms < 15 * 60_000, `${ms} ms`) // half of what its workflow has
  assert.deepEqual(await slots(), before)
})

test('the next day’s cleanup reads what is left in seconds', async (context) => {
  const { ms, deleted, kept } = await clean(new Date(NOW.getTime() + 86_400_000))

  context.diagnostic(`${deleted} deleted, ${kept} kept in ${Math.round(ms)} ms`)
  assert.ok(deleted > 0 && deleted < 1_000, `${deleted}`)
  assert.ok(ms < 30_000, `${ms} ms`)
})
