// What a person may name in the inputs of ops/cleanup: for how many days good runs are kept.

import { Unfit, type Given, type ValuesOf } from '../../core/reader.ts'
import { GOOD_RUN_DAYS } from '../../core/run.ts'

function keepDays(given: Given): number | Unfit {
  const days = given === undefined ? GOOD_RUN_DAYS : Number(given)
  return Number.isInteger(days) && days >= 7 && days <= 3650
    ? days
    : new Unfit('expected a number of days from 7 to 3650')
}

export const cleanupParams = { keepDays }
export type CleanupParams = ValuesOf<typeof cleanupParams>
