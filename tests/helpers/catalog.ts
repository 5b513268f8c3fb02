// A test's jobs as workflow files: to GitHub, and to the catalog that reads them.

import type { AnyJob } from '../../src/core/job.ts'
import type { CatalogJob } from '../../src/schedule/catalog.ts'

import type { FakeWorkflow } from './github-shapes.ts'
import type { Scheduled } from './world.ts'

/** One for each job, and ops-watch's. */
export function workflowsOf(jobs: readonly AnyJob[]): FakeWorkflow[] {
  return ['ops/watch', ...jobs.map(({ id }) => id)].map((id, i) => {
    const name = id.replace('/', '-')
    return {
      id: i + 1,
      file: `.github/workflows/${name}.yml`,
      name,
      state: 'active',
      dispatchable: true,
      inputs: undefined,
    }
  })
}

const INPUTS = ['season', 'week', 'day', 'force', 'cascade', 'retry', 'request']

/** A job as its workflow file states it. */
export function toCatalogJob({ job, cron }: Scheduled): CatalogJob {
  const workflow = job.id.replace('/', '-')
  const parents = (Object.keys(job.needs) as CatalogJob['parents']).filter((need) => job.needs[need] === 'fresh')
  return {
    id: job.id,
    workflow,
    file: `.github/workflows/${workflow}.yml`,
    schedules: cron.map((line) => ({ cron: line, zone: 'UTC', line: 1 })),
    parents,
    inputs: INPUTS.map((name) => ({ name, type: 'string', options: [], line: 1 })),
    timeoutMinutes: 15,
    leagueSwitch: undefined,
  }
}
