// A simulated game as a line of games.csv: the same 46 columns in the same order, with names that nobody takes for real.

import { halfPoint, type PlayedGame } from './simulated-game.ts'

const COLUMNS = [
  'game_id', 'season', 'game_type', 'week', 'gameday', 'weekday', 'gametime', 'away_team', 'away_score', 'home_team',
  'home_score', 'location', 'result', 'total', 'overtime', 'old_game_id', 'gsis', 'nfl_detail_id', 'pfr', 'pff', 'espn',
  'ftn', 'away_rest', 'home_rest', 'away_moneyline', 'home_moneyline', 'spread_line', 'away_spread_odds',
  'home_spread_odds', 'total_line', 'under_odds', 'over_odds', 'div_game', 'roof', 'surface', 'temp', 'wind',
  'away_qb_id', 'home_qb_id', 'away_qb_name', 'home_qb_name', 'away_coach', 'home_coach', 'referee', 'stadium_id',
  'stadium',
] as const // prettier-ignore

export const HEADER = COLUMNS.join(',')

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
/** The books' margin on a moneyline, as in games.csv since 2023. */
const HOLD = 0.042
/** What the normal error of a spread is, in the books' eyes. Logistic form: 1.702 / 12.5. */
const LOGIT_PER_POINT = 0.136
const LINES_MOVE_DAYS = 7

export interface RowFacts {
  readonly homeRest: number
  readonly awayRest: number
  /** Days until it is played, 0 once it was. Lines stand the farther from the closing ones. */
  readonly daysAhead: number
}

/** The line, without its end. */
export function toLine(game: PlayedGame, facts: RowFacts): string {
  const cells: Record<string, string | number> = {
    ...identity(game),
    ...outcome(game),
    ...lines(game, facts),
    ...place(game),
  }
  return COLUMNS.map((column) => cells[column] ?? '').join(',')
}

function identity({ fixture: f }: PlayedGame) {
  return {
    game_id: `${f.season}_${String(f.week).padStart(2, '0')}_${f.away}_${f.home}`,
    season: f.season,
    game_type: f.gameType,
    week: f.week,
    gameday: f.day,
    weekday: WEEKDAYS[new Date(`${f.day}T00:00:00Z`).getUTCDay()] ?? '',
    gametime: f.time,
    away_team: f.away,
    home_team: f.home,
    location: f.neutral ? 'Neutral' : 'Home',
    div_game: f.division ? 1 : 0,
  }
}

function outcome(game: PlayedGame) {
  const { homeScore, awayScore, overtime } = game
  return {
    home_score: homeScore,
    away_score: awayScore,
    result: homeScore - awayScore,
    total: homeScore + awayScore,
    overtime: overtime ? 1 : 0,
  }
}

function lines(game: PlayedGame, facts: RowFacts) {
  const apart = Math.min(facts.daysAhead, LINES_MOVE_DAYS) / LINES_MOVE_DAYS
  const spread = halfPoint(game.spread + apart * game.spreadDrift)
  const homeWins = 1 / (1 + Math.exp(-LOGIT_PER_POINT * spread))
  return {
    home_rest: facts.homeRest,
    away_rest: facts.awayRest,
    home_moneyline: american(homeWins * (1 + HOLD)),
    away_moneyline: american((1 - homeWins) * (1 + HOLD)),
    spread_line: spread,
    home_spread_odds: -110,
    away_spread_odds: -110,
    total_line: halfPoint(game.total + apart * game.totalDrift),
    over_odds: -110,
    under_odds: -110,
  }
}

/** A probability with margin as American odds. */
function american(implied: number): number {
  const p = Math.min(implied, 0.985)
  return p > 0.5 ? -Math.round((100 * p) / (1 - p)) : Math.round((100 * (1 - p)) / p)
}

function place({ fixture: f }: PlayedGame) {
  return {
    roof: 'outdoors',
    surface: 'grass',
    temp: 60,
    wind: 8,
    home_qb_id: `sim-${f.home}`,
    away_qb_id: `sim-${f.away}`,
    home_qb_name: `Simulated ${f.home} Passer`,
    away_qb_name: `Simulated ${f.away} Passer`,
    home_coach: `Simulated ${f.home} Coach`,
    away_coach: `Simulated ${f.away} Coach`,
    referee: 'Simulated Referee',
    stadium_id: f.neutral ? 'SIM00' : `SIM-${f.home}`,
    stadium: f.neutral ? 'Simulated Neutral Stadium' : `Simulated ${f.home} Stadium`,
  }
}
