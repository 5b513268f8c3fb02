// What a league's predictions are about, for whoever shows them: its markets, its periods and its games, in its own words.

import type { Sql } from 'postgres'

import type { JobId } from './job.ts'
import type { Credit } from './terms.ts'

/** A market that a league predicts. */
export interface PredictedMarket {
  /** As rows have it: `ats`. */
  readonly id: string
  /** Who wins, by how much, or how much both score together: the last two are about a line, in points. */
  readonly kind: 'winner' | 'spread' | 'total'
  /** `Spread` */
  readonly name: string
  /** What its probabilities are of: `the home side covers`. */
  readonly of: string
}

/** A game as a league lists it, predicted or not. */
export interface ListedGame {
  readonly gameId: string
  readonly period: string
  readonly startsAt: Date
  /** The source had no time of day. */
  readonly startAssumed: boolean
  readonly home: string
  readonly away: string
  readonly neutral: boolean
  readonly homeScore: number | null
  readonly awayScore: number | null
  readonly simulated: boolean
}

/** A period of games, as people call it. */
export interface NamedPeriod {
  /** `2025-W13` */
  readonly key: string
  readonly season: number
  /** `Week 13 of 2025`, `Super Bowl of 2024` */
  readonly name: string
  /** Its place on a season's axis, and what stands there: 13, `W13`. */
  readonly place: number
  readonly label: string
}

/** A league's predictions, as pages tell of them. */
export interface Predicted {
  /** `NFL` */
  readonly name: string
  readonly markets: readonly PredictedMarket[]
  /** `kick-off` */
  readonly begin: string
  /** `season` finds out when the season is. */
  readonly jobs: { readonly predict: JobId; readonly grade: JobId; readonly season: JobId }
  /** What to expect while no game is known. */
  readonly empty: string
  /** Whose rows are shown, by their terms. */
  readonly credit: Credit
  /** A period by its key. */
  periodOf(key: string): NamedPeriod
  /** All games of these periods, by period and start. */
  listGames(sql: Sql, periods: readonly string[]): Promise<ListedGame[]>
}
