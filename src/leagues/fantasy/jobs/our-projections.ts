// Our own projections of a week, purely from what was known before it: earlier weeks, last season, the schedule with its
// lines, the injury reports and, for a week to come, the rosters.

import { superBowlWeek } from '../../nfl/calendar.ts'
import { findFranchise } from '../../nfl/lake/teams.ts'
import type { PlayerWeekRow } from '../lake/player-weeks.ts'
import type { Projection } from '../lake/projections.ts'
import { availability, toStatus, type Status } from '../models/availability.ts'
import { positionMean, priorOf, projectPoints, type LastSeason } from '../models/projection.ts'
import { pointsOf, toCents } from '../models/scoring.ts'
import { OURS } from '../params.ts'
import type { InjuryReport, RosterPlayer } from '../sources/player-status.ts'
import { SCORINGS, type Position, type Scoring } from '../stats.ts'
import type { Schedule, TeamGame } from './schedule.ts'

export interface WeekFacts {
  readonly season: number
  readonly week: number
  readonly now: Date
  readonly schedule: Schedule
  /** This season's player weeks; those of the week itself and later are not looked at. */
  readonly played: readonly PlayerWeekRow[]
  readonly lastSeason: readonly PlayerWeekRow[]
  /** Empty for a week that is over: a later roster knows too much. */
  readonly roster: readonly RosterPlayer[]
  readonly injuries: readonly InjuryReport[]
}

interface Player {
  readonly playerId: string
  readonly name: string
  readonly position: Position
  readonly team: string
}

/** One row per player and scoring; none for a team that neither plays nor has a bye (it is out of the play-offs). */
export function projectWeek(facts: WeekFacts): Projection[] {
  const before = facts.played.filter((row) => row.week < facts.week)
  const past = groupByPlayer(before)
  const last = groupByPlayer(facts.lastSeason.filter((row) => row.week <= superBowlWeek(row.season) - 4))
  const players = listPlayers(facts, before)
  return SCORINGS.flatMap((scoring) => {
    const priors = createPriors(last, scoring)
    return players.flatMap((player) =>
      projectPlayer(player, { facts, scoring, past: past.get(player.playerId) ?? [], prior: priors(player) }),
    )
  })
}

function projectPlayer(
  player: Player,
  by: { facts: WeekFacts; scoring: Scoring; past: readonly PlayerWeekRow[]; prior: number },
): Projection[] {
  const { facts, scoring } = by
  const { season, week, schedule, now } = facts
  const game = schedule.gameOf(week, player.team)
  if (!game && !schedule.isBye(week, player.team)) return []
  const past = by.past.map((row) => ({
    points: pointsOf(row.line, scoring),
    impliedTotal: schedule.gameOf(row.week, row.team)?.impliedTotal ?? null,
  }))
  const status: Status = game ? statusOf(player, facts, game) : 'bye'
  const expected = projectPoints(past, { prior: by.prior, impliedTotal: game?.impliedTotal ?? null })
  const points = toCents(expected * availability(status))
  const kickoffAt = game?.kickoffAt ?? null
  const retrospective = (kickoffAt ?? schedule.teams(week)[0]?.kickoffAt ?? now) <= now
  return [
    {
      ...player,
      season,
      week,
      source: OURS,
      scoring,
      sourceId: player.playerId,
      kickoffAt,
      points,
      status,
      retrospective,
    },
  ]
}

/** Who may play: the active players of the rosters, or without any those seen this season, or else last season. */
function listPlayers(facts: WeekFacts, before: readonly PlayerWeekRow[]): Player[] {
  const seen = new Map<string, Player>()
  for (const row of before.length > 0 ? before : facts.lastSeason) seen.set(row.playerId, toPlayer(row, row.team))
  for (const one of facts.roster) {
    if (one.active) seen.set(one.playerId, toPlayer(one, findFranchise(one.team) ?? one.team))
    else seen.delete(one.playerId)
  }
  const onRoster = new Set(facts.roster.map((one) => one.playerId))
  // Where there is a roster, whoever is not on it has left the league.
  return [...seen.values()].filter((player) => onRoster.size === 0 || onRoster.has(player.playerId))
}

function toPlayer({ playerId, name, position }: Omit<Player, 'team'>, team: string): Player {
  return { playerId, name, position, team }
}

/** What the report said before kick-off. The provider writes over a row when a player is hurt in the game itself: of 60 rows
 *  of 2024 that say Out after kick-off, 53 are of players who had played. */
function statusOf(player: Player, { injuries, week }: WeekFacts, game: TeamGame): Status {
  const reports = injuries.filter(
    (report) =>
      report.playerId === player.playerId &&
      report.week === week &&
      (report.reportedAt ?? game.kickoffAt) <= game.kickoffAt,
  )
  return toStatus(reports.at(-1)?.report ?? '')
}

function createPriors(last: ReadonlyMap<string, PlayerWeekRow[]>, scoring: Scoring): (player: Player) => number {
  const seasons = new Map<string, LastSeason>()
  for (const [playerId, rows] of last) {
    const total = rows.reduce((sum, row) => sum + pointsOf(row.line, scoring), 0)
    const position = rows.at(-1)?.position ?? 'WR'
    seasons.set(playerId, { position, games: rows.length, perGame: total / rows.length })
  }
  const all = [...seasons.values()]
  const means = { QB: 0, RB: 0, WR: 0, TE: 0 }
  for (const position of Object.keys(means) as Position[]) means[position] = positionMean(all, position)
  return (player) => priorOf(seasons.get(player.playerId), means[player.position])
}

function groupByPlayer(rows: readonly PlayerWeekRow[]): Map<string, PlayerWeekRow[]> {
  const groups = new Map<string, PlayerWeekRow[]>()
  for (const row of rows) {
    const group = groups.get(row.playerId)
    if (group) group.push(row)
    else groups.set(row.playerId, [row])
  }
  return groups
}
