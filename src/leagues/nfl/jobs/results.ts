// Stage 6 of the NFL's week: land the scores, grade every finished prediction, and show the week beside its results and the
// account of all that was ever predicted.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import { MODEL_VERSION, type Market } from '../../../models/markets/markets.ts'
import { accountFor } from '../../../predictions/account-for.ts'
import { readPredicted } from '../../../predictions/frozen.ts'
import { gradeFinished, listUngraded, recordGrades } from '../../../predictions/grades.ts'
import type { Week } from '../calendar.ts'
import { listCard, type CardRow } from '../lake/card.ts'
import { listFinished, listWeekGames, type Game } from '../lake/silver-games.ts'
import type { MarketParams } from '../params.ts'
import { landGames } from './land-games.ts'
import { isSimulated, missingScores, refreshSilver } from './refresh-silver.ts'

const LEAGUE = 'nfl'

export async function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  await landGames(ctx)
  const broken = await ctx.span('clean', () => refreshSilver(ctx))
  if (broken.length > 0) ctx.note('games that break rules', broken.map((game) => game.key).join(', '))
  await ctx.span('grade', () => grade(ctx.params.markets, ctx))
  await reportUnpredicted(week, ctx)
  const card = await listCard(ctx.lake.sql, week)
  ctx.table(`${week.key}: predictions beside results`, card.map(toTableRow))
  await accountFor(week, { league: LEAGUE, modelVersion: MODEL_VERSION }, ctx)
  const missing = await missingScores(ctx)
  if (missing !== undefined) return { notReady: missing }
}

async function grade(markets: readonly Market[], ctx: JobContext<object>): Promise<void> {
  const ungraded = await listUngraded(ctx.lake.sql, { league: LEAGUE, markets })
  const finished = await listFinished(ctx.lake.sql, ungraded.map(({ gameId }) => gameId)) // prettier-ignore
  const grades = gradeFinished(ungraded, finished)
  const simulated = await isSimulated(ctx)
  const stamp = { league: LEAGUE, runId: ctx.runId, asOf: ctx.now, simulated }
  const recorded = await ctx.lake.write((tx) => recordGrades(tx, grades, stamp))
  ctx.count('grade', { read: grades.length, written: recorded, skipped: grades.length - recorded })
}

/** A game that went by without a prediction is this pipeline's own failure, whoever caused it. */
async function reportUnpredicted(week: Week, ctx: JobContext<object>): Promise<void> {
  const { games, since } = await readPredicted(ctx.lake.sql, { league: LEAGUE, key: week.key })
  const hasBegun = ({ kickoffAt }: Game) => since !== undefined && kickoffAt > since && kickoffAt <= ctx.now
  for (const game of (await listWeekGames(ctx.lake.sql, week)).filter(hasBegun)) {
    if (games.has(game.gameId)) continue
    ctx.fail({
      kind: 'prediction',
      key: game.gameId,
      code: 'no_prediction',
      message: `${game.gameId} kicked off at ${game.kickoffAt.toISOString()} without a frozen prediction: none can be made any more`,
    })
  }
}

function toTableRow(row: CardRow): Record<string, string | number | null> {
  const percent = (p: number | undefined) => (p === undefined ? null : Math.round(p * 1000) / 10)
  return {
    game: `${row.away} at ${row.home}`,
    market: row.market,
    lead: row.lead,
    line: row.line ?? null,
    close: row.closeLine ?? null,
    'model %': percent(row.pModel),
    'market %': percent(row.pMarket),
    'final %': percent(row.pFinal),
    pick: row.pick,
    score: row.score ? `${row.score.away}-${row.score.home}` : null,
    outcome: row.outcome ?? null,
  }
}
