// Does it happen as often as was said? Calibration in bins of about equal size, by market: of all seasons, and of each by
// itself.

import type { Sql } from 'postgres'

import { wilson } from '../../core/interval.ts'
import type { PredictedMarket } from '../../core/predicted.ts'
import type { Wanted } from './account.ts'

export interface CalibrationDot {
  readonly n: number
  /** Mean probability given, and how often it happened, with its 95 % interval. */
  readonly said: number
  readonly happened: number
  readonly low: number
  readonly high: number
}

/** Ours and the close on the same games. */
export interface CalibrationParts {
  readonly games: number
  readonly model: readonly CalibrationDot[]
  readonly close: readonly CalibrationDot[]
  /** Expected calibration error: how far dots are from the diagonal, weighted by games. */
  readonly modelError: number
  readonly closeError: number
  /** How far they would be by chance alone, if all that was said were true: of few games much. */
  readonly chance: number
}

export interface SeasonCalibration extends CalibrationParts {
  readonly season: number
}

export interface Calibration extends CalibrationParts {
  readonly market: PredictedMarket
  /** Newest first, at most 30. */
  readonly seasons: readonly SeasonCalibration[]
}

const GAMES_PER_BIN = 8
const MOST_BINS = 10
/** A season has some 270 games: more bins would tell of chance. */
const MOST_BINS_A_SEASON = 5
const MOST_SEASONS = 30

interface BinRow extends Pick<CalibrationDot, 'n' | 'said' | 'happened'> {
  market: string
  /** Null: of all seasons. */
  season: number | null
  who: 'model' | 'close'
}

/** Calibration of ours and of the close, by market and season, on the games that both judged. */
export async function readCalibrations(sql: Sql, { league, markets, simulated }: Wanted): Promise<Calibration[]> {
  const winners = markets.filter(({ kind }) => kind === 'winner').map(({ id }) => id)
  const rows = await sql<BinRow[]>`
    with last as (
      select market, season, outcome, pick, p_model, p_close, close_error, close_brier,
        lead_days = min(lead_days) over (partition by game_id, market) as is_last
      from predictions.graded
      where league = ${league} and simulated = ${simulated}
    ), judged as (
      select *, (outcome = 'won') = (pick in ('home', 'over')) as happened
      from last
      where is_last and outcome <> 'push' and p_close is not null and close_brier is not null
    ), said as (
      select market, season, 'model' as who, p_model as p, happened from judged
      union all
      -- The close may have another line, which the result may lie on the other side of.
      select market, season, 'close', p_close, case when market = any(${winners}) then happened else close_error > 0 end
      from judged
    ), counted as (
      select market, who, p, happened, part.season, part.bins, count(*) over (partition by market, who, part.season) as games
      from said, lateral (values (null::smallint, ${MOST_BINS}::bigint), (said.season, ${MOST_BINS_A_SEASON})) part(season, bins)
    ), tiled as (
      select *, ntile(greatest(1, least(bins, games / ${GAMES_PER_BIN}))::integer)
        over (partition by market, who, season order by p) as tile
      from counted
    ), binned as (
      -- Equal forecasts share a bin: split, they would seem to be wrong by whatever chance put where.
      select *, min(tile) over (partition by market, who, season, p) as bin from tiled
    )
    select market, season::integer as season, who, count(*)::integer as n, avg(p) as said,
      avg(happened::integer)::double precision as happened
    from binned
    group by market, season, who, bin
    order by market, season desc, who, bin
  `
  return markets.flatMap((market) => {
    const own = rows.filter((row) => row.market === market.id)
    if (own.length === 0) return []
    const seasons = [...new Set(own.flatMap(({ season }) => season ?? []))].slice(0, MOST_SEASONS)
    return [
      {
        market,
        ...partsOf(own.filter(({ season }) => season === null)),
        seasons: seasons.map((season) => ({ season, ...partsOf(own.filter((row) => row.season === season)) })),
      },
    ]
  })
}

function partsOf(rows: readonly BinRow[]): CalibrationParts {
  const [model, close] = [dotsOf(rows, 'model'), dotsOf(rows, 'close')]
  const chance = meanOf(model, ({ said, n }) => Math.sqrt((2 / Math.PI) * ((said * (1 - said)) / n)))
  return { games: gamesOf(model), model, close, modelError: errorOf(model), closeError: errorOf(close), chance }
}

function dotsOf(rows: readonly BinRow[], who: BinRow['who']): CalibrationDot[] {
  return rows
    .filter((row) => row.who === who)
    .map(({ n, said, happened }) => ({ n, said, happened, ...wilson(happened, n) }))
}

const gamesOf = (dots: readonly CalibrationDot[]) => dots.reduce((sum, { n }) => sum + n, 0)
const errorOf = (dots: readonly CalibrationDot[]) => meanOf(dots, ({ said, happened }) => Math.abs(said - happened))

function meanOf(dots: readonly CalibrationDot[], figure: (dot: CalibrationDot) => number): number {
  const games = gamesOf(dots)
  return dots.reduce((sum, dot) => sum + (dot.n / games) * figure(dot), 0)
}
