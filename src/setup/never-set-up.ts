// Before it is set up a repository is quiet: "Use this template" copies every schedule at once, and nobody is to get a mail for each
// tick until there is a database. The mark of a repository that was set up is a dispatch of ops-setup that succeeded; one by a
// push succeeds without a secret too, and then is none.

import { JobFailure } from '../core/errors.ts'
import type { GithubApi } from '../executors/github-api.ts'

const SETUP_WORKFLOW = 'ops-setup.yml'

/** What is told instead of a failure. */
export const NOT_SET_UP =
  'This repository is not set up yet, so nothing was run: set the secret DATABASE_URL (Settings → Secrets and variables → Actions), then start Actions → ops-setup → Run workflow.'

type Asked = Pick<GithubApi, 'hasSucceeded' | 'dispatchWorkflow'>

/** True only if GitHub says so: where it gives no answer, a database that is missing is a failure. */
export async function isNeverSetUp(github: Asked): Promise<boolean> {
  try {
    return !(await github.hasSucceeded(SETUP_WORKFLOW, 'workflow_dispatch'))
  } catch (error) {
    if (error instanceof JobFailure) return false
    throw error
  }
}

/** A set-up by a push leaves the mark by a dispatch of its own, once. Returns why it could not. */
export async function leaveMark(github: Asked, environment: string): Promise<string | undefined> {
  try {
    if (!(await github.hasSucceeded(SETUP_WORKFLOW, 'workflow_dispatch')))
      await github.dispatchWorkflow(SETUP_WORKFLOW, { environment })
    return undefined
  } catch (error) {
    if (error instanceof JobFailure) return error.message
    throw error
  }
}
