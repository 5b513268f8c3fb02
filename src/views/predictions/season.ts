// Pictures behind the account: the running Brier score of a season, and by how much lines moved.

import type { Sql } from 'postgres'

import type { NamedPeriod, Predicted } from '../../core/predicted.ts'
import type { Wanted } from './account.ts'

/** One period's winners, and the mean since the season's first. */
export interface SeasonPeriod extends Pick<NamedPeriod, 'place' | 'label'> {
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

/** Points beyond which lines are counted together. */
const FARTHEST_MOVE = 4

/** A season's winners by period, ours and the close on the same games. */
export async function readSeasonPeriods(
  sql: Sql,
  { league, markets, simulated }: Wanted,
  { season, periodOf }: { season: number } & Pick<Predicted, 'periodOf'>,
): Promise<SeasonPeriod[]> {
  const winners = markets.filter(({ kind }) => kind === 'winner').map(({ id }) => id)
  const rows = await sql<{ period: string; games: number; brier: number; closeBrier: number }[]>`
    with last as (
      select period, brier, close_brier, lead_days = min(lead_days) over (partition by game_id, market) as is_last
      from predictions.graded
      where league = ${league} and season = ${season} and market = any(${winners}) and simulated = ${simulated}
    )
    select period, count(*)::integer as games, avg(brier) as brier, avg(close_brier) as "closeBrier"
    from last
    where is_last and brier is not null and close_brier is not null
    group by period
    order by period
  `
  let toDate = { games: 0, brier: 0, closeBrier: 0 }
  return rows.map(({ period, ...row }) => {
    const games = toDate.games + row.games
    const mean = (before: number, own: number) => (before * toDate.games + own * row.games) / games
    toDate = { games, brier: mean(toDate.brier, row.brier), closeBrier: mean(toDate.closeBrier, row.closeBrier) }
    const { place, label } = periodOf(period)
    return { ...row, place, label, toDate }
  })
}

/** How lines of spread and total moved after each game's first prediction. */
export async function readLineMoves(sql: Sql, { league, markets, simulated }: Wanted): Promise<LineMove[]> {
  const about = markets.filter(({ kind }) => kind !== 'winner').map(({ id }) => id)
  return await sql<LineMove[]>`
    with first as (
      select clv_points, lead_days = max(lead_days) over (partition by game_id, market) as is_first
      from predictions.graded
      where league = ${league} and simulated = ${simulated} and market = any(${about})
    )
    select least(greatest(round(clv_points * 2) / 2, ${-FARTHEST_MOVE}), ${FARTHEST_MOVE}) as points, count(*)::integer as n
    from first
    where is_first and clv_points is not null
    group by 1
    order by 1
  `
}
