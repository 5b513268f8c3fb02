// What is known of each game before its week begins: ratings frozen at the week's first kick-off, rest, place.
// One pass over all games in time order; nothing that ended later than that kick-off can get into a row.

import { eloDifference, eloOf, eloShift, revertElo, type EloRatings } from './elo.ts'
import { expectedTotal, FIRST_TOTALS, revertTotals, updateTotals, type TotalRatings } from './total-ratings.ts'

/** A game as the ratings need it. Scores are null until it is over. */
export interface RatedGame {
  readonly gameId: string
  readonly season: number
  readonly week: number
  readonly gameType: string
  readonly kickoffAt: Date
  readonly home: string
  readonly away: string
  readonly neutral: boolean
  readonly division: boolean | null
  readonly homeRest: number | null
  readonly awayRest: number | null
  readonly homeScore: number | null
  readonly awayScore: number | null
}

/** Numbers by name; flags are 0 or 1. */
export type Features = Readonly<Record<string, number>>

export interface GameFeatures {
  readonly gameId: string
  readonly season: number
  readonly week: number
  /** The week's first kick-off: nothing that ended later went in. */
  readonly knownUntil: Date
  readonly moneyline: Features
  readonly ats: Features
  readonly ou: Features
}

interface State {
  readonly elo: EloRatings
  readonly totals: TotalRatings
  readonly isNewLeague: boolean
}

// A game that kicked off less than this before the week's first kick-off was not over by then.
const GAME_MS = 4 * 3_600_000

/** Features of every game, in the order of their weeks. `games` may come in any order. */
export function gameFeatures(games: readonly RatedGame[]): GameFeatures[] {
  const rows: GameFeatures[] = []
  let state: State = { elo: new Map(), totals: FIRST_TOTALS, isNewLeague: true }
  let waiting: RatedGame[] = []
  let season: number | undefined
  for (const week of byWeek(games)) {
    const knownUntil = firstKickoff(week)
    const isOver = (game: RatedGame) => game.kickoffAt.getTime() + GAME_MS <= knownUntil.getTime()
    state = afterGames(state, waiting.filter(isOver))
    // A postponed game counts from the first week that begins after it.
    waiting = waiting.filter((game) => !isOver(game))
    if (season !== undefined && week[0]!.season !== season) state = nextSeason(state)
    season = week[0]!.season
    for (const game of week) rows.push(featuresOf(game, state, knownUntil))
    waiting.push(...week)
  }
  return rows
}

function byWeek(games: readonly RatedGame[]): RatedGame[][] {
  const weeks = new Map<number, RatedGame[]>()
  for (const game of games) {
    const key = game.season * 100 + game.week
    const week = weeks.get(key)
    if (week) week.push(game)
    else weeks.set(key, [game])
  }
  return [...weeks].sort(([a], [b]) => a - b).map(([, week]) => week)
}

function firstKickoff(week: readonly RatedGame[]): Date {
  return new Date(Math.min(...week.map((game) => game.kickoffAt.getTime())))
}

function nextSeason(state: State): State {
  return { elo: revertElo(state.elo), totals: revertTotals(state.totals), isNewLeague: false }
}

function afterGames(state: State, games: readonly RatedGame[]): State {
  // In a fixed order, so that the same games give the same ratings to the last bit however they were read.
  const ordered = [...games].sort(
    (a, b) => a.kickoffAt.getTime() - b.kickoffAt.getTime() || (a.gameId < b.gameId ? -1 : 1),
  )
  const elo = new Map(state.elo)
  const totals: { home: string; away: string; total: number }[] = []
  for (const game of ordered) {
    const { homeScore, awayScore } = game
    if (homeScore === null || awayScore === null) continue
    const ratings = ratingsOf(game, state)
    const shift = eloShift(eloDifference(ratings, game), homeScore - awayScore)
    // Added to what the map holds, not to `ratings`: a postponed game may be a team's second of this batch.
    elo.set(game.home, (elo.get(game.home) ?? ratings.home) + shift)
    elo.set(game.away, (elo.get(game.away) ?? ratings.away) - shift)
    totals.push({ home: game.home, away: game.away, total: homeScore + awayScore })
  }
  return { ...state, elo, totals: updateTotals(state.totals, totals) }
}

function ratingsOf(game: RatedGame, state: State): { home: number; away: number } {
  return { home: eloOf(state.elo, game.home, state), away: eloOf(state.elo, game.away, state) }
}

function featuresOf(game: RatedGame, state: State, knownUntil: Date): GameFeatures {
  const ratings = ratingsOf(game, state)
  const circumstances = {
    neutral: Number(game.neutral),
    division: Number(game.division ?? false),
    playoff: Number(game.gameType !== 'REG'),
    rest_difference: (game.homeRest ?? 7) - (game.awayRest ?? 7),
  }
  const strength = {
    elo_home: ratings.home,
    elo_away: ratings.away,
    elo_difference: eloDifference(ratings, game),
    ...circumstances,
  }
  const total = {
    expected_total: expectedTotal(state.totals, game),
    league_total: state.totals.level,
    ...circumstances,
  }
  const { gameId, season, week } = game
  return { gameId, season, week, knownUntil, moneyline: strength, ats: strength, ou: total }
}
