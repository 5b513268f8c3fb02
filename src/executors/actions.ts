// Runs on GitHub Actions: a request becomes a dispatch of the job's workflow.

import type { GithubApi } from './github-api.ts'
import type { Executor } from './types.ts'

/** Its reference is GitHub's run id, where GitHub tells it. */
export function createActionsExecutor(github: Pick<GithubApi, 'dispatchWorkflow'>): Executor {
  return {
    name: 'actions',
    submit: async ({ workflow, inputs }) => ({ reference: await github.dispatchWorkflow(workflow, inputs) }),
  }
}
