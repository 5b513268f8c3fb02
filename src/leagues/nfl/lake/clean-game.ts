// One game's cells, as received, to one clean row, or to the rules that it breaks. Pure: the job passes its now.

import { createHash } from 'node:crypto'

import { instantAt } from '../../../core/local-time.ts'
import { findFranchise } from './teams.ts'
import { typedValue, type Cells } from './typed-cells.ts'

const ZONE = 'America/New_York' // of every `gametime`, games in London and Munich included
const ASSUMED_TIME = '13:00' // most games begin then; the whole season of 1999 came without times
const GAME_TYPES = ['REG', 'WC', 'DIV', 'CON', 'SB']

/** Goes up with every change of the rules below: silver then looks at every game again. */
export const RULES_VERSION = 1

/** A row of silver.nfl_games, named as its columns, without what the writer adds. */
export interface CleanGame {
  readonly game_id: string
  readonly season: number
  readonly week: number
  readonly game_type: string
  readonly game_day: string
  readonly kickoff_at: string
  readonly kickoff_assumed: boolean
  readonly home_team: string
  readonly away_team: string
  readonly home_code: string
  readonly away_code: string
  readonly neutral: boolean
  readonly division: boolean | null
  readonly finished: boolean
  readonly home_score: number | null
  readonly away_score: number | null
  readonly overtime: boolean | null
  readonly home_rest: number | null
  readonly away_rest: number | null
  readonly spread_home: number | null
  readonly spread_price_home: number | null
  readonly spread_price_away: number | null
  readonly moneyline_home: number | null
  readonly moneyline_away: number | null
  readonly total_line: number | null
  readonly price_over: number | null
  readonly price_under: number | null
  readonly home_qb_id: string | null
  readonly away_qb_id: string | null
  readonly home_coach: string | null
  readonly away_coach: string | null
  readonly roof: string | null
  readonly surface: string | null
  readonly temperature: number | null
  readonly wind: number | null
  readonly referee: string | null
  readonly stadium_id: string | null
  readonly stadium: string | null
}

/** The clean row, or the sentences that say which rules the game breaks (all of them). */
export function cleanGame(cells: Cells, now: Date): { game: CleanGame } | { problems: string[] } {
  const read = createReader(cells)
  const game: CleanGame = { ...identity(read), ...time(read), ...score(read), ...odds(read), ...circumstances(read) }
  const problems = [...read.problems, ...brokenRules(game, read, now)]
  return problems.length === 0 ? { game } : { problems }
}

/** Changes exactly when the row does. */
export function gameFingerprint(game: CleanGame): string {
  return createHash('md5').update(JSON.stringify(game)).digest('hex')
}

type Reader = ReturnType<typeof createReader>

function createReader(cells: Cells) {
  const problems: string[] = []
  const text = (column: string) => typedValue(cells[column]) || null
  const number = (column: string): number | null => {
    const value = text(column)
    if (value === null) return null
    const parsed = Number(value)
    if (Number.isFinite(parsed)) return parsed
    problems.push(`${column} is "${value}": expected a number`)
    return null
  }
  const whole = (column: string): number | null => {
    const value = number(column)
    if (value === null || Number.isInteger(value)) return value
    problems.push(`${column} is ${value}: expected a whole number`)
    return null
  }
  const flag = (column: string) => (text(column) === null ? null : text(column) === '1')
  return { text, number, whole, flag, problems }
}

function identity(read: Reader) {
  const [home, away] = [read.text('home_team') ?? '', read.text('away_team') ?? '']
  const season = read.whole('season') ?? 0
  const week = read.whole('week') ?? 0
  return {
    game_id: read.text('game_id') ?? '',
    season,
    week,
    game_type: read.text('game_type') ?? gameTypeOf(season, week),
    home_team: franchise(read, home),
    away_team: franchise(read, away),
    home_code: home,
    away_code: away,
    // Without the column (a season's early schedule file) every game counts as a home game.
    neutral: read.text('location') === 'Neutral',
    division: read.flag('div_game'),
  }
}

function franchise(read: Reader, code: string): string {
  const found = findFranchise(code)
  if (found === undefined) read.problems.push(`"${code}" is no team we know: add it to src/leagues/nfl/lake/teams.ts`)
  return found ?? ''
}

/** Schedule files without a game_type: regular weeks are 1 to 17, and to 18 since 2021; the play-offs continue the count. */
function gameTypeOf(season: number, week: number): string {
  return GAME_TYPES[Math.max(0, week - (season >= 2021 ? 18 : 17))] ?? ''
}

function time(read: Reader) {
  const day = read.text('gameday') ?? ''
  const given = read.text('gametime')
  return { game_day: day, kickoff_at: kickoff(read, day, given ?? ASSUMED_TIME), kickoff_assumed: given === null }
}

function kickoff(read: Reader, day: string, clock: string): string {
  try {
    return instantAt(day, clock, ZONE).toISOString()
  } catch {
    // RangeError is how Temporal says no; one bad game must not stop the others.
    read.problems.push(`its kick-off is "${day} ${clock}": expected a day YYYY-MM-DD and a time HH:MM`)
    return ''
  }
}

function score(read: Reader) {
  const [home, away] = [read.whole('home_score'), read.whole('away_score')]
  return {
    finished: home !== null && away !== null,
    home_score: home,
    away_score: away,
    overtime: read.flag('overtime'),
  }
}

function odds(read: Reader) {
  return {
    spread_home: read.number('spread_line'),
    spread_price_home: read.whole('home_spread_odds'),
    spread_price_away: read.whole('away_spread_odds'),
    moneyline_home: read.whole('home_moneyline'),
    moneyline_away: read.whole('away_moneyline'),
    total_line: read.number('total_line'),
    price_over: read.whole('over_odds'),
    price_under: read.whole('under_odds'),
  }
}

function circumstances(read: Reader) {
  return {
    home_rest: read.whole('home_rest'),
    away_rest: read.whole('away_rest'),
    home_qb_id: read.text('home_qb_id'),
    away_qb_id: read.text('away_qb_id'),
    home_coach: read.text('home_coach'),
    away_coach: read.text('away_coach'),
    roof: read.text('roof'),
    surface: read.text('surface'),
    temperature: read.number('temp'),
    wind: read.number('wind'),
    referee: read.text('referee'),
    stadium_id: read.text('stadium_id'),
    stadium: read.text('stadium'),
  }
}

function brokenRules(game: CleanGame, read: Reader, now: Date): string[] {
  const { home_score: home, away_score: away } = game
  const result = read.number('result')
  const rules: [boolean, string][] = [
    [game.season < 1920 || game.season > 2100, `its season is ${game.season}`],
    [game.week < 1 || game.week > 22, `its week is ${game.week}: expected 1 to 22`],
    [!GAME_TYPES.includes(game.game_type), `its game_type is "${game.game_type}": expected ${GAME_TYPES.join(', ')}`],
    [game.home_team !== '' && game.home_team === game.away_team, `${game.home_team} plays itself`],
    [(home === null) !== (away === null), 'only one side has a score'],
    [(home ?? 0) < 0 || (away ?? 0) < 0, 'a score is below zero'],
    [
      home !== null && away !== null && result !== null && result !== home - away,
      `its result ${result} is not the home score less the away score, ${home} - ${away}`,
    ],
    [game.finished && game.kickoff_at > now.toISOString(), 'it has a score before its kick-off'],
    [Math.abs(game.spread_home ?? 0) > 60, `its spread is ${game.spread_home} points`],
    [isNoPrice(game.moneyline_home) || isNoPrice(game.moneyline_away), 'a moneyline lies between -100 and 100'],
  ]
  return rules.flatMap(([broken, sentence]) => (broken ? [sentence] : []))
}

/** American odds are at least 100 on either side of nought. */
function isNoPrice(price: number | null): boolean {
  return price !== null && Math.abs(price) < 100
}
