// How a call to GitHub fails, with what holds for every failure of it.

import assert from 'node:assert/strict'

import { SourceFailure } from '../../src/core/errors.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { at } from '../helpers/builders.ts'
import type { Github } from '../helpers/github-shapes.ts'

export const dispatch = (api: GithubApi) => api.dispatchWorkflow('nfl-bronze.yml', {})
export const list = (api: GithubApi) => api.listRunsSince(at('19 00:00'), 100)

/** The failure of a call, or of a list of runs; it never holds the token. */
export async function failureOf(
  github: Pick<Github, 'url' | 'repository' | 'token'>,
  call: (api: GithubApi) => Promise<unknown> = list,
  timeoutMs = 5000,
): Promise<SourceFailure> {
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token, timeoutMs })
  const failure = await call(api).then(
    () => assert.fail('it was answered'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof SourceFailure, String(failure))
  assert.equal(failure.context['source'], 'github')
  assert.ok(!JSON.stringify([failure.message, failure.stack, failure.context]).includes(github.token))
  return failure
}
