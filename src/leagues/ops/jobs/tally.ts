// Counts what retention did, per job: how many runs went, and of those that stay how many of which outcome.

import type { Counts } from '../../../core/job.ts'
import { isFailure, type Outcome } from '../../../core/run.ts'
import type { EndedRun } from '../../../ledger/retention.ts'
import type { Chain } from './chains.ts'

export interface Tally {
  /** Counts a batch: the runs that were looked at, and the chains that went, which may reach beyond them. */
  batch(seen: readonly EndedRun[], gone: readonly Chain[]): void
  kept(job: string, outcome: Outcome, count: number): void
  counts(): Required<Counts>
  /** One row a job, those that lost most first. */
  rows(): Record<string, string | number>[]
}

type Column = 'deleted' | 'succeeded' | 'failures' | 'partials' | 'others'

/** An empty tally. */
export function createTally(): Tally {
  const jobs = new Map<string, Record<Column, number>>()
  // Runs of chains that went before the walk came to all of them: it meets them again in a dry run, where nothing goes.
  const counted = new Set<string>()
  const add = (job: string, column: Column, count: number) => {
    const row = jobs.get(job) ?? { deleted: 0, succeeded: 0, failures: 0, partials: 0, others: 0 }
    row[column] += count
    jobs.set(job, row)
  }
  const kept = (job: string, outcome: Outcome, count: number) => add(job, columnOf(outcome), count)
  const sum = (pick: (row: Record<Column, number>) => number) =>
    [...jobs.values()].reduce((total, row) => total + pick(row), 0)
  const sumOfKept = (row: Record<Column, number>) => row.succeeded + row.failures + row.partials + row.others
  return {
    batch(seen, gone) {
      const looked = new Set(seen.map((run) => run.id))
      const leaving = new Set(gone.flat().map((run) => run.id))
      for (const run of seen) if (!leaving.has(run.id)) kept(run.job, run.outcome, 1)
      for (const chain of gone.filter(([first]) => !counted.has(first.id))) {
        for (const run of chain) add(run.job, 'deleted', 1)
        if (chain.some((run) => !looked.has(run.id))) for (const run of chain) counted.add(run.id)
      }
    },
    kept,
    counts() {
      const [deleted, stayed] = [sum((row) => row.deleted), sum(sumOfKept)]
      return { read: deleted + stayed, written: deleted, skipped: stayed }
    },
    rows() {
      const byLoss = [...jobs].sort(([a, x], [b, y]) => y.deleted - x.deleted || a.localeCompare(b))
      return byLoss.map(([job, row]) => ({
        job,
        deleted: row.deleted,
        'kept succeeded': row.succeeded,
        'kept failures': row.failures,
        'kept partials': row.partials,
        'kept others': row.others,
      }))
    },
  }
}

/** Others are gated, not ready and running. */
function columnOf(outcome: Outcome): Column {
  if (outcome === 'succeeded') return 'succeeded'
  if (outcome === 'partial') return 'partials'
  return isFailure(outcome) ? 'failures' : 'others'
}
