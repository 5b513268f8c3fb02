// Says how long a run waits for temporary trouble: while it is opened, and while its end is written down.

import { ConfigFailure, toErrorRecord, type JobFailure } from '../core/errors.ts'
import { mayPass } from '../core/finality.ts'
import type { Log } from '../lib/log.ts'
import { createPatience, type Patience, type Pauses } from '../lib/patience.ts'

export interface Rhythm {
  /** How often a run says that it lives. */
  readonly heartbeatMs: number
  /** How long a job may take to stop when it is told to. */
  readonly windDownMs: number
  /** For how long opening a run is tried again: its slot stays due, and others will come for it. */
  readonly openForMs: number
  /** For how long the end of a job's run is tried again: its work is done, and would have to be done once more. */
  readonly endForMs: (job: string) => number | Promise<number>
  readonly pauses?: Pauses
}

const MINUTE = 60_000

/** GitHub sends SIGINT, then SIGTERM after 7.5 s, then kills after 2.5 s more: a job has 3 s to stop, its end 5. */
const RHYTHM: Rhythm = {
  heartbeatMs: 30_000,
  windDownMs: 3_000,
  openForMs: MINUTE / 3,
  endForMs: () => 10 * MINUTE,
}
const LAST_WORDS_MS = 5_000
/** What the site shows beside a run is worth less than a runner that waits. */
const DETAILS_FOR_MS = MINUTE

export interface PatientParts {
  readonly log: Pick<Log, 'warn'>
  /** What a database threw, as a failure with a sentence. */
  readonly explain: (error: unknown) => JobFailure
  /** Aborted when the process is told to end. */
  readonly cancelled: AbortSignal
  readonly rhythm?: Partial<Rhythm>
}

/** The rhythm as it is asked for, and the usual one where it is not. */
export function rhythmOf({ rhythm }: Pick<PatientParts, 'rhythm'>): Rhythm {
  return { ...RHYTHM, ...rhythm }
}

/** Patience for opening a run. Not with what a person has to mend: a wrong password is told at once. */
export function patienceToOpen(parts: PatientParts): Patience {
  const worthIt = (error: unknown) => mayPass(error) && !(parts.explain(error) instanceof ConfigFailure)
  return patience(parts, { what: 'the run is not opened yet', forMs: () => rhythmOf(parts).openForMs, worthIt })
}

/** Patience for the end of a run. `worthIt` says which failures are worth it. */
export function patienceToEnd(parts: PatientParts, job: string, worthIt: (error: unknown) => boolean): Patience {
  return patience(parts, { what: 'the end is not written yet', forMs: () => rhythmOf(parts).endForMs(job), worthIt })
}

/** Patience for what may be lost without a lie. */
export function patienceForDetails(parts: PatientParts): Patience {
  return patience(parts, { what: 'the details are not written yet', forMs: () => DETAILS_FOR_MS, worthIt: mayPass })
}

function patience(
  parts: PatientParts,
  { what, ...how }: { what: string; forMs: () => number | Promise<number>; worthIt: (error: unknown) => boolean },
): Patience {
  const { log, explain, cancelled: signal } = parts
  const { pauses } = rhythmOf(parts)
  return createPatience({
    ...how,
    pauses,
    signal,
    lastWordsMs: LAST_WORDS_MS,
    onFailure: (error, pauseMs) =>
      log.warn(`${what}: next try in ${pauseMs / 1000} s`, { cause: toErrorRecord(explain(error)).message }),
  })
}
