// A league: everything that others need to know of a sport, as data. What it does is loaded when it is done.

import type { Sql } from 'postgres'
import type { VNode } from 'preact'

import type { Calendar } from './calendar.ts'
import type { AnyJob } from './job.ts'
import type { LeagueBacktest } from './league-backtest.ts'
import type { LeagueReplay } from './league-replay.ts'
import type { Predicted } from './predicted.ts'
import type { Terms } from './terms.ts'

/** A provider, as a league uses it. */
export interface LeagueSource {
  /** As jobs and records name it: `odds-api`. */
  readonly name: string
  /** May its rows be published? A source that no league declares may show nothing. */
  readonly terms: Terms
  /** The variable that names another address than the provider's own, or the only one where it has none. */
  readonly address?: string
  /** The variable with the key that the provider wants. Its name ends like a secret's, by which it is hidden in every log, page and
   *  message: `ODDS_API_KEY`. */
  readonly key?: string
}

/** A table of a league's lake. */
export interface LakeTable {
  /** As people call it. */
  readonly name: string
  /** `silver.nfl_games`. */
  readonly table: string
  /** The job that keeps it. */
  readonly job: string
}

/** What stands in a table. */
export interface TableCount {
  readonly table: string
  readonly rows: number
  /** Up to when its newest row knows; null: it is empty, or its rows do not say. */
  readonly as_of: Date | null
  /** `2026 week 11`: the newest period that it is about. */
  readonly newest: string | null
}

/** What a league's lake tells of itself, for pages. */
export interface Lake {
  /** In the order in which they are made. */
  readonly tables: readonly LakeTable[]
  /** Counts every table. They grow by some thousand rows a season. */
  count(sql: Sql): Promise<TableCount[]>
  /** What people ask the age of, in the order in which it is made, and the jobs that keep each. */
  readonly dataSets: Readonly<Record<string, readonly string[]>>
  /** Schedule time of the newest change in each data set; null: nothing has landed yet. */
  age(sql: Sql): Promise<{ name: string; at: Date | null }[]>
}

/** What a league adds to the Predictions page: to the page of the league that it reads, or to its own. */
export interface PagePart<View = unknown> {
  /** Plain data, as large as what is shown. */
  read(sql: Sql, about: { simulated: boolean }): Promise<View>
  render(view: View): VNode
}

/** A league's folder, `src/leagues/nfl/`. */
export interface League {
  /** The name of its folder, and of its switch in LEAGUES: `nfl`. */
  readonly id: string
  /** What switches it: the variable LEAGUES, or nothing. */
  readonly switch: 'on unless left out' | 'off unless named' | 'none'
  /** The leagues whose tables and calendar it may use. */
  readonly reads: readonly string[]
  /** Undefined: it keeps that of a league that it reads, or is about no games. */
  readonly calendar?: Calendar
  readonly sources: readonly LeagueSource[]
  /** In the order in which they need each other. */
  readonly jobs: readonly AnyJob[]
  /** Its lake, loaded when it is asked; undefined: it keeps no tables of its own. */
  readonly lake?: () => Promise<Lake>
  /** How it is replayed, loaded when it is; undefined: it cannot be. */
  readonly replay?: () => Promise<LeagueReplay>
  /** How its models are tried on past seasons, loaded when they are. */
  readonly backtest?: () => Promise<LeagueBacktest>
  /** Its predictions of games, loaded when it is asked; undefined: it predicts none. */
  readonly predicted?: () => Promise<Predicted>
  /** Its part of the Predictions page. */
  readonly part?: () => Promise<PagePart>
  /** A line of help for each parameter of its jobs that no other league has. */
  readonly help: Readonly<Record<string, string>>
}
