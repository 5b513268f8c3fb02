// Stage 6 of the NFL's week: land the scores, grade every finished prediction, and show the week beside its results and the
// account of all that was ever predicted.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../calendar.ts'
import { gradePick } from '../../../models/grade.ts'
import type { Market } from '../../../models/markets.ts'
import { listUngraded, listWeekLines, recordGrades, type WeekLine } from '../lake/grades.ts'
import { listUnpredictedGames } from '../lake/predictions.ts'
import type { MarketParams } from '../params.ts'
import { accountFor } from './account-for.ts'
import { landGames } from './land-games.ts'
import { isSimulated, missingScores, refreshSilver } from './refresh-silver.ts'

export async function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  await landGames(ctx)
  const broken = await ctx.span('clean', () => refreshSilver(ctx))
  if (broken.length > 0) ctx.note('games that break rules', broken.map((game) => game.key).join(', '))
  await ctx.span('grade', () => gradeFinished(ctx.params.markets, ctx))
  await reportUnpredicted(week, ctx)
  const lines = await listWeekLines(ctx.lake.sql, week)
  ctx.table(`${week.key}: predictions beside results`, lines.map(toTableRow))
  await accountFor(week, ctx)
  const missing = await missingScores(ctx)
  if (missing !== undefined) return { notReady: missing }
}

async function gradeFinished(markets: readonly Market[], ctx: JobContext<object>): Promise<void> {
  const ungraded = await listUngraded(ctx.lake.sql, markets)
  const grades = ungraded.map((pick) => ({
    ...pick,
    ...gradePick(pick, { home: pick.homeScore, away: pick.awayScore }, pick),
  }))
  const simulated = await isSimulated(ctx)
  const recorded = await ctx.lake.write((tx) =>
    recordGrades(tx, grades, { runId: ctx.runId, asOf: ctx.now, simulated }),
  )
  ctx.count('grade', { read: ungraded.length, written: recorded, skipped: ungraded.length - recorded })
}

/** A game that went by without a prediction is this pipeline's own failure, whoever caused it. */
async function reportUnpredicted(week: Week, ctx: JobContext<object>): Promise<void> {
  for (const game of await listUnpredictedGames(ctx.lake.sql, week, ctx.now)) {
    ctx.fail({
      kind: 'prediction',
      key: game.gameId,
      code: 'no_prediction',
      message: `${game.gameId} kicked off at ${game.kickoffAt.toISOString()} without a frozen prediction: none can be made any more`,
    })
  }
}

function toTableRow(line: WeekLine): Record<string, string | number | null> {
  const percent = (p: number | null) => (p === null ? null : Math.round(p * 1000) / 10)
  return {
    game: line.game,
    market: line.market,
    lead: line.lead,
    line: line.line,
    close: line.closeLine,
    'model %': percent(line.pModel),
    'market %': percent(line.pMarket),
    'final %': percent(line.pFinal),
    pick: line.pick,
    score: line.score,
    outcome: line.outcome,
  }
}
