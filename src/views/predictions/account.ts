// The honest account of graded predictions by market, season and lead: ours and the closing market on the same games, as
// intervals. The database adds up; nothing here grows with the number of games.

import type { Sql } from 'postgres'

import {
  addMoments,
  meanInterval,
  NO_MOMENTS,
  shareInterval,
  type Interval,
  type Moments,
} from '../../core/interval.ts'
import type { PredictedMarket } from '../../core/predicted.ts'

/** Whose predictions are read, and whether the simulated ones. */
export interface Wanted {
  readonly league: string
  readonly markets: readonly PredictedMarket[]
  readonly simulated: boolean
}

/** Figures of nothing are undefined. All are of each game's last prediction, but for those of the closing line value. */
export interface AccountLine {
  readonly market: PredictedMarket
  readonly games: number
  /** Of the games, those whose prediction the database recorded before they began. */
  readonly prospective: number
  readonly pushes: number
  /** Of games that were no push, how often the pick won; and the closing favourite, where there is one. */
  readonly right: Interval | undefined
  readonly closeRight: Interval | undefined
  readonly brier: Interval | undefined
  /** The published probability: the market's with a little of ours. */
  readonly finalBrier: Interval | undefined
  readonly closeBrier: Interval | undefined
  /** Ours less the close's: below nought we were better. */
  readonly brierLead: Interval | undefined
  readonly finalLead: Interval | undefined
  readonly logLoss: Interval | undefined
  readonly closeLogLoss: Interval | undefined
  /** Mean size of the error of margin or total, in points. */
  readonly modelError: Interval | undefined
  readonly closeError: Interval | undefined
  /** Return per unit of flat stakes on every pick, at the prices that were taken. */
  readonly profit: Interval | undefined
  /** Return per unit of what was proposed to be staked, where anything was. */
  readonly betProfit: Interval | undefined
  /** Closing line value of each game's first prediction: points, and the share of lines that moved our way of those that
   *  moved, both undefined where none did, for then only closing lines are known; and what the price taken was worth by
   *  the closing one. */
  readonly clvPoints: Interval | undefined
  readonly movedOurWay: Interval | undefined
  readonly clvPrice: Interval | undefined
}

export interface Account {
  /** Everything, by market. */
  readonly all: readonly AccountLine[]
  /** Newest season first, within a market. */
  readonly seasons: readonly (AccountLine & { readonly season: number })[]
  /** Recorded before the game, and worked out afterwards. */
  readonly prospective: readonly AccountLine[]
  readonly retrospective: readonly AccountLine[]
  /** Of the newest season, by days from prediction to game; a game may be in several. */
  readonly leads: readonly (AccountLine & { readonly leadDays: number })[]
}

interface MomentRow {
  market: string
  season: number
  lead: number
  /** Null: of all games, whichever way they were recorded. A period of both kinds is one period there. */
  prospective: boolean | null
  figure: Figure
  n: number
  weight: number
  sum: number
  games: Moments['games']
  weeks: Moments['weeks']
}

type Figure = 'game' | Exclude<keyof AccountLine, 'market' | 'games' | 'prospective' | 'pushes'> | 'push'

/** Reads the account of real rows, or of simulated ones: never of both. */
export async function readAccount(sql: Sql, wanted: Wanted): Promise<Account> {
  const linesOf = inMarkets(wanted.markets)
  const moments = await readMoments(sql, wanted)
  const seasons = unique(moments.map((row) => row.season)).sort((a, b) => b - a)
  const leads = await readMoments(sql, wanted, seasons[0] ?? 0)
  return {
    all: linesOf(moments),
    seasons: seasons.flatMap((season) =>
      linesOf(moments.filter((row) => row.season === season)).map((line) => ({ ...line, season })),
    ),
    prospective: linesOf(moments, true),
    retrospective: linesOf(moments, false),
    leads: unique(leads.map((row) => row.lead))
      .sort((a, b) => b - a)
      .flatMap((leadDays) =>
        linesOf(leads.filter((row) => row.lead === leadDays)).map((line) => ({ ...line, leadDays })),
      ),
  }
}

const unique = (values: readonly number[]) => [...new Set(values)]

/** A line per market that has any game of those recorded before it began, afterwards, or (null) either way. */
const inMarkets =
  (markets: readonly PredictedMarket[]) =>
  (rows: readonly MomentRow[], prospective: boolean | null = null): AccountLine[] =>
    markets.flatMap((market) => {
      const own = rows.filter((row) => row.market === market.id)
      return own.some((row) => row.prospective === prospective) ? [lineOf(market, own, prospective)] : []
    })

function lineOf(market: PredictedMarket, rows: readonly MomentRow[], prospective: boolean | null): AccountLine {
  const of = (figure: Figure, among = prospective) =>
    rows.filter((row) => row.figure === figure && row.prospective === among).reduce<Moments>(addMoments, NO_MOMENTS)
  const mean = (figure: Figure) => meanInterval(of(figure))
  const share = (figure: Figure) => shareInterval(of(figure))
  const moved = share('movedOurWay')
  return {
    market,
    games: of('game').n,
    prospective: prospective === false ? 0 : of('game', true).n,
    pushes: of('push').n,
    right: share('right'),
    closeRight: share('closeRight'),
    brier: mean('brier'),
    finalBrier: mean('finalBrier'),
    closeBrier: mean('closeBrier'),
    brierLead: mean('brierLead'),
    finalLead: mean('finalLead'),
    logLoss: mean('logLoss'),
    closeLogLoss: mean('closeLogLoss'),
    modelError: mean('modelError'),
    closeError: mean('closeError'),
    profit: mean('profit'),
    betProfit: mean('betProfit'),
    clvPoints: moved === undefined ? undefined : mean('clvPoints'),
    movedOurWay: moved,
    clvPrice: mean('clvPrice'),
  }
}

/** Sums of every figure by period, added up by season; or, of one season, by lead; of all games, and of those recorded before
 *  the game and afterwards by themselves. By season only each game's last prediction
 *  counts, and of the closing line value its first: there the line still had time to move. */
async function readMoments(
  sql: Sql,
  { league, markets, simulated }: Wanted,
  leadsOf: number | undefined = undefined,
): Promise<MomentRow[]> {
  const perSeason = leadsOf === undefined
  const winners = markets.filter(({ kind }) => kind === 'winner').map(({ id }) => id)
  return await sql<MomentRow[]>`
    with graded as (
      select g.*, lead_days = min(lead_days) over game as is_last, lead_days = max(lead_days) over game as is_first,
        g.brier is not null and g.close_brier is not null as judged,
        g.model_error is not null and g.close_error is not null as measured
      from predictions.graded g
      where g.league = ${league} and g.simulated = ${simulated} and (${perSeason} or g.season = ${leadsOf ?? 0})
      window game as (partition by g.game_id, g.market)
    ), figures as (
      select market, season, period, prospective, case when ${perSeason} then 0 else lead_days end as lead, f.*
      from graded, lateral (values
        ('game', 1, 1::double precision, false),
        ('push', 1, case when outcome = 'push' then 1 end, false),
        ('right', 1, case outcome when 'won' then 1 when 'lost' then 0 end, false),
        -- Below a quarter the winner was given more than half; at a quarter the close named no favourite.
        ('closeRight', 1, case when market = any(${winners}) and close_brier <> 0.25 then (close_brier < 0.25)::integer end, false),
        ('brier', 1, case when judged then brier end, false),
        ('finalBrier', 1, case when judged then final_brier end, false),
        ('closeBrier', 1, case when judged then close_brier end, false),
        ('brierLead', 1, brier - close_brier, false),
        ('finalLead', 1, final_brier - close_brier, false),
        ('logLoss', 1, case when judged then log_loss end, false),
        ('closeLogLoss', 1, case when judged then close_log_loss end, false),
        ('modelError', 1, case when measured then abs(model_error) end, false),
        ('closeError', 1, case when measured then abs(close_error) end, false),
        ('profit', 1, profit, false),
        ('betProfit', stake, case when stake > 0 then profit * stake end, false),
        ('clvPoints', 1, clv_points, true),
        ('movedOurWay', 1, case when clv_points <> 0 then (clv_points > 0)::integer end, true),
        ('clvPrice', 1, clv_price, true)
      ) f(figure, weight, value, of_first)
      where f.value is not null and (${!perSeason} or case when f.of_first then is_first else is_last end)
    ), periods as (
      select market, season, period, prospective, lead, figure, count(*) as n, sum(weight) as weight, sum(value) as sum,
        sum(value * value) as squares, sum(value * weight) as crossed, sum(weight * weight) as weights
      from figures
      group by grouping sets (
        (market, season, period, lead, figure), (market, season, period, lead, figure, prospective)
      )
    )
    select market, season, lead, prospective, figure, sum(n)::integer as n, sum(weight) as weight, sum(sum) as sum,
      json_build_object('groups', sum(n), 'squares', sum(squares), 'cross', sum(crossed), 'weights', sum(weights)) as games,
      json_build_object('groups', count(*), 'squares', sum(sum * sum), 'cross', sum(sum * weight),
        'weights', sum(weight * weight)) as weeks
    from periods
    group by market, season, lead, prospective, figure
  `
}
