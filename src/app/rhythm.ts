// Says how long a process on Actions may wait: until GitHub ends it.

import type { AnyJob } from '../core/job.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { Rhythm } from '../runner/patience.ts'

const MINUTE = 60_000
/** Restarts, fail-overs and waking servers take less; a slot that is still due then is served by a later run. */
const OPEN_FOR_MS = 2 * MINUTE
/** Before the time-out, which GitHub counts from the beginning of the job: checkout and install came before this process. */
const SPARE_MS = MINUTE + 90_000
/** Of a job whose workflow cannot be read. */
const UNKNOWN_MS = 10 * MINUTE

/** A run's end is tried until a minute before the time-out of its workflow, which is read once an end could not be written. */
export function rhythmOnActions(root: string, jobs: readonly AnyJob[]): Partial<Rhythm> {
  return {
    openForMs: OPEN_FOR_MS,
    endForMs: async (job) => {
      const minutes = await findTimeout(root, jobs, job)
      return minutes === undefined ? UNKNOWN_MS : Math.max(0, minutes * MINUTE - SPARE_MS - monotonicMs())
    },
  }
}

/** Problems of the files are for the check to tell, not for a run that has ended. */
async function findTimeout(root: string, jobs: readonly AnyJob[], id: string): Promise<number | undefined> {
  try {
    const { readCatalogWithProblems } = await import('../schedule/catalog.ts')
    const { catalog } = await readCatalogWithProblems(root, jobs)
    return catalog.jobs.find((job) => job.id === id)?.timeoutMinutes
  } catch {
    return undefined // no folder of workflows below this root
  }
}
