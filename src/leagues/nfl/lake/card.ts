// A week's card: for every game and market the last prediction frozen before kick-off, with its grade if there is one.

import type { Sql } from 'postgres'

import type { Market, Side } from '../../../models/markets/markets.ts'
import type { Week } from '../calendar.ts'

export interface CardRow {
  readonly gameId: string
  readonly kickoffAt: Date
  readonly home: string
  readonly away: string
  /** Undefined until both are known. */
  readonly score: { home: number; away: number } | undefined
  readonly market: Market
  /** Calendar days before the game, in New York. */
  readonly lead: number
  readonly line: number | undefined
  readonly closeLine: number | undefined
  /** P(home wins), P(home covers) or P(over). */
  readonly pModel: number
  readonly pMarket: number | undefined
  readonly pFinal: number
  readonly pick: Side
  readonly outcome: 'won' | 'lost' | 'push' | undefined
  readonly brier: number | undefined
  readonly marketBrier: number | undefined
  /** Units won on one unit staked. */
  readonly profit: number | undefined
}

interface Row {
  game_id: string
  kickoff_at: Date
  home_team: string
  away_team: string
  home_score: number | null
  away_score: number | null
  market: CardRow['market']
  lead_days: number
  line: number | null
  close_line: number | null
  p_model: number
  p_market: number | null
  p_final: number
  pick: CardRow['pick']
  outcome: CardRow['outcome'] | null
  brier: number | null
  market_brier: number | null
  profit: number | null
}

/** The card of one week, by kick-off. A game without a prediction is not on it. */
export async function listCard(sql: Sql, week: Week): Promise<CardRow[]> {
  const rows = await sql<Row[]>`
    select distinct on (g.kickoff_at, p.game_id, p.market)
      p.game_id, g.kickoff_at, g.home_team, g.away_team, g.home_score, g.away_score, p.market, p.lead_days, p.line,
      r.close_line, p.p_model, p.p_market, p.p_final, p.pick, r.outcome, r.brier, r.market_brier, r.profit
    from predictions.games p
    join silver.nfl_games g on g.game_id = p.game_id
    left join predictions.grades r
      on r.league = p.league and r.game_id = p.game_id and r.market = p.market and r.lead_days = p.lead_days
    where p.league = 'nfl' and p.period = ${week.key}
    order by g.kickoff_at, p.game_id, p.market, p.lead_days
  `
  return rows.map((row) => ({
    gameId: row.game_id,
    kickoffAt: row.kickoff_at,
    home: row.home_team,
    away: row.away_team,
    score:
      row.home_score === null || row.away_score === null ? undefined : { home: row.home_score, away: row.away_score },
    market: row.market,
    lead: row.lead_days,
    line: row.line ?? undefined,
    closeLine: row.close_line ?? undefined,
    pModel: row.p_model,
    pMarket: row.p_market ?? undefined,
    pFinal: row.p_final,
    pick: row.pick,
    outcome: row.outcome ?? undefined,
    brier: row.brier ?? undefined,
    marketBrier: row.market_brier ?? undefined,
    profit: row.profit ?? undefined,
  }))
}
