// The house's own job: what it leaves behind, how late it may be. What it does is in jobs/, and is loaded when it is done.

import { defineJob, later, type AnyJob } from '../../core/job.ts'
import type { Period } from '../../core/period.ts'
import { inProcess } from '../../core/retry.ts'
import { localDay } from '../../core/zone.ts'
import { cleanupParams } from './params.ts'

const ZONE = 'Australia/Sydney'

export const opsCleanup = defineJob({
  id: 'ops/cleanup',
  league: 'ops',
  title: 'runs past their retention removed',
  needs: {},
  onMissed: 'latest',
  graceMinutes: 180,
  deadlineMinutes: 20 * 60, // the next day's is then four hours away
  retry: inProcess,
  seasonal: false,
  params: cleanupParams,
  period: dayAt,
  namedPeriod: () => undefined,
  namedBy: {},
  run: later(() => import('./jobs/cleanup.ts')),
})

function dayAt(at: Date): Period {
  return { key: localDay(at, ZONE), season: null }
}

/** In the order in which they need each other. */
export const opsJobs: readonly AnyJob[] = [opsCleanup]
