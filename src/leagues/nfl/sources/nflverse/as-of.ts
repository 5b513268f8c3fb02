// Reconstructs nflverse's games.csv as of a past moment, as far as the file itself can tell.
//
// It cannot tell everything. nflverse keeps one line per game and overwrites it until kick-off, so the lines shown here
// for the coming week are closing lines, seen early (a table of line histories may come later); and a kick-off that was
// moved by the league is shown at its final time from the start.

import { DataFailure } from '../../../../core/errors.ts'
import { instantAt } from '../../../../core/local-time.ts'
import { addDays, localDay } from '../../../../core/zone.ts'

const ZONE = 'America/New_York'
const HOUR = 3_600_000
/** How long after kick-off a result counts as known: games last 3 to 3.5 hours, overtime included. */
const OVER_AFTER_MS = 4 * HOUR
/** How far ahead books post lines: for the coming week. */
const LINES_AHEAD_MS = 8 * 24 * HOUR
/** A game without a time of day (1999) is taken to start at this one. */
const ASSUMED_TIME = '13:00'

const KNOWN_AFTER = ['away_score', 'home_score', 'result', 'total', 'overtime', 'temp', 'wind', 'referee']
const STARTERS = ['away_qb_id', 'home_qb_id', 'away_qb_name', 'home_qb_name']
const LINES = [
  'away_moneyline',
  'home_moneyline',
  'spread_line',
  'away_spread_odds',
  'home_spread_odds',
  'total_line',
  'under_odds',
  'over_odds',
]
const ROUNDS = ['REG', 'WC', 'DIV', 'CON', 'SB']

/** The file's text as of `now`: results, weather and starters blank where the game was not over, lines blank where none
 *  was posted, playoff games absent until every earlier round was over. All other cells keep their bytes. */
export function asOf(text: string, now: Date): string {
  const lines = text.split('\n')
  const header = splitCells(lines[0]?.replace(/\r$/, '') ?? '')
  const column = new Map(header.map((name, i) => [name, i]))
  const timeUntil = createTimeUntil(now)
  const view = createView(column, timeUntil)
  const games = lines.slice(1).map((line) => (line.trim() === '' ? undefined : toGame(line, column)))
  const roundEnds = lastKickoffs(games)
  const shown = games.map((game, i) => {
    if (game === undefined) return lines[i + 1]!
    return isHidden(game, roundEnds, timeUntil) ? undefined : view(game)
  })
  return [lines[0]!, ...shown.filter((line) => line !== undefined)].join('\n')
}

interface Game {
  readonly line: string
  readonly cells: readonly string[]
  readonly season: string
  readonly round: number
  /** Sorts in time order: `2025-12-01 20:15`. */
  readonly start: string
}

function toGame(line: string, column: ReadonlyMap<string, number>): Game {
  const cells = splitCells(line.replace(/\r$/, ''))
  if (cells.length !== column.size) {
    throw new DataFailure(
      `games.csv has a row of ${cells.length} cells under ${column.size} columns: "${line.slice(0, 40)}...". Check the file.`,
    )
  }
  const at = (name: string) => cells[column.get(name) ?? -1] ?? ''
  const round = Math.max(0, ROUNDS.indexOf(at('game_type')))
  return { line, cells, season: at('season'), round, start: `${at('gameday')} ${at('gametime') || ASSUMED_TIME}` }
}

/** Cells with their quotes kept, so that what is not blanked stays byte for byte. */
function splitCells(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []
  return cells.map((cell) => cell.replace(/,$/, '')).slice(0, cellCount(line))
}

/** The pattern above also matches the empty end of a line; commas outside quotes tell the true number. */
function cellCount(line: string): number {
  return line.replace(/"(?:[^"]|"")*"/g, '').split(',').length
}

function createView(column: ReadonlyMap<string, number>, timeUntil: TimeUntil): (game: Game) => string {
  const indexes = (names: readonly string[]) => new Set(names.map((name) => column.get(name) ?? -1))
  const afterGame = indexes([...KNOWN_AFTER, ...STARTERS])
  const lines = indexes(LINES)
  return (game) => {
    const untilOver = timeUntil(game.start) + OVER_AFTER_MS
    if (untilOver <= 0) return game.line
    const noLines = untilOver - OVER_AFTER_MS > LINES_AHEAD_MS
    const blank = (i: number) => afterGame.has(i) || (noLines && lines.has(i))
    const cells = game.cells.map((cell, i) => (blank(i) ? '' : cell))
    return cells.join(',') + (game.line.endsWith('\r') ? '\r' : '')
  }
}

/** Milliseconds from now until a start. Exact around now; far away only its sign and size matter, and days compare as
 *  text much faster than zones convert. */
type TimeUntil = (start: string) => number

function createTimeUntil(now: Date): TimeUntil {
  const today = localDay(now, ZONE)
  const [longAgo, farAhead] = [addDays(today, -2), addDays(today, 12)]
  return (start) => {
    const day = start.slice(0, 10)
    if (day < longAgo) return -Infinity
    if (day > farAhead) return Infinity
    return instantAt(day, start.slice(11), ZONE).getTime() - now.getTime()
  }
}

/** Per season and round, the start of its last game. */
function lastKickoffs(games: readonly (Game | undefined)[]): Map<string, string[]> {
  const ends = new Map<string, string[]>()
  for (const game of games) {
    if (game === undefined) continue
    const rounds = ends.get(game.season) ?? []
    if (game.start > (rounds[game.round] ?? '')) rounds[game.round] = game.start
    ends.set(game.season, rounds)
  }
  return ends
}

function isHidden(game: Game, roundEnds: ReadonlyMap<string, string[]>, timeUntil: TimeUntil): boolean {
  if (game.round === 0) return false
  const earlier = roundEnds.get(game.season)?.slice(0, game.round) ?? []
  return earlier.some((start) => start !== undefined && timeUntil(start) + OVER_AFTER_MS > 0)
}
