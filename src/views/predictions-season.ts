// Pictures behind the account: calibration in bins, the running Brier score of a season, and by how much lines moved.

import type { Sql } from 'postgres'

import { wilson } from '../core/interval.ts'
import type { ViewMarket } from './predictions-account.ts'

export interface CalibrationDot {
  readonly n: number
  /** Mean probability given, and how often it happened, with its 95 % interval. */
  readonly said: number
  readonly happened: number
  readonly low: number
  readonly high: number
}

/** Of the same games; expected calibration error is how far dots are from the diagonal, weighted by games. */
export interface Calibration {
  readonly market: ViewMarket
  readonly games: number
  readonly model: readonly CalibrationDot[]
  readonly close: readonly CalibrationDot[]
  readonly modelError: number
  readonly closeError: number
}

/** One week's winners, and the mean since the season's first week. */
export interface SeasonWeek {
  readonly week: number
  readonly games: number
  readonly brier: number
  readonly closeBrier: number
  readonly toDate: { readonly games: number; readonly brier: number; readonly closeBrier: number }
}

/** First predictions by how many points their line moved the pick's way, to the half point; the ends hold what is beyond. */
export interface LineMove {
  readonly points: number
  readonly n: number
}

const GAMES_PER_BIN = 8
const MOST_BINS = 10
/** Points beyond which lines are counted together. */
const FARTHEST_MOVE = 4

/** Calibration of ours and of the close, by market, on the games that both judged. */
export async function readCalibrations(sql: Sql, { simulated }: { simulated: boolean }): Promise<Calibration[]> {
  const rows = await sql<{ market: ViewMarket; who: 'model' | 'close'; n: number; said: number; happened: number }[]>`
    with last as (
      select market, outcome, pick, p_model, p_close, close_error, close_brier,
        lead_days = min(lead_days) over (partition by game_id, market) as is_last
      from predictions.nfl_graded
      where simulated = ${simulated}
    ), judged as (
      select *, (outcome = 'won') = (pick in ('home', 'over')) as happened
      from last
      where is_last and outcome <> 'push' and p_close is not null and close_brier is not null
    ), said as (
      select market, 'model' as who, p_model as p, happened from judged
      union all
      -- The close may have another line, which the result may lie on the other side of.
      select market, 'close', p_close, case when market = 'moneyline' then happened else close_error > 0 end from judged
    ), counted as (
      select *, count(*) over (partition by market, who) as games from said
    ), binned as (
      select *, ntile(greatest(1, least(${MOST_BINS}, games / ${GAMES_PER_BIN}))::integer)
        over (partition by market, who order by p) as bin
      from counted
    )
    select market, who, count(*)::integer as n, avg(p) as said, avg(happened::integer)::double precision as happened
    from binned
    group by market, who, bin
    order by market, who, bin
  `
  const dots = (market: ViewMarket, who: 'model' | 'close') =>
    rows
      .filter((row) => row.market === market && row.who === who)
      .map(({ n, said, happened }): CalibrationDot => ({ n, said, happened, ...wilson(happened, n) }))
  return (['moneyline', 'ats', 'ou'] as const).flatMap((market) => {
    const [model, close] = [dots(market, 'model'), dots(market, 'close')]
    if (model.length === 0) return []
    const games = model.reduce((sum, dot) => sum + dot.n, 0)
    return [{ market, games, model, close, modelError: errorOf(model), closeError: errorOf(close) }]
  })
}

function errorOf(dots: readonly CalibrationDot[]): number {
  const games = dots.reduce((sum, dot) => sum + dot.n, 0)
  return dots.reduce((sum, dot) => sum + (dot.n / games) * Math.abs(dot.said - dot.happened), 0)
}

/** A season's winners by week, ours and the close on the same games. */
export async function readSeasonWeeks(sql: Sql, by: { season: number; simulated: boolean }): Promise<SeasonWeek[]> {
  const rows = await sql<{ week: number; games: number; brier: number; closeBrier: number }[]>`
    with last as (
      select week, brier, close_brier, lead_days = min(lead_days) over (partition by game_id) as is_last
      from predictions.nfl_graded
      where season = ${by.season} and market = 'moneyline' and simulated = ${by.simulated}
    )
    select week, count(*)::integer as games, avg(brier) as brier, avg(close_brier) as "closeBrier"
    from last
    where is_last and brier is not null and close_brier is not null
    group by week
    order by week
  `
  let toDate = { games: 0, brier: 0, closeBrier: 0 }
  return rows.map((row) => {
    const games = toDate.games + row.games
    const mean = (before: number, own: number) => (before * toDate.games + own * row.games) / games
    toDate = { games, brier: mean(toDate.brier, row.brier), closeBrier: mean(toDate.closeBrier, row.closeBrier) }
    return { ...row, toDate }
  })
}

/** How lines of spread and total moved after each game's first prediction. */
export async function readLineMoves(sql: Sql, { simulated }: { simulated: boolean }): Promise<LineMove[]> {
  return await sql<LineMove[]>`
    with first as (
      select clv_points, lead_days = max(lead_days) over (partition by game_id, market) as is_first
      from predictions.nfl_graded
      where simulated = ${simulated} and market in ('ats', 'ou')
    )
    select least(greatest(round(clv_points * 2) / 2, ${-FARTHEST_MOVE}), ${FARTHEST_MOVE}) as points, count(*)::integer as n
    from first
    where is_first and clv_points is not null
    group by 1
    order by 1
  `
}
