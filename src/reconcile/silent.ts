// Silent runs: which are given up at once, which GitHub is asked about, and which are left their lease.

import type { Sql } from 'postgres'

import type { GithubApi, GithubRun } from '../executors/github-api.ts'
import { isAliveHere, type ProcessIdentity } from '../lib/process-identity.ts'
import { abandonRun } from '../ledger/runs.ts'
import { listSilentRuns, markAsked, type SilentRun } from '../ledger/silent.ts'
import { missExpiredSlots } from '../ledger/slots.ts'
import { LEASE_SECONDS } from '../runner/open-run.ts'

/** Three heartbeats missed: worth a question. */
const DOUBTFUL_SECONDS = 90

export interface SilentParts {
  readonly sql: Sql
  readonly github: GithubApi | undefined
  readonly identity: ProcessIdentity
  readonly now: Date
}

/** Gives up the runs that are known to be dead, or silent past their lease. Returns how many. */
export async function abandonSilent(parts: SilentParts): Promise<number> {
  const { sql, now } = parts
  let abandoned = 0
  for (const run of await listSilentRuns(sql, DOUBTFUL_SECONDS)) {
    const verdict = judgeSilence(run, parts.identity) ?? (await askGithub(run, parts))
    if (verdict === undefined) continue
    if (await abandonRun(sql, run.runId, { ...verdict, at: now })) abandoned += 1
  }
  if (abandoned > 0) await missExpiredSlots(sql, now)
  return abandoned
}

interface Verdict {
  readonly reason: string
  /** It must still have been silent for this long when it is given up. */
  readonly silentSeconds: number
}

/** What is known without asking anybody. Pure but for a look at this host's own processes. */
function judgeSilence(run: SilentRun, here: ProcessIdentity): Verdict | undefined {
  if (isAliveHere(run.identity, here) === false) return { reason: 'its process is gone', silentSeconds: 0 }
  if (run.silentSeconds < LEASE_SECONDS) return undefined
  return { reason: `silent for ${Math.round(run.silentSeconds)} s`, silentSeconds: LEASE_SECONDS }
}

async function askGithub(run: SilentRun, { sql, github }: SilentParts): Promise<Verdict | undefined> {
  if (github === undefined || run.githubRunId === undefined || run.askedLately) return undefined
  await markAsked(sql, run.runId)
  const seen = await github.findRun(run.githubRunId)
  const over = seen === undefined || isOver(seen, run.githubAttempt ?? 1)
  if (!over) return undefined
  const said =
    seen === undefined ? 'knows nothing of its run' : `says that its run ended as ${seen.conclusion ?? 'unknown'}`
  return {
    reason: `silent for ${Math.round(run.silentSeconds)} s, and GitHub ${said}`,
    silentSeconds: DOUBTFUL_SECONDS,
  }
}

/** A later attempt means that this one is over, whatever the later one does. */
function isOver(seen: GithubRun, attempt: number): boolean {
  return seen.attempt > attempt || seen.status === 'completed'
}
