// What the NFL predicts, in words for pages, and its games as it lists them.

import type { NamedPeriod, Predicted } from '../../core/predicted.ts'
import { superBowlWeek, toWeek } from './calendar.ts'

export const predicted: Predicted = {
  name: 'NFL',
  markets: [
    { id: 'moneyline', kind: 'winner', name: 'Winner', of: 'the home side wins' },
    { id: 'ats', kind: 'spread', name: 'Spread', of: 'the home side covers' },
    { id: 'ou', kind: 'total', name: 'Total', of: 'over the total' },
  ],
  begin: 'kick-off',
  jobs: { predict: 'nfl/predict', grade: 'nfl/results', season: 'nfl/silver' },
  empty: 'nfl/bronze brings the schedule on Tuesday, nfl/predict freezes predictions from Wednesday on.',
  credit: {
    of: 'Games, scores, lines and player statistics',
    name: 'nflverse',
    url: 'https://github.com/nflverse/nflverse-data',
    licence: 'CC-BY-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
  },
  periodOf,
  listGames: (sql, periods) => sql`
    select game_id as "gameId", wanted.period, kickoff_at as "startsAt", kickoff_assumed as "startAssumed", home_team as home,
      away_team as away, neutral, home_score as "homeScore", away_score as "awayScore", simulated
    from unnest(${[...periods]}::text[]) with ordinality as wanted (period, place)
    join silver.nfl_games on season = left(wanted.period, 4)::integer and week = right(wanted.period, 2)::integer
    order by wanted.place, kickoff_at, game_id
  `,
}

/** The rounds after the regular season, the last one last. */
const ROUNDS = ['Wild card', 'Divisional round', 'Conference championships', 'Super Bowl']

function periodOf(key: string): NamedPeriod {
  const { season, week } = toWeek({ key })
  const round = ROUNDS[week - superBowlWeek(season) + ROUNDS.length - 1]
  return { key, season, name: `${round ?? `Week ${week}`} of ${season}`, place: week, label: `W${week}` }
}
