// "Re-run jobs" checks the old commit out again: whether what such a run would do is refused, and how set-up says which version it
// writes.

import { ConfigFailure, JobFailure } from '../core/errors.ts'
import type { GithubApi } from '../executors/github-api.ts'
import { findScheduleCommit, type Version } from '../ledger/versions.ts'
import type { Env } from '../lib/env.ts'
import type { Sql } from 'postgres'

type Head = Pick<GithubApi, 'headCommit'>

/** Which version a run of ops-setup writes; undefined where nobody numbers runs. */
export async function readVersion(env: Env, github: Head | undefined): Promise<Version | undefined> {
  const { GITHUB_RUN_NUMBER: number, GITHUB_SHA: commit } = env
  if (number === undefined || commit === undefined) return undefined
  const head = await findHead(github)
  return { number, commit, isHead: head === undefined ? undefined : head === commit }
}

/** Refuses a run that was started again with an old checkout: it would judge, or publish, by an old catalog. Throws ConfigFailure. */
export async function refuseOldCheckout(
  env: Env,
  { sql, github, workflow }: { sql: Sql; github: Head | undefined; workflow: string },
): Promise<void> {
  const { GITHUB_RUN_ATTEMPT: attempt = 1, GITHUB_SHA: commit } = env
  if (attempt < 2 || commit === undefined || (await findScheduleCommit(sql)) === commit) return
  const head = await findHead(github)
  if (head === commit) return
  const found = head === undefined ? 'GitHub did not say which is the newest' : `the newest is ${head.slice(0, 12)}`
  throw new ConfigFailure(
    `${workflow} was started again (attempt ${attempt}) with commit ${commit.slice(0, 12)}, and ${found}: an old checkout would go by an old schedule and old pages. Nothing was done. Start a new run instead: Actions → ${workflow} → Run workflow.`,
    { code: 'old_checkout' },
  )
}

/** What GitHub does not say is unknown, and no failure. */
async function findHead(github: Head | undefined): Promise<string | undefined> {
  try {
    return await github?.headCommit()
  } catch (error) {
    if (error instanceof JobFailure) return undefined
    throw error
  }
}
