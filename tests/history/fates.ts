// What may become of a slot, in the shares of a year that went mostly well, as the runs that tell its story.

import type { ErrorRecord } from '../../src/core/errors.ts'
import type { Outcome, Trigger } from '../../src/core/run.ts'
import type { SlotState } from '../../src/core/slot.ts'

import { MINUTE } from './book.ts'
import type { Chance } from './chance.ts'

const SHARES = {
  'on time': 76, late: 7, rescued: 5, retried: 4, partial: 3, 'not ready': 1.5, abandoned: 0.7, cancelled: 0.5, failed: 0.8,
  missed: 0.8, coalesced: 0.7,
} // prettier-ignore
export type Fate = keyof typeof SHARES

/** One run of a story. */
export interface Try {
  readonly trigger: Trigger
  /** From when the slot was due. */
  readonly afterMs: number
  readonly outcome: Outcome
  readonly gate?: string
  readonly reason?: string
  readonly error?: ErrorRecord
}

export interface Story {
  readonly fate: Fate | 'early'
  readonly state: SlotState
  readonly reason: string | undefined
  readonly tries: readonly Try[]
}

/** Of a slot that failed, as it was counted in the years that this history is of. */
const FAILURES = 4

interface Promise {
  readonly id: string
  readonly graceMinutes: number
  readonly deadlineMinutes: number
}

/** `early` is when a parent's chain woke the job, in milliseconds after (that is, before) the slot's moment. */
export function makeStory(job: Promise, early: number | undefined, chance: Chance): Story {
  const fate = chance.byWeight(SHARES)
  if (fate === 'on time' && early !== undefined && early < 0) return chainedStory(job, early, chance)
  return STORIES[fate](job, chance)
}

function chainedStory(job: Promise, early: number, chance: Chance): Story {
  const cron: Try = { ...gated(job), afterMs: latenessOnTime(job, chance) }
  const tries: Try[] = [{ trigger: 'chain', afterMs: early, outcome: 'succeeded' }, cron]
  return { fate: 'early', state: 'served', reason: undefined, tries }
}

/** GitHub's cron is rarely exact: minutes mostly, hours at times. */
function latenessOnTime(job: Promise, chance: Chance): number {
  return Math.round(Math.min(chance.logNormal(3, 0.8), job.graceMinutes - 1) * MINUTE)
}

function gated(job: Promise): Pick<Try, 'trigger' | 'outcome' | 'gate' | 'reason'> {
  const reason = `nothing is due for ${job.id}: every slot so far is accounted for`
  return { trigger: 'schedule', outcome: 'gated', gate: 'nothing_due', reason }
}

function served(fate: Fate, tries: readonly Try[]): Story {
  return { fate, state: 'served', reason: undefined, tries }
}

const STORIES: Readonly<Record<Fate, (job: Promise, chance: Chance) => Story>> = {
  'on time': (job, chance) => {
    const first: Try = { trigger: 'schedule', afterMs: latenessOnTime(job, chance), outcome: 'succeeded' }
    const again: Try[] = chance.is(0.35) ? [{ ...gated(job), afterMs: first.afterMs + 47 * MINUTE }] : []
    return served('on time', [first, ...again])
  },
  late(job, chance) {
    const room = Math.min(job.deadlineMinutes - 10, 5 * 60)
    const minutes = job.graceMinutes + 1 + chance.unit() ** 2 * (room - job.graceMinutes)
    return served('late', [{ trigger: 'schedule', afterMs: Math.round(minutes * MINUTE), outcome: 'succeeded' }])
  },
  rescued: (job, chance) => served('rescued', [{ ...rescue(job, chance), outcome: 'succeeded' }]),
  retried(job, chance) {
    const first = latenessOnTime(job, chance)
    const failures = chance.between(1, 2)
    return served('retried', [...failuresOf(failures, first), { ...retry(failures, first), outcome: 'succeeded' }])
  },
  partial: (job, chance) =>
    served('partial', [{ trigger: 'schedule', afterMs: latenessOnTime(job, chance), outcome: 'partial' }]),
  'not ready'(job, chance) {
    const first = latenessOnTime(job, chance)
    const reason = 'nflverse has no player weeks yet of this week for BUF, KC and 3 more teams'
    return served('not ready', [
      { trigger: 'schedule', afterMs: first, outcome: 'not_ready', reason },
      { ...retry(1, first), outcome: 'succeeded' },
    ])
  },
  abandoned(job, chance) {
    const first = latenessOnTime(job, chance)
    const reason = 'silent for 312 s, and GitHub says that it was cancelled'
    return served('abandoned', [
      { trigger: 'schedule', afterMs: first, outcome: 'abandoned', reason },
      { ...retry(1, first), outcome: 'succeeded' },
    ])
  },
  cancelled(job, chance) {
    const first = latenessOnTime(job, chance)
    return served('cancelled', [
      { trigger: 'schedule', afterMs: first, outcome: 'cancelled', reason: 'stopped by SIGTERM' },
      { ...rescue(job, chance), outcome: 'succeeded' },
    ])
  },
  failed(job, chance) {
    const tries = failuresOf(FAILURES, latenessOnTime(job, chance))
    return { fate: 'failed', state: 'failed', reason: undefined, tries }
  },
  missed(job, chance) {
    const reason = 'GitHub had disabled the workflow for inactivity; the deadline passed'
    const waiting: Try = { ...gated(job), afterMs: 3 * MINUTE, gate: 'paused', reason: `${job.id} is paused by ann` }
    return chance.is(0.5)
      ? { fate: 'missed', state: 'missed', reason: 'the deadline passed', tries: [waiting] }
      : { fate: 'missed', state: 'missed', reason, tries: [] }
  },
  coalesced: () => ({ fate: 'coalesced', state: 'coalesced', reason: 'a newer slot was served', tries: [] }),
}

function rescue(job: Promise, chance: Chance): Pick<Try, 'trigger' | 'afterMs'> {
  return { trigger: 'request', afterMs: Math.round((job.graceMinutes + 2 + chance.logNormal(6, 0.8)) * MINUTE) }
}

function retry(place: number, firstMs: number): Pick<Try, 'trigger' | 'afterMs'> {
  return { trigger: 'request', afterMs: firstMs + place * 31 * MINUTE }
}

function failuresOf(count: number, firstMs: number): Try[] {
  return Array.from({ length: count }, (_, place) =>
    place === 0
      ? { trigger: 'schedule', afterMs: firstMs, outcome: 'failed' }
      : { ...retry(place, firstMs), outcome: 'failed' },
  )
}
