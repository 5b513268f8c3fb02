// What set-up wants to know of the repository on GitHub. The only place of set-up that asks GitHub.

import { toErrorRecord } from '../core/errors.ts'

export interface GithubFacts {
  readonly private: boolean
  readonly fork: boolean
  readonly hasPages: boolean
  /** Workflow files that GitHub knows but will not start, with their state. */
  readonly disabled: readonly { file: string; state: string }[]
}

export interface GithubPlace {
  readonly apiUrl: string
  /** `owner/name`. */
  readonly repository: string
  readonly token: string
}

/** Asks GitHub; where it refuses, returns the sentence that says so instead of throwing: set-up goes on without. */
export async function readGithubFacts(place: GithubPlace): Promise<GithubFacts | { refusal: string }> {
  const [owner = '', repo = ''] = place.repository.split('/')
  const { Octokit } = await import('octokit')
  const octokit = new Octokit({
    auth: place.token,
    baseUrl: place.apiUrl,
    throttle: { enabled: false },
    retry: { enabled: false },
  })
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo })
    const workflows = await octokit.paginate(octokit.rest.actions.listRepoWorkflows, { owner, repo, per_page: 100 })
    const disabled = workflows.filter((one) => one.state !== 'active' && one.state !== 'deleted')
    return {
      private: data.private,
      fork: data.fork,
      hasPages: data.has_pages,
      disabled: disabled.map((one) => ({ file: one.path, state: one.state })),
    }
  } catch (error) {
    return { refusal: toErrorRecord(error).message }
  }
}
