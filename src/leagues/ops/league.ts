// The house's own jobs. No sport, and never switched off.

import type { League } from '../../core/league.ts'
import { opsJobs } from './jobs.ts'

export const ops: League = {
  id: 'ops',
  switch: 'none',
  reads: [],
  sources: [],
  jobs: opsJobs,
  help: { keepDays: 'days for which a run that went well is kept, at least 7' },
}
