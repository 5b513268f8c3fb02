// One game of the simulated league: its score, drive by drive, and the line it closes with.

import type { Random } from '../../../../lib/random.ts'
import type { Fixture } from './simulated-schedule.ts'

export interface PlayedGame {
  readonly fixture: Fixture
  readonly homeScore: number
  readonly awayScore: number
  readonly overtime: boolean
  /** Positive: home favoured. In half points. */
  readonly spread: number
  readonly total: number
  /** Points by which the spread and the total stood apart from the closing ones a week before. */
  readonly spreadDrift: number
  readonly totalDrift: number
}

const HOME_FIELD = 2
const POINTS = 45 // of both sides
const DRIVES = 10
const TOUCHDOWN = 7
const FIELD_GOAL = 3
/** How much of a side's points come from touchdowns. */
const BY_TOUCHDOWN = 0.78
const BOOKS_ERROR = 1.2

/** Plays it. Play-off games have no ties. Takes the same number of draws for the line whatever happens. */
export function playGame(fixture: Fixture, strengths: ReadonlyMap<string, number>, random: Random): PlayedGame {
  const strength = (team: string) => strengths.get(team) ?? 0
  const margin = strength(fixture.home) - strength(fixture.away) + (fixture.neutral ? 0 : HOME_FIELD)
  const total = POINTS + (strength(fixture.home) + strength(fixture.away)) / 4
  const lines = {
    spread: halfPoint(margin + BOOKS_ERROR * random.normal()),
    total: halfPoint(total + 1.5 * random.normal()),
    spreadDrift: 1.4 * random.normal(),
    totalDrift: 1.2 * random.normal(),
  }
  const homeScore = points((total + margin) / 2, random)
  const awayScore = points((total - margin) / 2, random)
  if (homeScore !== awayScore) return { fixture, homeScore, awayScore, overtime: false, ...lines }
  const [home, away] = overtime(fixture, random)
  return { fixture, homeScore: homeScore + home, awayScore: awayScore + away, overtime: true, ...lines }
}

/** Rounded to half points, as books do. */
export function halfPoint(points: number): number {
  return Math.round(points * 2) / 2
}

/** Touchdowns and field goals over ten drives, which gives the real league's key numbers: 3, 7, 10, 17, 20, 24 ... */
function points(expected: number, random: Random): number {
  const mean = Math.max(expected, 6) / DRIVES
  const touchdown = (mean * BY_TOUCHDOWN) / TOUCHDOWN
  const fieldGoal = (mean * (1 - BY_TOUCHDOWN)) / FIELD_GOAL
  let sum = 0
  for (let drive = 0; drive < DRIVES; drive += 1) {
    const draw = random.unit()
    if (draw < touchdown) sum += draw < touchdown * 0.06 ? 6 : draw < touchdown * 0.1 ? 8 : TOUCHDOWN
    else if (draw < touchdown + fieldGoal) sum += FIELD_GOAL
  }
  return sum
}

function overtime(fixture: Fixture, random: Random): [home: number, away: number] {
  const [end, side] = [random.unit(), random.unit()]
  if (end < 0.06 && fixture.gameType === 'REG') return [0, 0]
  const won = end < 0.65 ? FIELD_GOAL : 6
  return side < 0.5 ? [won, 0] : [0, won]
}
