// Periods of games as a sports page has them: each game's last prediction in every market, the market's own number beside
// ours, and what became of the pick.

import type { Sql } from 'postgres'

import type { ListedGame, NamedPeriod, Predicted, PredictedMarket } from '../../core/predicted.ts'
import { groupBy } from '../group-by.ts'

export interface MarketCell {
  /** What the prediction saw: home side favoured is positive; of the total its points; of the winner none. */
  readonly line: number | undefined
  readonly closeLine: number | undefined
  readonly pick: 'home' | 'away' | 'over' | 'under'
  /** American odds on the pick. */
  readonly price: number | undefined
  /** Of the pick, by the model alone, by the market's prices, and by both. */
  readonly pModel: number
  readonly pMarket: number | undefined
  readonly pFinal: number
  /** Share of a bankroll; nought where no bet is proposed. */
  readonly stake: number
  readonly leadDays: number
  readonly madeAt: Date
  /** Recorded by the database before the game. */
  readonly prospective: boolean
  readonly outcome: 'won' | 'lost' | 'push' | undefined
  /** Units on one unit staked. */
  readonly profit: number | undefined
  readonly brier: number | undefined
  readonly closeBrier: number | undefined
}

export interface GameRow extends Omit<ListedGame, 'period' | 'homeScore' | 'awayScore'> {
  readonly score: { readonly home: number; readonly away: number } | undefined
  /** By the market's id; one without a frozen prediction is missing. */
  readonly markets: Readonly<Record<string, MarketCell>>
}

export interface MarketTally {
  readonly market: PredictedMarket
  /** Graded picks that were no push, and those that won. */
  readonly judged: number
  readonly right: number
  readonly pushed: number
  /** Units on flat stakes of one, where there was a price. */
  readonly profit: number
  readonly brier: number | undefined
  readonly closeBrier: number | undefined
}

export interface PredictedPeriod extends NamedPeriod {
  readonly games: readonly GameRow[]
  readonly tallies: readonly MarketTally[]
}

interface Row {
  gameId: string
  simulated: boolean
  market: string
  line: number | null
  closeLine: number | null
  pick: MarketCell['pick']
  price: number | null
  pModel: number
  pMarket: number | null
  pFinal: number
  stake: number | null
  leadDays: number
  madeAt: Date
  recordedAt: Date
  outcome: MarketCell['outcome'] | null
  profit: number | null
  brier: number | null
  closeBrier: number | null
}

/** The newest periods of a league that have a prediction, at or before one; newest first. */
export async function listPredictedPeriods(
  sql: Sql,
  by: { league: string; until: string },
  count: number,
): Promise<string[]> {
  const rows = await sql<{ period: string }[]>`
    select distinct period from predictions.games
    where league = ${by.league} and period <= ${by.until}
    order by period desc
    limit ${count}
  `
  return rows.map(({ period }) => period)
}

/** The periods in the order asked for, each with all of its games by their start; those without a game are left out. */
export async function readPeriods(
  sql: Sql,
  { league, predicted }: { league: string; predicted: Predicted },
  periods: readonly string[],
): Promise<PredictedPeriod[]> {
  const listed = await predicted.listGames(sql, periods)
  const games = listed.map(({ gameId }) => gameId)
  const rows = groupBy(await readRows(sql, { league, games }), ({ gameId }) => gameId, (own) => own) // prettier-ignore
  return periods.flatMap((key) => {
    const games = listed.filter(({ period }) => period === key).map((game) => toGame(game, rows.get(game.gameId) ?? []))
    if (games.length === 0) return []
    return [
      { ...predicted.periodOf(key), games, tallies: predicted.markets.flatMap((market) => tallyOf(market, games)) },
    ]
  })
}

/** A row per game and market: the last prediction of it. */
async function readRows(sql: Sql, by: { league: string; games: readonly string[] }): Promise<Row[]> {
  return await sql<Row[]>`
    select distinct on (p.game_id, p.market)
      p.game_id as "gameId", p.simulated, p.market, p.line, d.close_line as "closeLine", p.pick,
      case when p.pick in ('home', 'over') then p.price_for else p.price_against end as price,
      p.p_model as "pModel", p.p_market as "pMarket", p.p_final as "pFinal", p.stake, p.lead_days as "leadDays",
      p.as_of as "madeAt", p.recorded_at as "recordedAt", d.outcome, d.profit, d.brier, d.close_brier as "closeBrier"
    from predictions.games p
    left join predictions.grades d
      on d.league = p.league and d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    where p.league = ${by.league} and p.game_id = any(${[...by.games]})
    order by p.game_id, p.market, p.lead_days
  `
}

function toGame({ period: _period, homeScore, awayScore, ...game }: ListedGame, rows: readonly Row[]): GameRow {
  return {
    ...game,
    simulated: game.simulated || rows.some(({ simulated }) => simulated),
    score: homeScore === null || awayScore === null ? undefined : { home: homeScore, away: awayScore },
    markets: Object.fromEntries(rows.map((row) => [row.market, toCell(row, game.startsAt)])),
  }
}

/** Stored probabilities are of the home side or the over; a page speaks of the pick. */
function toCell(row: Row, startsAt: Date): MarketCell {
  const isFor = row.pick === 'home' || row.pick === 'over'
  const ofPick = (p: number) => (isFor ? p : 1 - p)
  return {
    line: row.line ?? undefined,
    closeLine: row.closeLine ?? undefined,
    pick: row.pick,
    price: row.price ?? undefined,
    pModel: ofPick(row.pModel),
    pMarket: row.pMarket === null ? undefined : ofPick(row.pMarket),
    pFinal: ofPick(row.pFinal),
    stake: row.stake ?? 0,
    leadDays: row.leadDays,
    madeAt: row.madeAt,
    prospective: row.recordedAt < startsAt,
    outcome: row.outcome ?? undefined,
    profit: row.profit ?? undefined,
    brier: row.brier ?? undefined,
    closeBrier: row.closeBrier ?? undefined,
  }
}

function tallyOf(market: PredictedMarket, games: readonly GameRow[]): MarketTally[] {
  const graded = games.flatMap((game) => game.markets[market.id] ?? []).filter((cell) => cell.outcome !== undefined)
  if (graded.length === 0) return []
  const judged = graded.filter((cell) => cell.outcome !== 'push')
  const both = graded.filter((cell) => cell.brier !== undefined && cell.closeBrier !== undefined)
  const mean = (name: 'brier' | 'closeBrier') =>
    both.length === 0 ? undefined : both.reduce((sum, cell) => sum + (cell[name] ?? 0), 0) / both.length
  return [
    {
      market,
      judged: judged.length,
      right: judged.filter((cell) => cell.outcome === 'won').length,
      pushed: graded.length - judged.length,
      profit: graded.reduce((sum, cell) => sum + (cell.profit ?? 0), 0),
      brier: mean('brier'),
      closeBrier: mean('closeBrier'),
    },
  ]
}
