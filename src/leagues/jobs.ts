// The registry of jobs: a league's are a line here.

import type { AnyJob } from '../core/job.ts'
import { fantasyJobs } from './fantasy/jobs.ts'
import { nflJobs } from './nfl/jobs.ts'
import { opsJobs } from './ops/jobs.ts'

export const jobs: readonly AnyJob[] = [...nflJobs, ...fantasyJobs, ...opsJobs]
