// Makes the features of each game, from what is known before its week begins: ratings frozen at the week's first kick-off, rest, place.
// One pass over all games in time order; nothing that ended later than that kick-off can get into a row, but for the names
// of the starters, which stand apart: see `withNamedStarters`.

import { advanceFilter, expectedPoints, FIRST_POINTS_FILTER, type PointsFilter } from './points-filter.ts'
import {
  advanceElo,
  FIRST_QUARTERBACK_ELO,
  lastStarters,
  strengthOf,
  type QuarterbackElo,
  type Strength,
} from './quarterback-elo.ts'
import { weekSteps, type RatedGame } from './weeks.ts'

/** Numbers by name; flags are 0 or 1. */
export type Features = Readonly<Record<string, number>>

export interface GameFeatures {
  readonly gameId: string
  readonly season: number
  readonly week: number
  /** The week's first kick-off: nothing that ended later went in. */
  readonly knownUntil: Date
  readonly moneyline: Features
  readonly ats: Features
  readonly ou: Features
}

/** Features of every game, in the order of their weeks. `games` may come in any order. */
export function gameFeatures(games: readonly RatedGame[]): GameFeatures[] {
  let elo = FIRST_QUARTERBACK_ELO
  let filter = FIRST_POINTS_FILTER
  return weekSteps(games).flatMap((step) => {
    elo = advanceElo(elo, step)
    filter = advanceFilter(filter, step)
    return step.week.map((game) => featuresOf(game, { elo, filter, knownUntil: step.knownUntil }))
  })
}

/** The features as they are once the starters are named; undefined while they are not. Only for a prediction made so late
 *  that a name is a fact: of a past game the file knows who did start, which nobody knew on the Tuesday before. */
export function withNamedStarters(features: Features): Features | undefined {
  const { elo_difference_named: named, qb_home_named: home, qb_away_named: away } = features
  if (named === undefined || home === undefined || away === undefined) return undefined
  return { ...features, elo_difference: named, qb_home: home, qb_away: away }
}

function featuresOf(
  game: RatedGame,
  known: { elo: QuarterbackElo; filter: PointsFilter; knownUntil: Date },
): GameFeatures {
  const points = expectedPoints(known.filter, game)
  const circumstances = {
    neutral: Number(game.neutral),
    division: Number(game.division ?? false),
    playoff: Number(game.gameType !== 'REG'),
    rest_difference: (game.homeRest ?? 7) - (game.awayRest ?? 7),
  }
  const strength = {
    ...toFeatures(strengthOf(game, known.elo, lastStarters(game, known.elo))),
    ...namedStarters(game, known.elo),
    filter_margin: points.home - points.away,
    ...circumstances,
  }
  const total = { filter_total: points.home + points.away, ...circumstances }
  const { gameId, season, week } = game
  return { gameId, season, week, knownUntil: known.knownUntil, moneyline: strength, ats: strength, ou: total }
}

function toFeatures(strength: Strength): Features {
  return {
    elo_home: strength.home,
    elo_away: strength.away,
    qb_home: strength.homeQuarterback,
    qb_away: strength.awayQuarterback,
    home_field: strength.homeField,
    bye: strength.bye,
    elo_difference: strength.difference,
  }
}

function namedStarters(game: RatedGame, elo: QuarterbackElo): Features {
  if (game.homeQb === null || game.awayQb === null) return {}
  const strength = strengthOf(game, elo, { home: game.homeQb, away: game.awayQb })
  return {
    qb_home_named: strength.homeQuarterback,
    qb_away_named: strength.awayQuarterback,
    elo_difference_named: strength.difference,
  }
}
