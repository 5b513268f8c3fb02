// Stage 1 of the NFL's week: keep the provider's answer exactly as it came, with every later revision.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../calendar.ts'
import type { WeekParams } from '../params.ts'
import { landGames } from './land-games.ts'

export async function run(_week: Week, ctx: JobContext<WeekParams>): Promise<JobReturn> {
  await landGames(ctx)
}
