// Things with sensible defaults, for tests that care about one or two of their properties. All instants are of November
// 2024 in UTC; the 19th is a Tuesday.

import { randomUUID } from 'node:crypto'

import { defineJob, type AnyJob, type JobContext, type JobReturn } from '../../src/core/job.ts'
import type { Period } from '../../src/core/period.ts'
import { text, Unfit, type Given } from '../../src/core/reader.ts'
import type { RetryPolicy } from '../../src/core/retry.ts'
import type { Candidate, ParentState, Slot, SlotState } from '../../src/core/slot.ts'
import type { WakeUpFacts } from '../../src/core/wake-up.ts'
import { ownIdentity, type ProcessIdentity } from '../../src/lib/process-identity.ts'
import type { RunEnd } from '../../src/ledger/run-end.ts'
import type { NewRun, RunOrigin } from '../../src/ledger/runs.ts'

/** `19 08:07` is that minute of November 2024. */
export function at(text: string): Date {
  const instant = new Date(`2024-11-${text.replace(' ', 'T')}Z`)
  if (Number.isNaN(instant.getTime())) throw new RangeError(`at("${text}"): expected such as 19 08:07`)
  return instant
}

/** And back: `19 08:07`. */
export function say(instant: Date): string {
  return instant.toISOString().slice(8, 16).replace('T', ' ')
}

/** A day, or any other word, as a period. */
export function aDay(day: string): Period {
  return { key: day, season: Number.parseInt(day) || null }
}

export function dayOf(instant: Date): Period {
  return aDay(instant.toISOString().slice(0, 10))
}

const noDelay: RetryPolicy = { attempts: 3, firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000 }

const jobParams = { day: text, size: readSize }

function readSize(given: Given): 'small' | 'large' | Unfit {
  if (given === undefined || given === 'small') return 'small'
  return given === 'large' ? given : new Unfit('expected small or large')
}

/** A job about days that does nothing; `run` is what a test puts in. */
export function aJob(
  wish: Partial<Omit<AnyJob, 'run'>> & {
    run?: (period: Period, ctx: JobContext<Record<string, unknown>>) => Promise<JobReturn>
  } = {},
): AnyJob {
  return defineJob({
    id: 'test/one',
    league: 'test',
    title: 'a job of a test',
    needs: {},
    onMissed: 'latest',
    graceMinutes: 30,
    deadlineMinutes: 360,
    retry: noDelay,
    seasonal: false,
    params: jobParams,
    period: dayOf,
    namedPeriod: ({ day }: { day?: string | undefined }) => (day === undefined ? undefined : aDay(day)),
    namedBy: { day: ({ key }) => key },
    run: () => Promise.resolve(),
    ...wish,
  })
}

export function aSlot(wish: { job?: string; dueAt?: Date; state?: SlotState } = {}): Slot {
  return { job: 'test/one', dueAt: at('19 08:07'), state: 'due', ...wish }
}

export function aParent(wish: Partial<ParentState> = {}): ParentState {
  return {
    job: 'test/parent',
    need: 'fresh',
    latestSlot: aSlot({ job: 'test/parent', state: 'served' }),
    everServed: true,
    ...wish,
  }
}

/** A waiting slot at `dueAt`, with half an hour of grace. */
export function aCandidate(
  wish: Partial<Candidate> & { dueAt?: Date; state?: SlotState } = {},
): Candidate & { period: Period } {
  const { dueAt = at('19 08:07'), state = 'due', ...rest } = wish
  const graceUntil = new Date(dueAt.getTime() + 30 * 60_000)
  return { slot: aSlot({ dueAt, state }), parents: [], chained: false, graceUntil, period: dayOf(dueAt), ...rest }
}

export function someFacts(wish: Partial<WakeUpFacts> = {}): WakeUpFacts {
  return {
    now: at('19 08:30'),
    byPerson: false,
    namedPeriod: undefined,
    defaultParams: true,
    force: false,
    pause: undefined,
    seasons: [],
    gamesUntil: undefined,
    breakers: [],
    candidates: [],
    nextDueAt: undefined,
    ...wish,
  }
}

/** A process on this host that is gone: no system gives out such a pid. */
export const deadProcess = (): ProcessIdentity => ({ ...ownIdentity(), pid: 99_999_999, startedTicks: '1' })
/** A process on another host. */
export const foreignProcess: ProcessIdentity = { host: 'another-host', pid: 7, startedTicks: '1' }

export function anOrigin(wish: Partial<RunOrigin> = {}): RunOrigin {
  return { identity: ownIdentity(), githubRunId: undefined, githubAttempt: undefined, commit: undefined, actor: undefined, ...wish } // prettier-ignore
}

export function aRun(wish: Partial<NewRun> = {}): NewRun {
  return {
    id: randomUUID(),
    job: 'test/one',
    period: dayOf(wish.slotDueAt ?? at('19 08:07')),
    slotDueAt: undefined,
    environment: 'test',
    trigger: 'schedule',
    startedAt: at('19 08:10'),
    attempt: 1,
    retryOf: undefined,
    correlationId: randomUUID(),
    parameters: {},
    dryRun: false,
    origin: anOrigin(),
    ...wish,
  }
}

export function anEnd(wish: Partial<RunEnd> = {}): RunEnd {
  return {
    outcome: 'succeeded',
    reason: undefined,
    finishedAt: at('19 08:11'),
    durationMs: 60_000,
    items: { read: 0, written: 0, skipped: 0, failed: 0 },
    errors: [],
    result: null,
    notes: {},
    tables: [],
    progress: undefined,
    logTail: undefined,
    cpuMs: 1,
    peakMemoryBytes: 1,
    simulated: false,
    ...wish,
  }
}
