// Runs on GitHub Actions: a request becomes a dispatch of the job's workflow.

import { SourceFailure } from '../core/errors.ts'
import type { GithubApi } from './github-api.ts'
import type { Executor } from './types.ts'

/** Its reference is GitHub's run id, where GitHub tells it. */
export function createActionsExecutor(github: Pick<GithubApi, 'dispatchWorkflow'>): Executor {
  return {
    name: 'actions',
    async submit({ workflow, inputs }) {
      try {
        return { reference: await github.dispatchWorkflow(workflow, inputs) }
      } catch (error) {
        if (inputs['request'] === undefined || !refusesRequestInput(error)) throw error
      }
      // The default branch's file may be older than this checkout; then the run is known by GitHub's id alone.
      const { request: _undeclared, ...declared } = inputs
      return { reference: await github.dispatchWorkflow(workflow, declared) }
    },
  }
}

/** Does GitHub refuse a dispatch because the workflow declares no input of that name? */
function refusesRequestInput(error: unknown): boolean {
  if (!(error instanceof SourceFailure) || error.context['status'] !== 422) return false
  return /Unexpected inputs provided.*"request"/.test(error.message)
}
