// What a league says of itself for `npm run backtest`: its options, and what it does with them.

import type { ParseArgsConfig } from 'node:util'

export interface LeagueBacktest {
  readonly help: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Runs it and writes what was asked for. Throws ConfigFailure, SourceFailure or DataFailure. */
  run(flags: Readonly<Record<string, unknown>>, parts: BacktestParts): Promise<void>
}

export interface BacktestParts {
  /** Where a source of the league is reached, by its name; undefined means the provider's own address. */
  addressOf(source: string): string | undefined
  readonly signal: AbortSignal
  /** Told the account, for people, or as data for programs. */
  readonly say: (text: string) => void
  readonly sayJson: (value: unknown) => void
  /** Told each step as it begins. */
  readonly progress: (step: string) => void
}
