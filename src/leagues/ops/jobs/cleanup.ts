// Retention: what went well is forgotten in time, what did not is kept, and slots are for ever. In small batches,
// each whole in itself, so that it can be stopped anywhere and goes on the next time.

import type { TransactionSql } from 'postgres'

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Period } from '../../../core/period.ts'
import { deleteGhosts, deleteIncidents, deleteLostLetters, deletePasses, deleteRequests, type Batch } from '../../../ledger/retention-history.ts' // prettier-ignore
import {
  countRunsBefore,
  countRunsSince,
  deleteRuns,
  FROM_THE_FIRST,
  listJobsOverCap,
  listJobsWithRuns,
  listKeptRuns,
  listNeighbours,
  listNewestSuccesses,
  listRunsAfter,
  type Cursor,
  type EndedRun,
} from '../../../ledger/retention.ts'
import { listOpenSlots } from '../../../ledger/slots.ts'
import type { CleanupParams } from '../params.ts'
import { capFromOf, chainsOf, isDeletable, slotKey, type Rules } from './chains.ts'
import { createTally, type Tally } from './tally.ts'

const DAY_MS = 86_400_000
/** Runs for which a job that fails every five minutes would otherwise be kept without end, counted in chains. */
export const KEPT_CHAINS = 1_000
/** A batch holds the run's own row for as long as it takes; this many take a tenth of a second. */
const RUNS_PER_BATCH = 2_000
/** Of ids in one question. */
const RUNS_PER_STEP = 5_000

/** What is forgotten beside runs: after how many days, by whom, how many at a time. */
const HISTORY: readonly {
  kind: string
  all: string
  days: number
  remove: (tx: TransactionSql, batch: Batch) => Promise<number>
  limit: number
}[] = [
  { kind: 'letter', all: 'letters', days: 90, remove: deleteLostLetters, limit: 5_000 },
  { kind: 'request', all: 'requests', days: 90, remove: deleteRequests, limit: 5_000 },
  { kind: 'pass', all: 'passes', days: 90, remove: deletePasses, limit: 5_000 },
  { kind: 'ghost', all: 'ghosts', days: 90, remove: deleteGhosts, limit: 5_000 },
  { kind: 'incident', all: 'incidents', days: 400, remove: deleteIncidents, limit: 200 },
]

export async function run(_day: Period, ctx: JobContext<CleanupParams>): Promise<JobReturn> {
  const endedBefore = daysAgo(ctx, ctx.params.keepDays)
  const rules = await ctx.span('rules', () => readRules(ctx, endedBefore))
  const tally = createTally()
  await ctx.span('runs', () => removeRuns(ctx, rules, tally))
  for (const { job, outcome, count } of await countRunsSince(ctx.lake.sql, endedBefore)) tally.kept(job, outcome, count)
  for (const part of HISTORY) await ctx.span(part.all, () => removeHistory(ctx, part))
  ctx.count('run', tally.counts())
  ctx.note('ended before', endedBefore.toISOString())
  ctx.table('What was deleted and kept', tally.rows())
}

type Context = JobContext<{ keepDays: number }>

function daysAgo({ now }: Context, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

async function readRules({ lake }: Context, endedBefore: Date): Promise<Rules> {
  const needed = new Set<string>()
  const openSlots = new Set<string>()
  for (const job of await listJobsWithRuns(lake.sql)) {
    for (const id of await listNewestSuccesses(lake.sql, job)) needed.add(id)
    for (const slot of await listOpenSlots(lake.sql, job)) openSlots.add(slotKey(job, slot.dueAt))
  }
  const capFrom = new Map<string, Date>()
  for (const job of await listJobsOverCap(lake.sql, KEPT_CHAINS)) {
    const chains = chainsOf(await withRelatives(lake.sql, await listKeptRuns(lake.sql, job)))
    const from = capFromOf(chains, KEPT_CHAINS)
    if (from) capFrom.set(job, from)
  }
  return { endedBefore, capFrom, needed, openSlots }
}

/** The runs with every other run of their chains. */
async function withRelatives(
  sql: Parameters<typeof listNeighbours>[0],
  runs: readonly EndedRun[],
): Promise<EndedRun[]> {
  const known = new Map(runs.map((run) => [run.id, run]))
  let edge = [...runs]
  while (edge.length > 0) {
    const found = await listNeighbours(sql, edge.splice(0, RUNS_PER_STEP))
    const fresh = found.filter((run) => !known.has(run.id))
    for (const run of fresh) known.set(run.id, run)
    edge = [...edge, ...fresh]
  }
  return [...known.values()]
}

/** Walks over all runs that are old enough, from the oldest to the newest, a batch at a time. */
async function removeRuns(ctx: Context, rules: Rules, tally: Tally): Promise<void> {
  const total = await countRunsBefore(ctx.lake.sql, rules.endedBefore)
  let place: Cursor | undefined = FROM_THE_FIRST
  for (let done = 0; place; ctx.progress(Math.min(done, total), total, 'runs')) {
    ctx.signal.throwIfAborted()
    const from: Cursor = place
    const batch = await ctx.lake.write((tx) => removeBatch(tx, { from, rules, tally }))
    done += batch.seen
    place = batch.next
  }
}

async function removeBatch(
  tx: TransactionSql,
  { from, rules, tally }: { from: Cursor; rules: Rules; tally: Tally },
): Promise<{ seen: number; next: Cursor | undefined }> {
  const page = await listRunsAfter(tx, from, { startedBefore: rules.endedBefore, limit: RUNS_PER_BATCH })
  // Race: somebody may try one of these again at this very moment. The new run then begins a chain of its own.
  const chains = chainsOf(await withRelatives(tx, page.runs))
  const gone = chains.filter((chain) => isDeletable(chain, rules))
  await deleteRuns(tx, gone.flat().map((run) => run.id)) // prettier-ignore
  tally.batch(page.runs, gone)
  return { seen: page.runs.length, next: page.next }
}

async function removeHistory(ctx: Context, part: (typeof HISTORY)[number]): Promise<void> {
  const batch = { before: daysAgo(ctx, part.days), limit: part.limit }
  for (let removed = batch.limit; removed === batch.limit;) {
    ctx.signal.throwIfAborted()
    removed = await ctx.lake.write((tx) => part.remove(tx, batch))
    if (removed > 0) ctx.count(part.kind, { written: removed })
    // A dry run is rolled back, and would find the same ones for ever.
    if (ctx.params.dryRun) return
  }
}
