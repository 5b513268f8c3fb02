// The registry of jobs: a new one is a file and a line here.

import type { AnyJob } from '../core/job.ts'
import { fantasyImport } from './fantasy/jobs/import.ts'
import { nflBronze } from './nfl/jobs/bronze.ts'
import { nflFeatures } from './nfl/jobs/features.ts'
import { nflPredict } from './nfl/jobs/predict.ts'
import { nflResults } from './nfl/jobs/results.ts'
import { nflSilver } from './nfl/jobs/silver.ts'
import { nflTrain } from './nfl/jobs/train.ts'
import { opsCleanup } from './ops/jobs/cleanup.ts'

export const jobs: readonly AnyJob[] = [
  nflBronze,
  nflSilver,
  nflFeatures,
  nflTrain,
  nflPredict,
  nflResults,
  fantasyImport,
  opsCleanup,
]
