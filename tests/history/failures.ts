// A dozen ways in which runs fail, and what items fail on; some of it hostile: what a page shows comes from providers.

import type { ErrorRecord } from '../../src/core/errors.ts'

import type { Chance } from './chance.ts'

export const HOSTILE =
  '<script>alert(1)</script>"\'><img src=x onerror=alert(2)> 🏈 \u202Eلعبة\u202C ]]> --> {{x}} ${y}'
export const LONG = `${HOSTILE} ${'a very long message that no column was made for, '.repeat(200)}`.slice(0, 10_000)

type Template = Pick<ErrorRecord, 'kind' | 'code' | 'retryable' | 'message' | 'context'>

/** `of`: the only jobs that it happens to. */
const ERRORS: readonly (Template & { weight: number; of?: RegExp })[] = [
  { weight: 30, of: /^(nfl|fantasy)/, kind: 'SourceFailure', code: 'source_status', retryable: true, message: 'nflverse answered 503 to games.csv: it is asked again by itself', context: { source: 'nflverse', status: 503 } },
  { weight: 14, of: /^(nfl|fantasy)/, kind: 'SourceFailure', code: 'source', retryable: true, message: 'nflverse gave no answer within 30 s', context: { source: 'nflverse', status: null } },
  { weight: 10, of: /^nfl/, kind: 'SourceFailure', code: 'source_cut_off', retryable: true, message: 'games.csv ended after 1,310,720 of 2,113,411 bytes', context: { source: 'nflverse', bytes: 1310720 } },
  { weight: 8, of: /^fantasy/, kind: 'SourceFailure', code: 'rate_limited', retryable: true, message: 'nfl-com answered 429: too many requests', context: { source: 'nfl-com', status: 429 } },
  { weight: 7, of: /^nfl/, kind: 'DataFailure', code: 'lost_column', retryable: false, message: 'games.csv has no column "spread_line" any more: nothing was landed', context: { source: 'nflverse', column: 'spread_line' } },
  { weight: 6, of: /^nfl.silver/, kind: 'DataFailure', code: 'broken_rules', retryable: false, message: '17 of 285 games break rules of silver: look at the failed items', context: { games: 17 } },
  { weight: 6, of: /^nfl.predict/, kind: 'DataFailure', code: 'no_fit', retryable: false, message: 'nfl/predict found no fit of ou (model elo-filter-1): run nfl/train for that week first', context: { market: 'ou' } },
  { weight: 5, kind: 'LedgerFailure', code: 'ledger', retryable: true, message: 'the database closed the connection: it is usually back within a minute', context: {} },
  { weight: 4, kind: 'FencedFailure', code: 'fenced', retryable: false, message: 'another process ended this run, so its write was refused. Nothing was changed.', context: {} },
  { weight: 3, of: /^fantasy/, kind: 'SourceFailure', code: 'source_too_large', retryable: false, message: 'player_stats.csv has more than 64 MB: expected less than 20', context: { bytes: 67108864 } },
  { weight: 3, of: /^nfl/, kind: 'Crash', code: 'crash', retryable: false, message: "Cannot read properties of undefined (reading 'kickoffAt')", context: {} },
  { weight: 2, of: /^nfl.bronze/, kind: 'DataFailure', code: 'simulated_mix', retryable: false, message: 'nflverse sent simulated games, but this database holds real ones: nothing was landed', context: {} },
  { weight: 2, of: /^(nfl|fantasy)/, kind: 'SourceFailure', code: 'bad_csv', retryable: false, message: HOSTILE, context: { source: 'nflverse', 'line "<b>"': 7 } },
  { weight: 1, kind: 'Crash', code: 'out_of_memory', retryable: false, message: LONG, context: {} },
] // prettier-ignore

/** Why a job's run failed, as its row keeps it; with `retryable`, something that may be temporary. */
export function anError(chance: Chance, { job, retryable = false }: { job: string; retryable?: boolean }): ErrorRecord {
  const known = ERRORS.filter((error) => (error.of?.test(job) ?? true) && (error.retryable || !retryable))
  const weights = Object.fromEntries(known.map(({ weight }, i) => [String(i), weight]))
  const { weight: _, of: __, ...template } = known[Number(chance.byWeight(weights))]!
  const stack = `${template.kind}: ${template.message.slice(0, 200)}\n    at fetchGames (src/leagues/nfl/sources/nflverse/games.ts:61:11)\n    at run (src/runner/run-job.ts:204:5)`
  return { ...template, stack }
}

const ITEMS = [
  {
    kind: 'game',
    code: 'broken_rules',
    message: 'the home side has a score and the away side has none',
    retryable: false,
  },
  { kind: 'game', code: 'late_line', message: 'no line was posted by kick-off', retryable: true },
  { kind: 'player', code: 'anomaly', message: '61.4 PPR points: more than anybody ever scored', retryable: false },
  { kind: 'team week', code: 'no_players', message: 'nflverse has none of its players', retryable: true },
  { kind: 'prediction', code: 'no_prediction', message: 'kicked off without a frozen prediction', retryable: false },
  { kind: 'player', code: 'unknown_player', message: HOSTILE, retryable: true },
] as const

export function aFailedItem(chance: Chance) {
  const item = chance.of(ITEMS)
  const key = chance.is(0.05)
    ? '<b>key & "quotes"</b>'
    : `2026_${chance.between(10, 22)}_BUF_KC_${chance.between(1, 9999)}`
  return { ...item, key }
}
