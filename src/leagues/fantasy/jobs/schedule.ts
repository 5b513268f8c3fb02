// What fantasy needs of the schedule: who plays when, for how many expected points, and who has a bye.

import type { Game } from '../../nfl/lake/silver-games.ts'
import { findFranchise } from '../../nfl/lake/teams.ts'
import { impliedTotals } from '../models/projection.ts'

/** One team's side of a game. */
export interface TeamGame {
  readonly team: string
  readonly kickoffAt: Date
  readonly finished: boolean
  /** Points that the betting lines expect of the team; null without lines. */
  readonly impliedTotal: number | null
}

/** A season by week and team. */
export interface Schedule {
  readonly simulated: boolean
  /** Sides of a week's games, in order of kick-off; none for a week that is not listed. */
  readonly teams: (week: number) => readonly TeamGame[]
  readonly gameOf: (week: number, team: string) => TeamGame | undefined
  /** Only a week listed whole can say that a team is missing from it. */
  readonly isBye: (week: number, team: string) => boolean
}

// Byes have never left fewer games in a week of the regular season (2002 to 2025).
const WHOLE_WEEK = 12

/** The schedule of one season from its games. */
export function createSchedule(games: readonly Game[]): Schedule {
  const byWeek = new Map<number, TeamGame[]>()
  for (const game of games) byWeek.set(game.week, [...(byWeek.get(game.week) ?? []), ...sidesOf(game)])
  const regular = new Set(games.filter((game) => game.gameType === 'REG').map((game) => game.week))
  const teams = (week: number) => byWeek.get(week) ?? []
  const gameOf = (week: number, team: string) => teams(week).find((side) => side.team === team)
  return {
    simulated: games.some((game) => game.simulated),
    teams,
    gameOf,
    isBye: (week, team) =>
      regular.has(week) &&
      teams(week).length >= 2 * WHOLE_WEEK &&
      findFranchise(team) !== undefined &&
      gameOf(week, team) === undefined,
  }
}

function sidesOf(game: Game): TeamGame[] {
  const totals = impliedTotals(game)
  const both = { kickoffAt: game.kickoffAt, finished: game.homeScore !== null }
  return [
    { ...both, team: game.home, impliedTotal: totals.home },
    { ...both, team: game.away, impliedTotal: totals.away },
  ]
}
