// One run's rows: the run itself, its spans, counted items, failed items, tables and log tail.

import type { ErrorRecord } from '../../src/core/errors.ts'
import type { Period } from '../../src/core/period.ts'
import type { Outcome, Trigger } from '../../src/core/run.ts'

import { after, type Book } from './book.ts'
import type { Chance } from './chance.ts'
import type { Row } from './insert.ts'
import { aFailedItem, anError, HOSTILE } from './failures.ts'

export interface RunWish {
  readonly id: string
  readonly job: string
  readonly period: Period
  readonly slotDueAt: Date | undefined
  readonly trigger: Trigger
  readonly outcome: Outcome
  readonly gate?: string | undefined
  readonly reason?: string | undefined
  /** Of a failed run. */
  readonly error?: ErrorRecord | undefined
  readonly startedAt: Date
  readonly attempt: number
  readonly retryOf: string | undefined
  readonly correlationId: string
}

export interface WrittenRun {
  readonly finishedAt: Date
  readonly durationMs: number
  readonly itemsWritten: number
  readonly itemsFailed: number
}

const STEPS: Readonly<Record<string, readonly string[]>> = {
  'nfl/bronze': ['fetch games', 'land games'],
  'nfl/silver': ['clean', 'seasons'],
  'nfl/features': ['features'],
  'nfl/train': ['fit moneyline', 'fit ats', 'fit ou'],
  'nfl/predict': ['fetch games', 'land games', 'clean', 'features', 'predict'],
  'nfl/results': ['fetch games', 'land games', 'clean', 'grade'],
  'fantasy/import': ['schedule', 'fetch player weeks', 'land players of 2026', 'freeze matchday', 'grade'],
  'ops/cleanup': ['rules', 'runs', 'letters', 'requests', 'passes', 'ghosts', 'incidents'],
}
const KINDS: Readonly<Record<string, [string, number]>> = {
  'nfl/bronze': ['game', 285],
  'nfl/silver': ['game', 285],
  'nfl/features': ['row', 48],
  'nfl/train': ['sample', 6_800],
  'nfl/predict': ['prediction', 48],
  'nfl/results': ['grade', 48],
  'fantasy/import': ['player week', 1_020],
  'ops/cleanup': ['run', 120],
}
const TYPICAL_SECONDS: Readonly<Record<string, number>> = { 'nfl/train': 41, 'fantasy/import': 22, 'ops/cleanup': 3 }

/** Writes a run into the book; what its slot keeps of it is returned. */
export function writeRun(book: Book, wish: RunWish): WrittenRun {
  const { chance } = book
  const isGated = wish.outcome === 'gated'
  const typical = (TYPICAL_SECONDS[wish.job] ?? 8) * 1000
  const durationMs = isGated ? chance.between(5, 40) : Math.round(chance.logNormal(typical, 0.45))
  const finishedAt = after(wish.startedAt, durationMs)
  const counts = isGated ? NOTHING : countItems(book, wish)
  const errors = errorsOf(chance, wish)
  book.runs.push({
    ...identity(book, wish),
    heartbeat_at: finishedAt,
    finished_at: wish.outcome === 'running' ? null : finishedAt,
    duration_ms: wish.outcome === 'running' ? null : durationMs,
    ...counts,
    errors,
    ...leftovers(book, wish),
    cpu_ms: Math.round(durationMs * 0.4),
    peak_memory_bytes: chance.between(90, 240) * 1024 * 1024,
  })
  if (!isGated) writeSpans(book, wish, { durationMs, error: errors[0]?.message })
  return { finishedAt, durationMs, itemsWritten: counts.items_written, itemsFailed: counts.items_failed }
}

/** One; at times a second one that came of cleaning up. */
function errorsOf(chance: Chance, { job, outcome, error }: RunWish): ErrorRecord[] {
  if (outcome !== 'failed') return []
  return [error ?? anError(chance, { job }), ...(chance.is(0.1) ? [anError(chance, { job: 'ops/cleanup' })] : [])]
}

const NOTHING = { items_read: 0, items_written: 0, items_skipped: 0, items_failed: 0 }

function identity(book: Book, wish: RunWish): Row {
  const { chance } = book
  const byPerson = wish.trigger === 'manual' || wish.trigger === 'rerun'
  return {
    id: wish.id,
    job: wish.job,
    slot_due_at: wish.slotDueAt ?? null,
    period: wish.period.key,
    season: wish.period.season,
    environment: 'history',
    trigger: wish.trigger,
    outcome: wish.outcome,
    gate: wish.gate ?? null,
    reason: wish.reason ?? wish.error?.message.slice(0, 300) ?? null,
    attempt: wish.attempt,
    retry_of: wish.retryOf ?? null,
    correlation_id: wish.correlationId,
    started_at: wish.startedAt,
    recorded_at: wish.startedAt,
    github_run_id: 9_000_000_000 + Math.floor(wish.startedAt.getTime() / 1000 - 1_500_000_000),
    github_attempt: wish.trigger === 'rerun' ? 2 : 1,
    commit: `${Math.floor(wish.startedAt.getTime() / 604_800_000).toString(16)}c0ffee0badcafe0000000000000000000000`.slice(0, 40), // prettier-ignore
    actor: byPerson ? chance.of(['ann', 'bo', '<i>eve</i>']) : 'github-actions[bot]',
    host: `runner-${chance.between(1, 40)}`,
    pid: chance.between(1_000, 9_000),
    process_start: '1',
    parameters: byPerson ? { markets: 'ats,ou', week: '7' } : {},
  }
}

function countItems(book: Book, wish: RunWish) {
  const { chance } = book
  const [kind, typical] = KINDS[wish.job] ?? ['thing', 10]
  const ended = wish.outcome === 'succeeded' || wish.outcome === 'partial'
  const read = ended || chance.is(0.3) ? Math.round(typical * (0.9 + 0.2 * chance.unit())) : 0
  const failed = wish.outcome === 'partial' ? chance.between(1, 6) : 0
  const written = ended ? Math.round((read - failed) * (chance.is(0.2) ? 0 : chance.unit())) : 0
  const skipped = ended ? read - failed - written : 0
  if (read > 0) book.items.push({ run_id: wish.id, kind, read, written, skipped, failed })
  for (let i = 0; i < failed; i += 1) writeLetter(book, wish)
  return { items_read: read, items_written: written, items_skipped: skipped, items_failed: failed }
}

function writeLetter(book: Book, wish: RunWish): void {
  const { chance } = book
  const open = chance.is(0.15)
  const closedAt = open ? null : after(wish.startedAt, chance.between(1, 90) * 3_600_000)
  book.letters.push({
    run_id: wish.id,
    job: wish.job,
    ...aFailedItem(chance),
    context: chance.is(0.3) ? { file: 'games.csv', line: chance.between(2, 7_000) } : {},
    failed_at: wish.startedAt,
    times: chance.is(0.2) ? chance.between(2, 4) : 1,
    closed_at: closedAt,
    closed_by: open ? null : chance.of(['ann', wish.job]),
    close_reason: open ? null : 'tried again and written',
  })
}

function leftovers({ chance, now }: Book, wish: RunWish): Row {
  const { outcome } = wish
  const recent = now.getTime() - wish.startedAt.getTime() < 120 * 86_400_000
  const hasTables = outcome !== 'gated' && recent && chance.is(0.5)
  const endedWell = outcome === 'succeeded'
  return {
    result: endedWell && wish.job.endsWith('import') ? { players_imported: 1003, errors: 0 } : null,
    notes: endedWell ? { games: '2 new, 14 changed, 269 same', [HOSTILE.slice(0, 25)]: HOSTILE } : {},
    tables: hasTables ? [A_TABLE, ...(chance.is(0.3) ? [A_LONG_TABLE] : [])] : [],
    ...(outcome === 'running' ? UNDER_WAY : NO_PROGRESS),
    progressed_at: outcome === 'running' ? wish.startedAt : null,
    log_tail: ['succeeded', 'gated', 'running'].includes(outcome) ? null : logTail(wish),
  }
}

const UNDER_WAY = { progress_done: 2, progress_total: 3, progress_unit: 'markets' }
const NO_PROGRESS = { progress_done: null, progress_total: null, progress_unit: null }

const A_TABLE = {
  title: 'This week, graded: "ours" beside <b>the market</b>',
  rows: [
    { what: 'ats 2026', games: 160, 'hit %': '51.2 (48.1 to 54.3, n 240)', Brier: 0.2491, 'CLV %': null },
    { what: 'ou 2026', games: 160, 'hit %': null, Brier: 0.2503, 'CLV %': '0.4' },
    { what: HOSTILE, games: null, 'hit %': null, Brier: null, 'CLV %': null },
  ],
}
const A_LONG_TABLE = {
  title: 'Games',
  rows: Array.from({ length: 50 }, (_, i) => ({ game: `2026_${String((i % 18) + 1).padStart(2, '0')}_BUF_KC`, line: i / 2 - 10, p: i / 50 })), // prettier-ignore
}

function logTail({ startedAt, job, reason }: RunWish): string[] {
  const time = (i: number) =>
    after(startedAt, i * 900)
      .toISOString()
      .slice(11, 19)
  const lines = Array.from({ length: 38 }, (_, i) => `${time(i)} info  ${job} step ${i} rows=${i * 31}`)
  return [...lines, `${time(38)} warn  ${HOSTILE}`, `${time(39)} error ${reason ?? 'it failed'} ⏎ see above`]
}

function writeSpans(
  book: Book,
  wish: RunWish,
  { durationMs, error }: { durationMs: number; error?: string | undefined },
): void {
  const { chance } = book
  const steps = STEPS[wish.job] ?? ['work']
  const weights = steps.map(() => 0.2 + chance.unit())
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  let offset = 12
  let place = 0
  for (const [i, name] of steps.entries()) {
    const length = (durationMs - 20) * (weights[i]! / whole)
    const fails = error !== undefined && (i === 0 || i === steps.length - 1)
    const parent = place
    place += 1
    book.spans.push({ run_id: wish.id, place: parent, parent: null, name, offset_ms: offset, duration_ms: length, error: fails ? error : null }) // prettier-ignore
    if (name.startsWith('fetch') && chance.is(0.3)) {
      book.spans.push({ run_id: wish.id, place, parent, name: `${name} (try 2)`, offset_ms: offset + length / 2, duration_ms: length / 2, error: null }) // prettier-ignore
      place += 1
    }
    if (fails) break
    offset += length
  }
}
