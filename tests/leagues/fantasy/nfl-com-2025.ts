// The 2025 weeks that NFL.com projected and scored, walked forward: before each week only earlier ones are known.

import { readFileSync } from 'node:fs'

import { averageName, averageOf, type Projected } from '../../../src/leagues/fantasy/models/grade.ts'
import { nameKey } from '../../../src/leagues/fantasy/models/player-match.ts'
import {
  impliedTotals,
  positionMean,
  priorOf,
  projectPoints,
  type LastSeason,
  type PastGame,
} from '../../../src/leagues/fantasy/models/projection.ts'
import { pointsOf } from '../../../src/leagues/fantasy/models/scoring.ts'
import { fetchNflCom } from '../../../src/leagues/fantasy/sources/projections/nfl-com.ts'
import { POSITIONS, type Position, type StatLine } from '../../../src/leagues/fantasy/stats.ts'
import { findFranchise } from '../../../src/leagues/nfl/lake/teams.ts'
import { isMissing, parseTable, type Row } from '../../../src/sources/csv-table.ts'

import { sharedData } from '../../helpers/shared-data.ts'

export const OURS = 'matchday'
export const THEIRS = 'nfl-com'
export const BOTH = averageName([OURS, THEIRS])
/** The yardstick that ours must beat: the mean of the season so far, or the prior before any game. */
export const SEASON_MEAN = 'season mean'

const FOLDER = 'nfl/fantasy/nfl-com-2025'
export const NEEDED = FOLDER
const WEEKS = Array.from({ length: 14 }, (_, i) => i + 1)
const FIRST_GRADED = 4

interface Known {
  readonly totals: ReadonlyMap<string, number | null>
  readonly priors: (name: string, position: Position) => number
}

/** Weeks 4 to 14, each with the players who had a stat line and whom NFL.com gave points. */
export async function walk2025(): Promise<Projected[][]> {
  const known: Known = { totals: readImpliedTotals(), priors: readPriors() }
  const history = new Map<string, PastGame[]>()
  const graded: Projected[][] = []
  for (const week of WEEKS) {
    const base = sharedData(FOLDER)
    const lines = await fetchNflCom({ season: 2025, week, base, signal: new AbortController().signal })
    const theirs = new Map(lines?.map((line) => [line.sourceId, pointsOf(line.line, 'ppr')]))
    const players = readScored(week)
    const projected = players.flatMap((player) => {
      const theirPoints = theirs.get(player.id) ?? 0
      return theirPoints > 0 ? [project(player, { week, known, theirPoints, past: history.get(player.id) ?? [] })] : []
    })
    if (week >= FIRST_GRADED) graded.push(projected)
    // Only now: nothing of this week was known when it was projected.
    for (const player of players) {
      const impliedTotal = known.totals.get(`${week} ${player.team}`) ?? null
      history.set(player.id, [...(history.get(player.id) ?? []), { points: player.points, impliedTotal }])
    }
  }
  return graded
}

function project(
  player: Scored,
  at: { week: number; known: Known; theirPoints: number; past: readonly PastGame[] },
): Projected {
  const impliedTotal = at.known.totals.get(`${at.week} ${player.team}`) ?? null
  const prior = at.known.priors(player.name, player.position)
  const expected = { [OURS]: projectPoints(at.past, { prior, impliedTotal }), [THEIRS]: at.theirPoints }
  const mean = at.past.reduce((sum, game) => sum + game.points, 0) / at.past.length
  return {
    position: player.position,
    actual: player.points,
    expected: {
      ...expected,
      [BOTH]: averageOf(expected, [OURS, THEIRS]),
      [SEASON_MEAN]: at.past.length === 0 ? prior : mean,
    },
  }
}

interface Scored {
  readonly id: string
  readonly name: string
  readonly position: Position
  readonly team: string
  readonly points: number
}

// As nflverse counts it: a carry, a target or any other touch is a stat line too.
const COUNTED = ['PassingYDS', 'PassingTD', 'PassingInt', 'RushingYDS', 'RushingTD', 'ReceivingRec', 'ReceivingYDS', 'ReceivingTD', 'RetTD', 'FumTD', '2PT', 'Fum', 'Touches', 'Targets'] // prettier-ignore

function readScored(week: number): Scored[] {
  return POSITIONS.flatMap((position) =>
    read(`${FOLDER}/${week}/${position}.csv`)
      .filter((row) => COUNTED.some((column) => !isMissing(row[column])))
      .map((row) => ({
        id: row['PlayerId'] ?? '',
        name: row['PlayerName'] ?? '',
        position,
        team: findFranchise(row['Team'] ?? '') ?? '',
        points: pointsOf(toLine(row), 'ppr'),
      })),
  )
}

function toLine(row: Row): StatLine {
  const number = (column: string) => Number(row[column] || 0)
  return {
    passingYards: number('PassingYDS'),
    passingTouchdowns: number('PassingTD'),
    interceptions: number('PassingInt'),
    rushingYards: number('RushingYDS'),
    rushingTouchdowns: number('RushingTD'),
    receptions: number('ReceivingRec'),
    receivingYards: number('ReceivingYDS'),
    receivingTouchdowns: number('ReceivingTD'),
    otherTouchdowns: number('RetTD') + number('FumTD'),
    twoPointConversions: number('2PT'),
    fumblesLost: number('Fum'),
  }
}

/** The closing lines' implied totals by `week team`. */
function readImpliedTotals(): Map<string, number | null> {
  const line = (cell: string | undefined) => (isMissing(cell) ? null : Number(cell))
  const games = read('nfl/games/games_2016-2025_asof_2026-03-24.csv').filter((game) => game['season'] === '2025')
  return new Map(
    games.flatMap((game) => {
      const totals = impliedTotals({ spreadHome: line(game['spread_line']), totalLine: line(game['total_line']) })
      const key = (team: string | undefined) => `${game['week']} ${findFranchise(team ?? '')}`
      return [[key(game['home_team']), totals.home] as const, [key(game['away_team']), totals.away] as const]
    }),
  )
}

/** What each player was worth in 2024. */
function readPriors(): Known['priors'] {
  const seasons = new Map<string, LastSeason>()
  for (const row of read('nfl/players/stats_player_reg_2024.csv')) {
    const position = POSITIONS.find((one) => one === (row['position'] === 'FB' ? 'RB' : row['position']))
    const games = Number(row['games'])
    if (!position || games === 0) continue
    const perGame = Number(row['fantasy_points_ppr']) / games
    seasons.set(nameKey(row['player_display_name'] ?? '', position), { position, games, perGame })
  }
  const all = [...seasons.values()]
  return (name, position) => priorOf(seasons.get(nameKey(name, position)), positionMean(all, position))
}

function read(path: string): readonly Row[] {
  return parseTable(readFileSync(sharedData(path), 'utf8'), [], {
    source: 'test',
    file: path,
    rows: 'rows',
    reader: 'tests/leagues/fantasy/nfl-com-2025.ts',
  }).rows
}
