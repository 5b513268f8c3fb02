// A run is alive and comes no further; or it is silent, and a session of the database holds its row, so that it cannot be
// given up. Any other silent one is somebody else's: it is abandoned, and its slot is given back.

import { sayCount, sayDuration, sayMoment } from '../../core/wording.ts'
import type { RunningRun } from '../../ledger/health.ts'
import type { HealthFacts, KnownJob, LockedRun } from '../health-facts.ts'
import type { Finding, Rule } from './rule.ts'

const MINUTE = 60_000

/** A heart that beat this lately is taken to beat; the lease is longer. */
const FRESH_MS = 2 * MINUTE
/** Twice a second is no reason to be alarmed. */
const SHORTEST_LIMIT_MS = 10 * MINUTE
const LIMIT_WITHOUT_HISTORY_MS = 60 * MINUTE

export const stuck: Rule = (facts) => [...isIdle(facts), ...facts.locked.map((run) => isHeld(run, facts.now))]

const isIdle = ({ ledger, jobs, now }: HealthFacts): Finding[] =>
  ledger.running.flatMap((run) => {
    const limitMs = limitOf(run, jobs.find(({ job }) => job === run.job)) // prettier-ignore
    if (run.silentMs >= FRESH_MS || run.idleMs <= limitMs) return []
    return {
      subject: run.job,
      severity: 'warning',
      title: `${run.job} is running and has come no further for ${sayDuration(run.idleMs)}${howFar(run)}`,
      detail: `${whatIsUsual(run)} Its process is alive: read its log, and cancel its run on GitHub if it hangs. The slot is then due again.`,
      runId: run.id,
      slotDueAt: run.slotDueAt,
      // Idle time is the database's clock's; what it exceeds the limit by is a length of time on any clock.
      knowableAt: new Date(now.getTime() - (run.idleMs - limitMs)),
    }
  })

function isHeld({ runId, job, slotDueAt, silentMs, isDead, why, holder }: LockedRun, now: Date): Finding {
  const session = holder === undefined ? 'a session of the database' : `session ${holder.pid} of the database`
  return {
    subject: job,
    severity: isDead ? 'critical' : 'warning',
    title: `${job} has been silent for ${sayDuration(silentMs)} and cannot be given up: ${session} holds its run`,
    detail: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}. ${whatToEnd(holder, isDead)} Then the next pass gives its slot back.`,
    runId,
    slotDueAt,
    knowableAt: new Date(now.getTime() - silentMs),
  }
}

function whatToEnd(holder: LockedRun['holder'], isDead: boolean): string {
  const when = isDead
    ? 'End that session'
    : 'It may be inside a long write. If its run on GitHub is over, end that session'
  if (holder === undefined)
    return `${when}: look for it in pg_stat_activity (state "idle in transaction"), and select pg_terminate_backend(pid).`
  const { pid, state, address, sinceAt } = holder
  const since = sinceAt ? ` since ${sayMoment(sinceAt)}` : ''
  const from = address ? `, from ${address}` : ''
  return `${when}: select pg_terminate_backend(${pid}); it is ${state ?? 'of another user'}${since}${from}.`
}

function limitOf({ usualMs }: RunningRun, known: KnownJob | undefined): number {
  if (usualMs !== undefined) return Math.max(2 * usualMs, SHORTEST_LIMIT_MS)
  return known?.timeoutMinutes === undefined ? LIMIT_WITHOUT_HISTORY_MS : (known.timeoutMinutes / 2) * MINUTE
}

function howFar({ progress }: RunningRun): string {
  return progress ? `: ${sayCount(progress.done)} of ${sayCount(progress.total)} ${progress.unit}`.trimEnd() : ''
}

function whatIsUsual({ usualMs }: RunningRun): string {
  return usualMs === undefined
    ? 'None of its slots was served before.'
    : `A whole run usually takes ${sayDuration(usualMs)}.`
}
