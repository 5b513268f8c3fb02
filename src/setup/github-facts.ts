// Asks GitHub what set-up wants to know of the repository.

import { JobFailure } from '../core/errors.ts'
import type { GithubApi } from '../executors/github-api.ts'

export interface GithubFacts {
  /** What the default branch is called. */
  readonly defaultBranch: string
  readonly private: boolean
  readonly fork: boolean
  readonly hasPages: boolean
  /** Workflow files that GitHub knows but will not start, with their state. */
  readonly disabled: readonly { file: string; state: string }[]
}

/** Asks GitHub; where it refuses, returns the sentence that says so instead of throwing: set-up goes on without. */
export async function readGithubFacts(github: GithubApi): Promise<GithubFacts | { refusal: string }> {
  try {
    const repository = await github.readRepository()
    const workflows = await github.listWorkflows()
    return { ...repository, disabled: workflows.filter(({ state }) => state !== 'active' && state !== 'deleted') }
  } catch (error) {
    if (error instanceof JobFailure) return { refusal: error.message }
    throw error
  }
}
