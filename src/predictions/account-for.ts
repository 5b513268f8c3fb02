import type { Estimate } from '../core/interval.ts'
// The honest account as tables of a run: this period, the season, every season and every lead, ours beside the closing market,
// each figure with its games and its 95 % interval.

import type { JobContext } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import { createRandom } from '../lib/random.ts'
import { account, type AccountLine } from '../models/grading/account.ts'
import { listGraded, type GradedRow } from './grades.ts'

/** Leaves the tables on the run. Figures are of each game's last prediction, but for those by lead. */
export async function accountFor(
  period: Period,
  by: { league: string; modelVersion: string },
  ctx: JobContext<object>,
): Promise<void> {
  const graded = await listGraded(ctx.lake.sql, by)
  const last = graded.filter((row) => row.isLast)
  const ofPeriod = last.filter((row) => row.period === period.key)
  const leads = graded.filter((row) => row.season === period.season)
  const tell = (title: string, rows: readonly GradedRow[], groupOf: (row: GradedRow) => string) => {
    // The same grades give the same intervals, whenever they are worked out.
    const lines = account(rows, groupOf, createRandom(1).unit)
    ctx.table(title, [...lines].sort(byGroup).map(toTableRow))
  }
  tell(`${period.key}, graded`, ofPeriod, (row) => row.market)
  tell('Every season, graded', last, (row) => `${row.market} ${row.season}`)
  tell(`${period.season} by days of lead, graded`, leads, (row) => `${row.market} lead ${row.leadDays}`)
  const prospective = last.filter((row) => row.prospective)
  tell('Recorded before the game, graded', prospective, (row) => row.market)
}

function byGroup(a: AccountLine, b: AccountLine): number {
  return a.group.localeCompare(b.group, 'en', { numeric: true })
}

function toTableRow(line: AccountLine): Record<string, string | number | null> {
  return {
    what: line.group,
    games: line.games,
    pushes: line.pushes,
    'hit %': sayPercent(line.hits),
    'close hit %': sayPercent(line.closeHits),
    Brier: rounded(line.brier, 4),
    'final Brier': rounded(line.finalBrier, 4),
    'close Brier': rounded(line.closeBrier, 4),
    'Brier less close': say(line.brierLead, (value) => value.toFixed(4)),
    'log-loss': rounded(line.logLoss, 4),
    'close log-loss': rounded(line.closeLogLoss, 4),
    error: rounded(line.modelError, 2),
    'final error': rounded(line.finalError, 2),
    'close error': rounded(line.closeError, 2),
    'profit %': sayPercent(line.profit),
    'CLV points': say(line.clvPoints, (value) => value.toFixed(2)),
    'CLV %': sayPercent(line.clvPrice),
  }
}

const sayPercent = (estimate: Estimate | undefined) => say(estimate, (value) => (100 * value).toFixed(1))

/** `51.2 (48.1 to 54.3, n 240)`. */
function say(estimate: Estimate | undefined, write: (value: number) => string): string | null {
  if (estimate === undefined) return null
  return `${write(estimate.value)} (${write(estimate.low)} to ${write(estimate.high)}, n ${estimate.n})`
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits))
}
