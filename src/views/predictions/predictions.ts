// Predictions: the week's games with ours beside the market's numbers, and the honest account of everything that was ever
// graded.

import type { Sql } from 'postgres'

import { nflWeekAt } from '../../leagues/nfl/calendar.ts'
import type { ViewContext } from '../context.ts'
import { readAccount, type Account } from './account.ts'
import { readCalibrations, type Calibration } from './calibration.ts'
import { readProjectionErrors, type ProjectionErrors } from './fantasy.ts'
import { readLineMoves, readSeasonWeeks, type LineMove, type SeasonWeek } from './season.ts'
import { judgeAccount, type Verdict } from './verdict.ts'
import { listPredictedWeeks, readWeeks, type PredictedWeek } from './week.ts'

export interface PredictionsView {
  /** Real rows are accounted for without the simulated ones; these only where there is nothing else. */
  readonly simulated: boolean
  /** The calendar's week, or the newest one that has a prediction; undefined while no game is known. */
  readonly week: PredictedWeek | undefined
  /** Newest first. */
  readonly earlier: readonly PredictedWeek[]
  readonly verdict: Verdict
  readonly account: Account
  readonly calibrations: readonly Calibration[]
  /** Of the newest graded season. */
  readonly season: { readonly season: number; readonly weeks: readonly SeasonWeek[] } | undefined
  readonly lineMoves: readonly LineMove[]
  readonly models: readonly ModelInUse[]
  readonly fantasy: ProjectionErrors | undefined
}

export interface ModelInUse {
  readonly version: string
  readonly games: number
  readonly from: Date
  readonly to: Date
}

const EARLIER_WEEKS = 6

/** Reads the page's view as of the site's instant. */
export async function readPredictions(sql: Sql, site: ViewContext): Promise<PredictionsView> {
  const simulated = await isAllSimulated(sql)
  const current = nflWeekAt(site.now)
  const weeks = await readWeeks(
    sql,
    [current, ...(await listPredictedWeeks(sql, current, EARLIER_WEEKS + 1))].filter(isFirst),
  )
  const account = await readAccount(sql, { simulated })
  const newest = account.seasons[0]?.season
  return {
    simulated,
    week: weeks[0],
    earlier: weeks.slice(1, 1 + EARLIER_WEEKS),
    verdict: judgeAccount(account),
    account,
    calibrations: await readCalibrations(sql, { simulated }),
    season:
      newest === undefined
        ? undefined
        : { season: newest, weeks: await readSeasonWeeks(sql, { season: newest, simulated }) },
    lineMoves: await readLineMoves(sql, { simulated }),
    models: await readModels(sql, simulated),
    fantasy: await readProjectionErrors(sql, { simulated }),
  }
}

function isFirst(week: { season: number; week: number }, i: number, all: readonly { season: number; week: number }[]) {
  return all.findIndex((other) => other.season === week.season && other.week === week.week) === i
}

async function isAllSimulated(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ all: boolean }[]>`
    select exists (select 1 from predictions.nfl where simulated)
      and not exists (select 1 from predictions.nfl where not simulated) as all
  `
  return row?.all ?? false
}

async function readModels(sql: Sql, simulated: boolean): Promise<ModelInUse[]> {
  return await sql<ModelInUse[]>`
    select model_version as version, count(distinct game_id)::integer as games, min(as_of) as from, max(as_of) as to
    from predictions.nfl
    where simulated = ${simulated}
    group by model_version
    order by max(as_of) desc
  `
}
