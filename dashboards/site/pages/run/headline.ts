// What a run came to, in one sentence; and what to do about an error.

import { count, firstSentence } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { RunView } from '../../../../src/views/run/run.ts'
import { sayMs } from '../../kit/durations.ts'
import { sayWhen } from '../../kit/when.tsx'

export interface Place {
  readonly site: ViewContext
  /** Of the slot's cron line, or the site's. */
  readonly zone: string
}

/** `nfl/bronze served its slot of Tue 24 Nov 08:07 New York, 2 m after its time, in 3.2 s: 285 items written.` */
export function headlineOf(run: RunView, place: Place): string {
  const { job, outcome } = run
  if (outcome === 'succeeded' || outcome === 'partial') return sayServed(run, place)
  if (outcome === 'running') return `${job} is running since ${sayMoment(run.startedAt, place)}${sayProgress(run)}.`
  const after = run.durationMs === undefined ? '' : ` after ${sayMs(run.durationMs)}`
  const why = clause(run.errors[0]?.message ?? run.reason ?? '')
  const because = why === '' ? '.' : `: ${why}.`
  switch (outcome) {
    case 'not_ready':
      return `${job} found nothing to do yet${because}`
    case 'gated':
      return `${job} did not run${because}`
    case 'failed':
      return `${job} failed${after}${because}`
    case 'cancelled':
      return `${job} was cancelled${after}${because}`
    case 'abandoned':
      return `${job} was never heard of again${because}`
  }
}

function sayServed(run: RunView, place: Place): string {
  const { job, slot, period, totals, durationMs } = run
  const did = slot ? `served its slot of ${sayMoment(slot.dueAt, place)}` : `ran${period ? ` for ${period}` : ''}`
  const inPart = run.outcome === 'partial' ? ' in part' : ''
  const failed = run.outcome === 'partial' ? `, ${count(totals.failed, 'item')} failed` : ''
  const took = durationMs === undefined ? '' : ` in ${sayMs(durationMs)}`
  return `${job} ${did}${inPart}${sayLateness(run)}${took}: ${count(totals.written, 'item')} written${failed}.`
}

function sayMoment(at: Date, { site, zone }: Place): string {
  return sayWhen({ at, zone, now: site.now, placed: true })
}

function sayProgress({ progress }: RunView): string {
  if (!progress) return ''
  return `: ${progress.done.toLocaleString('en-US')} of ${progress.total.toLocaleString('en-US')} ${progress.unit}`
}

function sayLateness({ slot, startedAt }: RunView): string {
  if (!slot) return ''
  const ms = startedAt.getTime() - slot.dueAt.getTime()
  if (Math.abs(ms) < 60_000) return ', to the minute,'
  return ms > 0 ? `, ${sayMs(ms)} after its time,` : `, ${sayMs(-ms)} before its time,`
}

const clause = (message: string) => firstSentence(message, 160)

/** What a person can do about an error, and what happens by itself. */
export function adviceOn(error: RunView['errors'][number], run: RunView, place: Place): string {
  return `${ownAdvice(error)} ${nextBySelf(error, run, place)}`.trim()
}

function ownAdvice({ kind, retryable }: RunView['errors'][number]): string {
  switch (kind) {
    case 'SourceFailure':
      return retryable
        ? 'The provider did not answer as agreed, and such troubles pass.'
        : 'The provider answers in a way that trying again will not change: look at what it sends, then at the source’s reader.'
    case 'DataFailure':
      return 'What came in breaks a rule that the next stage relies on: look at the rows that the message names, then mend the rule or wait for the provider to mend its data.'
    case 'LedgerFailure':
      return 'The database was away or refused: look at its status page and its connection limit.'
    case 'ConfigFailure':
      return 'A setting, an input or a workflow file is wrong: the message says which.'
    case 'FencedFailure':
      return 'Another process had ended this run, so its writes were refused. Nothing was changed.'
    default:
      return 'This is a fault in the code: the stack below says where.'
  }
}

function nextBySelf({ retryable }: RunView['errors'][number], run: RunView, place: Place): string {
  const slot = run.slot?.now
  if (!slot) return retryable ? 'Start the job again when it has passed.' : ''
  const deadline = sayMoment(slot.deadlineAt, place)
  switch (slot.state) {
    case 'served':
      return 'Its slot has been served since: nothing is left to do.'
    case 'due':
      return retryable
        ? `Its slot is tried again by itself until ${deadline}.`
        : `Its slot is still due, until ${deadline}.`
    case 'running':
      return 'Another run is at its slot now.'
    default:
      return `Its slot is ${slot.state}, and is not tried again by itself.`
  }
}
