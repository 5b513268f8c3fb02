// Ratings A: Elo with a part that belongs to the quarterback. The formulas are FiveThirtyEight's (the
// repository nfl-elo-game and "How our NFL predictions work"); our constants are searched on 2001 to 2009 only, the optimum is flat.

import { eloSurprise } from './elo.ts'
import type { PlayedGame, RatedGame, WeekStep } from './weeks.ts'

const TEAM_K = 14
const QUARTERBACK_K = 9
const START = 1500
const EXPANSION = 1300 // of a team that joins a running league
const MEAN = 1505
/** Of a rating, what goes back to the mean between seasons. */
const REVERT = 0.42
/** Of a quarterback's part, what is left after a season. */
const QUARTERBACK_KEEP = 0.75
const NEW_QUARTERBACK = -45
/** Elo points for coming out of a bye, and the days of rest that make one. */
const BYE = 25
const BYE_DAYS = 13
const POINTS = 25
/** 2.6 points, 538's, while no season has been seen. */
const FIRST_HOME_FIELD = 65
/** Home field is the mean home margin of so many seasons; that of 2020, without crowds, says nothing (it was 0.1). */
const HOME_FIELD_SEASONS = 4
const NO_CROWDS = 2020

export interface QuarterbackElo {
  readonly season: number
  readonly teams: ReadonlyMap<string, number>
  readonly quarterbacks: ReadonlyMap<string, number>
  /** Who started each team's latest game. */
  readonly starters: ReadonlyMap<string, string>
  /** What a quarterback without a past is worth: nothing in the first season, when nobody has one. */
  readonly newQuarterback: number
  /** In Elo points. */
  readonly homeField: number
  /** By season, the sum of home margins off neutral ground and their number. */
  readonly homeMargins: ReadonlyMap<number, { readonly sum: number; readonly games: number }>
}

export const FIRST_QUARTERBACK_ELO: QuarterbackElo = {
  season: 0,
  teams: new Map(),
  quarterbacks: new Map(),
  starters: new Map(),
  newQuarterback: 0,
  homeField: FIRST_HOME_FIELD,
  homeMargins: new Map(),
}

/** All parts of a game's difference, in Elo points. */
export interface Strength {
  readonly home: number
  readonly away: number
  readonly homeQuarterback: number
  readonly awayQuarterback: number
  readonly homeField: number
  readonly bye: number
  /** The sum, seen from the home side. */
  readonly difference: number
}

/** Which quarterbacks a rating counts on. */
export interface Starters {
  readonly home: string | null
  readonly away: string | null
}

/** The state that foretells the step's week. */
export function advanceElo(before: QuarterbackElo, step: WeekStep): QuarterbackElo {
  const learned = afterGames(before, step.ended)
  const state = step.opensSeason ? nextSeason(learned, step.season) : learned
  return withNewTeams(state, step.week)
}

/** How much stronger the home side is. A side of which no starter is known counts as led by a new one. */
export function strengthOf(game: RatedGame, state: QuarterbackElo, starters: Starters): Strength {
  const quarterback = (id: string | null) => state.quarterbacks.get(id ?? '') ?? state.newQuarterback
  const parts = {
    home: state.teams.get(game.home) ?? NaN,
    away: state.teams.get(game.away) ?? NaN,
    homeQuarterback: quarterback(starters.home),
    awayQuarterback: quarterback(starters.away),
    homeField: game.neutral ? 0 : state.homeField,
    bye: BYE * (Number((game.homeRest ?? 0) >= BYE_DAYS) - Number((game.awayRest ?? 0) >= BYE_DAYS)),
  }
  const { home, away, homeQuarterback, awayQuarterback, homeField, bye } = parts
  return { ...parts, difference: home - away + homeField + bye + homeQuarterback - awayQuarterback }
}

/** Who led each side the last time it played. */
export function lastStarters(game: RatedGame, state: QuarterbackElo): Starters {
  return { home: state.starters.get(game.home) ?? null, away: state.starters.get(game.away) ?? null }
}

function afterGames(before: QuarterbackElo, games: readonly PlayedGame[]): QuarterbackElo {
  const teams = new Map(before.teams)
  const quarterbacks = new Map(before.quarterbacks)
  const starters = new Map(before.starters)
  const homeMargins = new Map(before.homeMargins)
  for (const game of games) {
    const margin = game.homeScore - game.awayScore
    const named = { home: game.homeQb, away: game.awayQb }
    const surprise = eloSurprise(strengthOf(game, before, named).difference, margin)
    // Added to what the map holds: a postponed game may be a team's second of this batch.
    teams.set(game.home, (teams.get(game.home) ?? NaN) + TEAM_K * surprise)
    teams.set(game.away, (teams.get(game.away) ?? NaN) - TEAM_K * surprise)
    const credit = (team: string, id: string | null, shift: number) => {
      if (id === null) return
      quarterbacks.set(id, (quarterbacks.get(id) ?? before.newQuarterback) + shift)
      starters.set(team, id)
    }
    credit(game.home, named.home, QUARTERBACK_K * surprise)
    credit(game.away, named.away, -QUARTERBACK_K * surprise)
    if (game.neutral) continue
    const seen = homeMargins.get(game.season) ?? { sum: 0, games: 0 }
    homeMargins.set(game.season, { sum: seen.sum + margin, games: seen.games + 1 })
  }
  return { ...before, teams, quarterbacks, starters, homeMargins }
}

function nextSeason(state: QuarterbackElo, season: number): QuarterbackElo {
  if (state.season === 0) return { ...state, season }
  return {
    ...state,
    season,
    teams: new Map([...state.teams].map(([team, rating]) => [team, MEAN * REVERT + rating * (1 - REVERT)])),
    quarterbacks: new Map([...state.quarterbacks].map(([id, part]) => [id, QUARTERBACK_KEEP * part])),
    newQuarterback: NEW_QUARTERBACK,
    homeField: homeFieldOf(season, state.homeMargins),
  }
}

function homeFieldOf(season: number, margins: QuarterbackElo['homeMargins']): number {
  const recent = [...margins].filter(([past]) => past >= season - HOME_FIELD_SEASONS && past !== NO_CROWDS)
  const games = recent.reduce((total, [, seen]) => total + seen.games, 0)
  if (games === 0) return FIRST_HOME_FIELD
  return (POINTS * recent.reduce((total, [, seen]) => total + seen.sum, 0)) / games
}

function withNewTeams(state: QuarterbackElo, week: readonly RatedGame[]): QuarterbackElo {
  const newTeams = week.flatMap((game) => [game.home, game.away]).filter((team) => !state.teams.has(team))
  if (newTeams.length === 0) return state
  // In the first season everybody is new, whoever has a bye in its first week too.
  const start = state.newQuarterback === 0 ? START : EXPANSION
  return { ...state, teams: new Map([...state.teams, ...newTeams.map((team) => [team, start] as const)]) }
}
