// Asks GitHub whether Pages is on, again after short pauses: without an answer a site that is good is not deployed.

import { setTimeout as wait } from 'node:timers/promises'

import { GITHUB_API } from '../../src/app.ts'
import { JobFailure, toErrorRecord } from '../../src/core/errors.ts'
import { delayBeforeNext, type RetryPolicy } from '../../src/core/retry.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { randomSpread } from '../../src/lib/clock.ts'
import type { Env } from '../../src/lib/env.ts'

/** A checked site waits meanwhile, and its run may last no longer than ten minutes. */
const BRIEFLY: RetryPolicy = { attempts: 4, firstDelayMs: 2_000, factor: 2, maxDelayMs: 10_000 }
const LONGEST_PAUSE_MS = 60_000

export interface Pages {
  /** As the workflow reads it. */
  readonly on: 'true' | 'false' | 'unknown'
  /** What becomes of the site, as one line; with its mark. */
  readonly sentence: string
}

/** Never throws over GitHub. */
export async function askPages(env: Env, signal: AbortSignal): Promise<Pages> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl = GITHUB_API } = env
  if (token === undefined || repository === undefined) return kept('GitHub was not asked whether Pages is on')
  try {
    const api = createGithubApi({ apiUrl, repository, token })
    const { hasPages } = await insist(() => api.readRepository(), signal)
    if (!hasPages) return kept('GitHub Pages is off (Settings → Pages → Source: GitHub Actions)')
    return { on: 'true', sentence: '● GitHub Pages is on: the site is deployed next' }
  } catch (error) {
    signal.throwIfAborted()
    const { message } = toErrorRecord(error)
    const sentence = `✕ GitHub did not say whether Pages is on (${message}): the site is kept as the artifact "site" of this run and not deployed. Run ops-dashboard again once GitHub answers.`
    return { on: 'unknown', sentence }
  }
}

const kept = (why: string): Pages => ({
  on: 'false',
  sentence: `– ${why}: the site is kept as the artifact "site" of this run`,
})

async function insist<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const { retryable = false, retryAfterSeconds } = error instanceof JobFailure ? error : {}
      const delayMs = delayBeforeNext(BRIEFLY, { attempt, retryable, retryAfterSeconds }, randomSpread())
      if (delayMs === undefined || delayMs > LONGEST_PAUSE_MS) throw error
      await wait(delayMs, undefined, { signal })
    }
  }
}
