// Facts about health with sensible defaults: everything is well, and a test says what is not.

import type { LedgerHealth, RunningRun } from '../../src/ledger/health.ts'
import type { JobHealth, LastRun, LostRequest, LostSlot } from '../../src/ledger/job-health.ts'
import type { HealthFacts, KnownJob, OverdueFact } from '../../src/observe/health-facts.ts'
import { at } from '../helpers/builders.ts'

export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

/** An instant, moved by so many milliseconds. */
export const plus = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms)

/** What the rules are given at 19 09:00, of a ledger in which all is well but for what the test says. */
export function facts(
  wish: Partial<Omit<HealthFacts, 'ledger'>> & { ledger?: Partial<LedgerHealth> } = {},
): HealthFacts {
  return {
    now: at('19 09:00'),
    jobs: [],
    overdue: [],
    locked: [],
    failures: [],
    mute: [],
    publicRepository: undefined,
    clockDeclared: false,
    leagues: undefined,
    wakeUpGapLimitMs: undefined,
    ...wish,
    ledger: {
      jobs: [],
      running: [],
      unservedLines: [],
      breakers: [],
      ghosts: [],
      wakeUpGaps: [],
      outsideClock: { lastAt: undefined, days: 0, latePasses: [] },
      disabledWorkflows: [],
      lastCommitAt: undefined,
      publicRepository: undefined,
      keptAwakeAt: undefined,
      site: { builtAt: undefined, wantedAt: undefined },
      paused: [],
      ...wish.ledger,
    },
  }
}

/** A daily job that was last served on the 19th at 08:09. */
export function jobHealth(wish: Partial<JobHealth> = {}): JobHealth {
  return {
    job: 'test/one',
    scheduledFrom: at('01 00:00'),
    lastSeenAt: at('19 08:09'),
    lastRun: lastRun(),
    lastSuccessAt: at('19 08:10'),
    lostSlot: undefined,
    lastDueAt: at('19 08:07'),
    nextDueAt: at('20 08:07'),
    lostRequest: undefined,
    ...wish,
  }
}

export function lastRun(wish: Partial<LastRun> = {}): LastRun {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    outcome: 'succeeded',
    finishedAt: at('19 08:10'),
    reason: undefined,
    error: undefined,
    wishedAt: undefined,
    slot: { dueAt: at('19 08:07'), state: 'served', tries: 0, notBefore: undefined },
    ...wish,
  }
}

export function lostSlot(wish: Partial<LostSlot> = {}): LostSlot {
  return {
    dueAt: at('19 01:07'),
    state: 'missed',
    period: '2024-W11',
    reason: 'the deadline passed',
    deadlineAt: at('19 07:07'),
    changedAt: at('19 08:00'),
    ...wish,
  }
}

export function lostRequest(wish: Partial<LostRequest> = {}): LostRequest {
  return {
    kind: 'rescue',
    tries: 3,
    createdAt: at('19 07:00'),
    endedAt: at('19 08:00'),
    note: 'lost: sent 3 times, and no run came',
    ...wish,
  }
}

export function runningRun(wish: Partial<RunningRun> = {}): RunningRun {
  return {
    id: '00000000-0000-4000-8000-000000000002',
    job: 'test/one',
    slotDueAt: at('19 08:07'),
    progress: undefined,
    silentMs: 5_000,
    idleMs: MINUTE,
    usualMs: 2 * MINUTE,
    ...wish,
  }
}

export function knownJob(wish: Partial<KnownJob> = {}): KnownJob {
  return {
    job: 'test/one',
    graceMinutes: 30,
    sources: [],
    timeoutMinutes: 15,
    inSeason: true,
    seasonOpensAt: undefined,
    periodMs: DAY,
    lines: 1,
    ...wish,
  }
}

export function overdueFact(wish: Partial<OverdueFact> = {}): OverdueFact {
  return {
    job: 'test/one',
    dueAt: at('19 08:07'),
    graceOverAt: at('19 08:37'),
    deadlineAt: at('19 14:07'),
    reason: undefined,
    tries: 0,
    ...wish,
  }
}
