// Small hand-made games.csv texts in nflverse's shape.

const COLUMNS =
  'game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,total,overtime,away_rest,home_rest,away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,under_odds,over_odds,div_game,roof,surface,temp,wind,away_qb_id,home_qb_id,referee,stadium'.split(
    ',',
  )

const PLAYED = {
  season: '2025', game_type: 'REG', week: '1', gameday: '2025-09-07', weekday: 'Sunday', gametime: '13:00',
  away_team: 'CIN', away_score: '17', home_team: 'CLE', home_score: '16', location: 'Home', result: '-1', total: '33',
  overtime: '0', away_rest: '7', home_rest: '7', away_moneyline: '-265', home_moneyline: '215', spread_line: '-5.5',
  away_spread_odds: '-105', home_spread_odds: '-115', total_line: '47.5', under_odds: '-112', over_odds: '-108',
  div_game: '1', roof: 'outdoors', surface: 'grass', temp: '66', wind: '9', away_qb_id: '00-0036442',
  home_qb_id: '00-0026158', referee: 'A Referee', stadium: 'A Stadium',
} as const // prettier-ignore

export type GameWish = Partial<Record<string, string>>

/** A played game's cells; `game_id` follows from season, week and teams unless it is given. */
export function aGameRow(wish: GameWish = {}): Record<string, string> {
  const row: Record<string, string> = { ...PLAYED, ...definedOnly(wish) }
  const week = (row['week'] ?? '').padStart(2, '0')
  return { game_id: `${row['season']}_${week}_${row['away_team']}_${row['home_team']}`, ...row }
}

/** As aGameRow, without score, weather and starters. */
export function anUnplayedGameRow(wish: GameWish = {}): Record<string, string> {
  const unknown = [
    'away_score',
    'home_score',
    'result',
    'total',
    'overtime',
    'temp',
    'wind',
    'away_qb_id',
    'home_qb_id',
  ]
  return aGameRow({ ...Object.fromEntries([...unknown, 'referee'].map((column) => [column, ''])), ...wish })
}

/** The text of a file with these rows. */
export function gamesCsv(rows: readonly Record<string, string>[], columns: readonly string[] = COLUMNS): string {
  return [columns.join(','), ...rows.map((row) => columns.map((name) => row[name] ?? '').join(','))].join('\n') + '\n'
}

function definedOnly(wish: GameWish): Record<string, string> {
  return Object.fromEntries(Object.entries(wish).flatMap(([name, cell]) => (cell === undefined ? [] : [[name, cell]])))
}
