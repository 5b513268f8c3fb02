// Predictions: of every league that makes some the period's games with ours beside the market's numbers, and the honest account of
// everything that was ever graded.

import type { Sql } from 'postgres'

import { plainCalendar, type Calendar } from '../../core/calendar.ts'
import type { Predicted, PredictedMarket } from '../../core/predicted.ts'
import { leagues } from '../../leagues/index.ts'
import type { ViewContext } from '../context.ts'
import { readAccount, type Account, type Wanted } from './account.ts'
import { readCalibrations, type Calibration } from './calibration.ts'
import { listPredictedPeriods, readPeriods, type PredictedPeriod } from './period.ts'
import { readLineMoves, readSeasonPeriods, type LineMove, type SeasonPeriod } from './season.ts'
import { judgeAccount, type Verdict } from './verdict.ts'

export interface LeaguePredictions {
  readonly league: Pick<Predicted, 'name' | 'begin' | 'jobs' | 'empty' | 'credit'> & {
    readonly id: string
    /** What its games come in. */
    readonly span: Calendar['period']
    readonly markets: readonly PredictedMarket[]
  }
  /** Real rows are accounted for without the simulated ones; these only where there is nothing else. */
  readonly simulated: boolean
  /** The calendar's period, or the newest one that has a prediction; undefined while no game is known. */
  readonly current: PredictedPeriod | undefined
  /** Newest first. */
  readonly earlier: readonly PredictedPeriod[]
  readonly verdict: Verdict
  readonly account: Account
  readonly calibrations: readonly Calibration[]
  /** Of the newest graded season. */
  readonly season: { readonly season: number; readonly periods: readonly SeasonPeriod[] } | undefined
  readonly lineMoves: readonly LineMove[]
  readonly models: readonly ModelInUse[]
  /** What leagues add to the page, each drawn by its own. */
  readonly parts: readonly { readonly league: string; readonly view: unknown }[]
}

export interface ModelInUse {
  readonly version: string
  readonly games: number
  readonly from: Date
  readonly to: Date
}

const EARLIER = 6

/** Reads every league's predictions as of the site's instant, in the registry's order. */
export async function readPredictions(sql: Sql, site: ViewContext): Promise<LeaguePredictions[]> {
  const read: LeaguePredictions[] = []
  for (const { id, predicted, calendar = plainCalendar } of leagues) {
    if (predicted === undefined) continue
    read.push(await readLeague(sql, { id, calendar, predicted: await predicted(), now: site.now }))
  }
  return read
}

async function readLeague(
  sql: Sql,
  { id, calendar, predicted, now }: { id: string; calendar: Calendar; predicted: Predicted; now: Date },
): Promise<LeaguePredictions> {
  const wanted = { league: id, markets: predicted.markets, simulated: await isAllSimulated(sql, id) }
  const until = calendar.periodAt(now).key
  const known = [until, ...(await listPredictedPeriods(sql, { league: id, until }, EARLIER + 1))]
  const periods = await readPeriods(sql, { league: id, predicted }, [...new Set(known)])
  const account = await readAccount(sql, wanted)
  const { name, begin, jobs, empty, credit, markets } = predicted
  return {
    league: { id, name, begin, span: calendar.period, jobs, empty, credit, markets },
    simulated: wanted.simulated,
    current: periods[0],
    earlier: periods.slice(1, 1 + EARLIER),
    verdict: judgeAccount(account),
    account,
    calibrations: await readCalibrations(sql, wanted),
    season: await readNewestSeason(sql, wanted, { predicted, newest: account.seasons[0]?.season }),
    lineMoves: await readLineMoves(sql, wanted),
    models: await readModels(sql, wanted),
    parts: await readParts(sql, wanted),
  }
}

async function readNewestSeason(
  sql: Sql,
  wanted: Wanted,
  { predicted, newest }: { predicted: Predicted; newest: number | undefined },
): Promise<LeaguePredictions['season']> {
  if (newest === undefined) return undefined
  const { periodOf } = predicted
  return { season: newest, periods: await readSeasonPeriods(sql, wanted, { season: newest, periodOf }) }
}

/** The parts that stand on a league's page: its own, and those of leagues that read it. */
async function readParts(sql: Sql, { league, simulated }: Wanted): Promise<LeaguePredictions['parts']> {
  const parts = []
  for (const { id, part, predicted, reads } of leagues) {
    const stands = predicted === undefined ? reads.includes(league) : id === league
    if (part !== undefined && stands) parts.push({ league: id, view: await (await part()).read(sql, { simulated }) })
  }
  return parts
}

async function isAllSimulated(sql: Sql, league: string): Promise<boolean> {
  const [row] = await sql<{ all: boolean | null }[]>`
    select bool_and(simulated) as all from predictions.games where league = ${league}
  `
  return row?.all ?? false
}

async function readModels(sql: Sql, { league, simulated }: Wanted): Promise<ModelInUse[]> {
  return await sql<ModelInUse[]>`
    select model_version as version, count(distinct game_id)::integer as games, min(as_of) as from, max(as_of) as to
    from predictions.games
    where league = ${league} and simulated = ${simulated}
    group by model_version
    order by max(as_of) desc
  `
}
