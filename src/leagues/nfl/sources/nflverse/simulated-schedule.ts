// Makes the schedule of the simulated league: the real divisions, 16 or 17 games with one bye, real kick-off slots.

import { addDays } from '../../../../core/zone.ts'
import { superBowlWeek } from '../../calendar.ts'

/** AFC then NFC, four divisions each; nflverse's codes of today. */
export const DIVISIONS = [
  ['BUF', 'MIA', 'NE', 'NYJ'],
  ['BAL', 'CIN', 'CLE', 'PIT'],
  ['HOU', 'IND', 'JAX', 'TEN'],
  ['DEN', 'KC', 'LAC', 'LV'],
  ['DAL', 'NYG', 'PHI', 'WAS'],
  ['CHI', 'DET', 'GB', 'MIN'],
  ['ATL', 'CAR', 'NO', 'TB'],
  ['ARI', 'LA', 'SEA', 'SF'],
] as const

export interface Fixture {
  readonly season: number
  readonly week: number
  readonly gameType: 'REG' | 'WC' | 'DIV' | 'CON' | 'SB'
  readonly day: string
  readonly time: string
  readonly home: string
  readonly away: string
  readonly neutral: boolean
  readonly division: boolean
}

type Pair = readonly [home: string, away: string]

const BYES_FROM = 6
const BYE_WEEKS = 7
// Round robin within a division of four, by place: three rounds, then the same with the sides changed.
const DIVISION_ROUNDS = [
  [[0, 1], [2, 3]],
  [[2, 0], [3, 1]],
  [[0, 3], [1, 2]],
] as const // prettier-ignore
const LONDON = '09:30'

/** The regular season's fixtures, in order of week. */
export function regularSeason(season: number): Fixture[] {
  const weeks = superBowlWeek(season) - 4
  const opening = openingWednesday(season)
  return Array.from({ length: weeks }, (_, i) => i + 1).flatMap((week) => {
    const pairs = pairsOfWeek(season, week)
    const wednesday = addDays(opening, 7 * (week - 1))
    return pairs.map((pair, i) => ({
      ...slotOf({ place: i, games: pairs.length, week }, wednesday),
      season,
      week,
      gameType: 'REG' as const,
      home: pair[0],
      away: pair[1],
      division: DIVISIONS.some((teams) => has(teams, pair[0]) && has(teams, pair[1])),
    }))
  })
}

/** A play-off game: `round` 0 wild card to 3 Super Bowl, `place` within the round. */
export function playoffFixture(season: number, at: { round: number; place: number }, pair: Pair): Fixture {
  const week = superBowlWeek(season) - 3 + at.round
  // One idle week before the Super Bowl.
  const weeksOn = week - 1 + (at.round === 3 ? 1 : 0)
  const wednesday = addDays(openingWednesday(season), 7 * weeksOn)
  const saturday = at.round < 2 && at.place % 2 === 0
  const times = at.round === 2 ? ['15:00', '18:30'] : ['16:30', '20:15']
  const time = at.round === 3 ? '18:30' : (times[at.place % 2] ?? '13:00')
  return {
    season,
    week,
    gameType: (['WC', 'DIV', 'CON', 'SB'] as const)[at.round] ?? 'SB',
    day: addDays(wednesday, saturday ? 3 : 4),
    time,
    home: pair[0],
    away: pair[1],
    neutral: at.round === 3,
    division: DIVISIONS.some((teams) => has(teams, pair[0]) && has(teams, pair[1])),
  }
}

function pairsOfWeek(season: number, week: number): Pair[] {
  const inByes = week >= BYES_FROM && week < BYES_FROM + BYE_WEEKS
  const pairs = inByes
    ? divisionPairs(week - BYES_FROM)
    : crossPairs(season, week < BYES_FROM ? week - 1 : week - 1 - BYE_WEEKS)
  // Turned a little every week, so that everybody plays on Thursday some time.
  const turn = (week * 5 + season) % pairs.length
  return [...pairs.slice(turn), ...pairs.slice(0, turn)]
}

/** Six rounds within the divisions, spread over seven weeks: each division rests in one of them. */
function divisionPairs(byeWeek: number): Pair[] {
  return DIVISIONS.flatMap((teams, d) => {
    const rest = d % BYE_WEEKS
    if (byeWeek === rest) return []
    const round = byeWeek < rest ? byeWeek : byeWeek - 1
    return DIVISION_ROUNDS[round % 3]!.map(([a, b]): Pair => (round < 3 ? [teams[a], teams[b]] : [teams[b], teams[a]]))
  })
}

/** Rounds between divisions: every four rounds each division meets another one, all against all. */
function crossPairs(season: number, round: number): Pair[] {
  const [block, turn] = [Math.floor(round / 4) + season, round % 4]
  return divisionMeetings(block % 7).flatMap(([one, other]) =>
    [0, 1, 2, 3].map((place): Pair => {
      const [a, b] = [DIVISIONS[one]![place]!, DIVISIONS[other]![(place + turn) % 4]!]
      return (place + turn + block) % 2 === 0 ? [a, b] : [b, a]
    }),
  )
}

/** Which divisions meet: the circle method for eight. */
function divisionMeetings(round: number): [number, number][] {
  const seat = (i: number) => (i === 0 ? 7 : (i - 1 + round) % 7)
  return [0, 1, 2, 3].map((i) => [seat(i), seat(7 - i)])
}

/** Thursday night, early and late Sunday, Sunday and Monday night; London in some weeks. */
function slotOf(at: { place: number; games: number; week: number }, wednesday: string) {
  const on = (days: number, time: string, neutral = false) => ({ day: addDays(wednesday, days), time, neutral })
  if (at.place === 0) return on(1, '20:15')
  if (at.place === at.games - 1) return on(5, '20:15')
  if (at.place === at.games - 2) return on(4, '20:20')
  if (at.place === 1 && at.week >= 4 && at.week <= 6) return on(4, LONDON, true)
  if (at.place >= at.games - 5) return on(4, at.place % 2 === 0 ? '16:05' : '16:25')
  return on(4, '13:00')
}

/** The Wednesday two days after Labor Day, the first Monday of September. */
function openingWednesday(season: number): string {
  const weekday = new Date(Date.UTC(season, 8, 1)).getUTCDay()
  const laborDay = ((8 - weekday) % 7) + 1
  return addDays(`${season}-09-${String(laborDay).padStart(2, '0')}`, 2)
}

function has(teams: readonly string[], team: string): boolean {
  return teams.includes(team)
}
