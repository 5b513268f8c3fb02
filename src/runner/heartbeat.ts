// While a run lives: it says so, notices when it was abandoned, and now and then looks around for the others.

import { toErrorRecord } from '../core/errors.ts'
import { beat, type NewRun } from '../ledger/runs.ts'
import { lookAndPoke, type LookingParts } from './look-around.ts'
import type { RunRecord } from './record.ts'

/** Every fourth beat, two minutes: trouble elsewhere is then told within five. */
const BEATS_PER_LOOK = 4
/** Without progress for this long a pass is to judge whether the run is stuck, and again after as long. */
const QUIET_MS = 10 * 60_000

export interface Beating {
  readonly run: NewRun
  readonly record: RunRecord
  readonly parts: LookingParts
  readonly everyMs: number
  /** Aborted when another process has ended the run. */
  readonly lost: AbortController
}

/** Starts the heart; call what it returns to stop it. */
export function startHeartbeat(beating: Beating): () => void {
  const { run, record, parts, lost } = beating
  let beats = 0
  const quiet = createQuiet(record)
  const tell = async () => {
    try {
      if (!(await beat(parts.ledger, run.id, record.progress)))
        lost.abort(new Error('the run was abandoned by another process'))
    } catch (error) {
      // One missed beat is no reason to stop: the lease outlasts ten of them, and the end is compare-and-set anyway.
      parts.log.warn('heartbeat not written', { cause: toErrorRecord(error).message })
    }
    beats += 1
    if (beats % BEATS_PER_LOOK !== 0) return
    const now = new Date(run.startedAt.getTime() + record.elapsedMs())
    await lookAndPoke(parts, { by: run.job, now, urgent: quiet() })
  }
  const timer = setInterval(() => void tell(), beating.everyMs).unref()
  return () => clearInterval(timer)
}

/** True once for every ten minutes in which the job told of no progress. */
function createQuiet(record: RunRecord): () => boolean {
  let done = record.progress?.done
  let since = record.elapsedMs()
  return () => {
    const now = record.elapsedMs()
    const moved = record.progress?.done !== done
    const long = now - since >= QUIET_MS
    if (moved || long) since = now
    done = record.progress?.done
    return long && !moved
  }
}
