// What a league says of itself for a replay: its data as of any instant, the period that is replayed, and how it ended.

import type { Sql } from 'postgres'

import type { Period } from './period.ts'

/** A provider's file, as it was at any instant. */
export interface FileAsOf {
  /** `games.csv` */
  readonly name: string
  /** Tells files apart: the hash of the whole text. */
  readonly hash: string
  readonly simulated: boolean
  textAsOf(at: Date): string
}

/** From an instant, included, to another, not included. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

/** What a person may wish of a replay. */
export interface ReplayWish {
  /** The options that name a period, as they were given: `{ season: '2024', week: '12' }`. */
  readonly named: Readonly<Record<string, string | undefined>>
  /** Where it begins, instead of a named period. */
  readonly from: Date | undefined
  /** A file or URL with the data. */
  readonly source: string | undefined
  readonly projectRoot: string
  readonly signal: AbortSignal
  readonly now: Date
}

/** What is replayed. */
export interface FoundReplay {
  readonly period: Period
  readonly window: Window
  readonly file: FileAsOf
  /** For people: what the data is and how old, and what has to be known of it. */
  readonly title: string
  readonly caveat: string
}

/** How a league is replayed. */
export interface LeagueReplay {
  /** The options that name a period, and their line of help. */
  readonly options: readonly string[]
  readonly help: string
  /** The source whose file is served as of each instant, by its name among the league's. */
  readonly source: string
  /** Where the file comes from, as a line of help. */
  readonly sourceHelp: string
  /** Finds the data and what to replay of it. Data that was named has to be there. Throws SourceFailure and ConfigFailure. */
  find(wish: ReplayWish): Promise<FoundReplay>
  /** What became of the period, as text for a terminal. */
  sayEnd(sql: Sql, replayed: Pick<FoundReplay, 'period' | 'file'>): Promise<string>
}
