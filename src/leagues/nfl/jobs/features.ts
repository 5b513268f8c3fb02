// Stage 3 of the NFL's week: for every game and market what was known before its week began.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../calendar.ts'
import type { MarketParams } from '../params.ts'
import { refreshFeatures } from './refresh-features.ts'

export async function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  await ctx.span('features', () => refreshFeatures(week, ctx.params.markets, ctx))
}
