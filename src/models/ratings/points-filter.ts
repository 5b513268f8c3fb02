// Ratings B: a Kalman filter of every team's offence and defence, in points. Margins and totals both come from it.
//
//   home points = off_home - def_away + level + edge + noise      away points = off_away - def_home + level - edge + noise
//
// After Glickman and Stern, "A state-space model for National Football League scores" (JASA 93, 1998), with offence and defence
// apart. The state is [level, edge, off_1, def_1, off_2, ...]: a new team is added at the end, so that nothing of the others changes,
// not even a rounding.

import type { PlayedGame, RatedGame, WeekStep } from './weeks.ts'

/** Standard deviation of one side's points. */
const NOISE = 9.21
const START_SD = 4
const FIRST_LEVEL = 21
/** Half the home field, for it counts on both sides. */
const FIRST_EDGE = 1.3
// Section 3.2 gives no first variance of these two: wide enough to be forgotten within a season.
const FIRST_LEVEL_VARIANCE = 4
const FIRST_EDGE_VARIANCE = 1
const WEEKLY_VARIANCE = 0.339 ** 2
/** Of a team's strengths, what is left after a season. */
const KEEP = 0.692
const SEASON_VARIANCE = 2.02 ** 2
const LEVEL_SEASON_VARIANCE = 0.3
const EDGE_SEASON_VARIANCE = 0.05

const LEVEL = 0
const EDGE = 1

export interface PointsFilter {
  /** A team's place among the teams; its offence is `2 + 2 · place` of the state and its defence the next. */
  readonly places: ReadonlyMap<string, number>
  readonly state: Float64Array
  /** Row by row, symmetric. */
  readonly covariance: Float64Array
}

export const FIRST_POINTS_FILTER: PointsFilter = {
  places: new Map(),
  state: Float64Array.of(FIRST_LEVEL, FIRST_EDGE),
  covariance: Float64Array.of(FIRST_LEVEL_VARIANCE, 0, 0, FIRST_EDGE_VARIANCE),
}

/** The filter that foretells the step's week. */
export function advanceFilter(before: PointsFilter, step: WeekStep): PointsFilter {
  const learned = afterGames(before, step.ended)
  const drifted = step.opensSeason && before.places.size > 0 ? nextSeason(learned) : nextWeek(learned)
  return withNewTeams(drifted, step.week)
}

/** Expected points of both sides. */
export function expectedPoints(filter: PointsFilter, game: RatedGame): { home: number; away: number } {
  const { home, away } = sidesOf(filter, game)
  return { home: expected(home, filter.state), away: expected(away, filter.state) }
}

/** Which entries of the state one side's points are the sum of, and with which sign. */
type Observation = readonly (readonly [index: number, sign: number])[]

function sidesOf(filter: PointsFilter, game: RatedGame): { home: Observation; away: Observation } {
  const offence = (team: string) => 2 + 2 * (filter.places.get(team) ?? NaN)
  const edge = game.neutral ? 0 : 1
  const side = (own: string, other: string, sign: number): Observation => [
    [LEVEL, 1],
    [EDGE, sign],
    [offence(own), 1],
    [offence(other) + 1, -1],
  ]
  return { home: side(game.home, game.away, edge), away: side(game.away, game.home, -edge) }
}

function expected(observation: Observation, state: Float64Array): number {
  return observation.reduce((sum, [index, sign]) => sum + sign * state[index]!, 0)
}

function afterGames(before: PointsFilter, games: readonly PlayedGame[]): PointsFilter {
  const after = { ...before, state: before.state.slice(), covariance: before.covariance.slice() }
  for (const game of games) {
    const { home, away } = sidesOf(after, game)
    learn(after, home, game.homeScore)
    learn(after, away, game.awayScore)
  }
  return after
}

/** One scalar Kalman update in place: the gain is P·h / (hᵀ·P·h + noise²), and P loses gain · (P·h)ᵀ. */
function learn({ state, covariance }: PointsFilter, observation: Observation, points: number): void {
  const size = state.length
  const shared = new Float64Array(size)
  for (const [index, sign] of observation) {
    for (let i = 0; i < size; i += 1) shared[i]! += sign * covariance[index * size + i]!
  }
  const variance = NOISE ** 2 + expected(observation, shared)
  const surprise = (points - expected(observation, state)) / variance
  for (let i = 0; i < size; i += 1) {
    state[i]! += shared[i]! * surprise
    const gain = shared[i]! / variance
    for (let j = 0; j < size; j += 1) covariance[i * size + j]! -= gain * shared[j]!
  }
}

function nextWeek(filter: PointsFilter): PointsFilter {
  const covariance = filter.covariance.slice()
  const size = filter.state.length
  for (let i = EDGE + 1; i < size; i += 1) covariance[i * size + i]! += WEEKLY_VARIANCE
  return { ...filter, covariance }
}

function nextSeason(filter: PointsFilter): PointsFilter {
  const size = filter.state.length
  const kept = (i: number) => (i > EDGE ? KEEP : 1)
  const state = filter.state.map((value, i) => value * kept(i))
  const covariance = filter.covariance.map((value, at) => value * kept(Math.floor(at / size)) * kept(at % size))
  covariance[LEVEL * size + LEVEL]! += LEVEL_SEASON_VARIANCE
  covariance[EDGE * size + EDGE]! += EDGE_SEASON_VARIANCE
  for (let i = EDGE + 1; i < size; i += 1) covariance[i * size + i]! += SEASON_VARIANCE
  return { ...filter, state, covariance }
}

function withNewTeams(filter: PointsFilter, week: readonly RatedGame[]): PointsFilter {
  const teams = new Set(week.flatMap((game) => [game.home, game.away]).filter((team) => !filter.places.has(team)))
  if (teams.size === 0) return filter
  const places = new Map(filter.places)
  for (const team of teams) places.set(team, places.size)
  const [oldSize, size] = [filter.state.length, 2 + 2 * places.size]
  const state = new Float64Array(size)
  state.set(filter.state)
  const covariance = new Float64Array(size * size)
  for (let i = 0; i < oldSize; i += 1) {
    covariance.set(filter.covariance.subarray(i * oldSize, (i + 1) * oldSize), i * size)
  }
  for (let i = oldSize; i < size; i += 1) covariance[i * size + i] = START_SD ** 2
  return { places, state, covariance }
}
