// Weeks of games as a sports page has them: each game's last prediction in three markets, the market's own number beside
// ours, and what became of the pick.

import type { Sql } from 'postgres'

import { VIEW_MARKETS, type ViewMarket } from './account.ts'

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
  /** Recorded by the database before kick-off. */
  readonly prospective: boolean
  readonly outcome: 'won' | 'lost' | 'push' | undefined
  /** Units on one unit staked. */
  readonly profit: number | undefined
  readonly brier: number | undefined
  readonly closeBrier: number | undefined
}

export interface GameRow {
  readonly gameId: string
  readonly gameType: string
  readonly kickoffAt: Date
  /** The source had no time of day. */
  readonly kickoffAssumed: boolean
  readonly home: string
  readonly away: string
  readonly neutral: boolean
  readonly score: { readonly home: number; readonly away: number } | undefined
  readonly simulated: boolean
  /** A market without a frozen prediction is missing. */
  readonly markets: Readonly<Partial<Record<ViewMarket, MarketCell>>>
}

export interface MarketTally {
  readonly market: ViewMarket
  /** Graded picks that were no push, and those that won. */
  readonly judged: number
  readonly right: number
  readonly pushed: number
  /** Units on flat stakes of one, where there was a price. */
  readonly profit: number
  readonly brier: number | undefined
  readonly closeBrier: number | undefined
}

export interface PredictedWeek {
  readonly season: number
  readonly week: number
  readonly games: readonly GameRow[]
  readonly tallies: readonly MarketTally[]
}

interface Row {
  gameId: string
  season: number
  week: number
  gameType: string
  kickoffAt: Date
  kickoffAssumed: boolean
  home: string
  away: string
  neutral: boolean
  homeScore: number | null
  awayScore: number | null
  simulated: boolean
  market: ViewMarket | null
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
  prospective: boolean
  outcome: MarketCell['outcome'] | null
  profit: number | null
  brier: number | null
  closeBrier: number | null
}

/** The newest weeks that have a prediction, at or before a week; newest first. */
export async function listPredictedWeeks(
  sql: Sql,
  until: { season: number; week: number },
  count: number,
): Promise<{ season: number; week: number }[]> {
  return await sql<{ season: number; week: number }[]>`
    select distinct season, week from predictions.nfl
    where (season, week) <= (${until.season}, ${until.week})
    order by season desc, week desc
    limit ${count}
  `
}

/** The weeks in the order asked for, each with all of its games by kick-off. */
export async function readWeeks(
  sql: Sql,
  weeks: readonly { season: number; week: number }[],
): Promise<PredictedWeek[]> {
  const rows = await readRows(sql, weeks)
  return weeks.flatMap(({ season, week }) => {
    const games = gamesOf(rows.filter((row) => row.season === season && row.week === week))
    return games.length === 0 ? [] : [{ season, week, games, tallies: VIEW_MARKETS.flatMap((m) => tallyOf(m, games)) }]
  })
}

/** A row per game and market; a game without any prediction is one row without a market. */
async function readRows(sql: Sql, weeks: readonly { season: number; week: number }[]): Promise<Row[]> {
  return await sql<Row[]>`
    select distinct on (g.season, g.week, g.kickoff_at, g.game_id, p.market)
      g.game_id as "gameId", g.season, g.week, g.game_type as "gameType", g.kickoff_at as "kickoffAt",
      g.kickoff_assumed as "kickoffAssumed", g.home_team as home, g.away_team as away, g.neutral,
      g.home_score as "homeScore", g.away_score as "awayScore", g.simulated or coalesce(p.simulated, false) as simulated,
      p.market, p.line, d.close_line as "closeLine", p.pick,
      case when p.pick in ('home', 'over') then p.price_for else p.price_against end as price,
      p.p_model as "pModel", p.p_market as "pMarket", p.p_final as "pFinal", p.stake, p.lead_days as "leadDays",
      p.as_of as "madeAt", p.recorded_at < g.kickoff_at as prospective, d.outcome, d.profit, d.brier,
      d.close_brier as "closeBrier"
    from unnest(${weeks.map(({ season }) => season)}::integer[], ${weeks.map(({ week }) => week)}::integer[]) w(season, week)
    join silver.nfl_games g on g.season = w.season and g.week = w.week
    left join predictions.nfl p on p.game_id = g.game_id
    left join predictions.nfl_grades d
      on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    order by g.season, g.week, g.kickoff_at, g.game_id, p.market, p.lead_days
  `
}

function gamesOf(rows: readonly Row[]): GameRow[] {
  const games = new Map<string, GameRow & { markets: Partial<Record<ViewMarket, MarketCell>> }>()
  for (const row of rows) {
    const game = games.get(row.gameId) ?? toGame(row)
    games.set(row.gameId, game)
    if (row.market !== null) game.markets[row.market] = toCell(row)
  }
  return [...games.values()]
}

function toGame(row: Row): GameRow & { markets: Partial<Record<ViewMarket, MarketCell>> } {
  const { gameId, gameType, kickoffAt, kickoffAssumed, home, away, neutral, simulated, homeScore, awayScore } = row
  const score = homeScore === null || awayScore === null ? undefined : { home: homeScore, away: awayScore }
  return { gameId, gameType, kickoffAt, kickoffAssumed, home, away, neutral, simulated, score, markets: {} }
}

/** Stored probabilities are of the home side or the over; a page speaks of the pick. */
function toCell(row: Row): MarketCell {
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
    prospective: row.prospective,
    outcome: row.outcome ?? undefined,
    profit: row.profit ?? undefined,
    brier: row.brier ?? undefined,
    closeBrier: row.closeBrier ?? undefined,
  }
}

function tallyOf(market: ViewMarket, games: readonly GameRow[]): MarketTally[] {
  const graded = games.flatMap((game) => game.markets[market] ?? []).filter((cell) => cell.outcome !== undefined)
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
