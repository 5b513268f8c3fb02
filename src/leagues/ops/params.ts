// What a person may name in the inputs of ops/cleanup: for how many days good runs are kept.

import { z } from 'zod'

import { GOOD_RUN_DAYS } from '../../core/run.ts'

const KEEP_WISH = 'expected a number of days from 7 to 3650'

export const cleanupParams = {
  keepDays: z.preprocess(
    (value) => (value === undefined || value === '' ? GOOD_RUN_DAYS : Number(value)),
    z.number({ error: KEEP_WISH }).int(KEEP_WISH).min(7, KEEP_WISH).max(3650, KEEP_WISH),
  ),
}
export type CleanupParams = z.infer<z.ZodObject<typeof cleanupParams>>
