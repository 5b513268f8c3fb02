// The registry of jobs: a new one is a file and a line here.

import type { AnyJob } from '../core/job.ts'
import { fantasyImport } from './fantasy/import.ts'
import { nflBronze } from './nfl/bronze.ts'
import { nflFeatures } from './nfl/features.ts'
import { nflPredict } from './nfl/predict.ts'
import { nflResults } from './nfl/results.ts'
import { nflSilver } from './nfl/silver.ts'
import { nflTrain } from './nfl/train.ts'
import { opsCleanup } from './ops/cleanup.ts'

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
