// Silent runs: which are given up at once, which GitHub is asked about, which are left their lease, and which nobody can give
// up because a session of the database holds them.

import type { Sql } from 'postgres'

import type { GithubApi, GithubRun } from '../executors/github-api.ts'
import { abandonRun, findHolder, listSilentRuns, markAsked, type SilentRun } from '../ledger/silent.ts'
import { missExpiredSlots } from '../ledger/slots.ts'
import { isAliveHere, type ProcessIdentity } from '../lib/process-identity.ts'
import type { LockedRun } from '../observe/health-facts.ts'
import { RUN_LEASE_SECONDS } from '../runner/open-run.ts'
import type { Steps } from './steps.ts'

/** Three heartbeats missed: worth a question. */
export const DOUBTFUL_SECONDS = 90
/** No statement of ours takes longer; a session that holds a run for longer does something else. */
const SHORT_SECONDS = 60

export interface SilentParts {
  readonly sql: Sql
  readonly github: GithubApi | undefined
  readonly identity: ProcessIdentity
  readonly now: Date
  readonly steps: Steps
}

/** What became of the runs that say nothing. */
export interface Silence {
  readonly abandoned: number
  readonly locked: readonly LockedRun[]
}

/** Gives up the runs that are known to be dead, or silent past their lease; each by itself. */
export async function abandonSilent(parts: SilentParts): Promise<Silence> {
  const { sql, now, steps } = parts
  let abandoned = 0
  const locked: LockedRun[] = []
  const silent = await steps.take('looking for silent runs', () => listSilentRuns(sql, DOUBTFUL_SECONDS), [])
  for (const run of silent) {
    const done = await steps.take(`giving up the silent run of ${run.job}`, () => giveUp(run, parts), undefined)
    if (done === 'abandoned') abandoned += 1
    else if (done !== undefined) locked.push(done)
  }
  if (abandoned > 0)
    await steps.take('closing the slots that were given back late', () => missExpiredSlots(sql, now), 0)
  return { abandoned, locked }
}

async function giveUp(run: SilentRun, parts: SilentParts): Promise<'abandoned' | LockedRun | undefined> {
  const verdict = judgeSilence(run, parts.identity) ?? (await askGithub(run, parts))
  if (verdict === undefined) return undefined
  const end = { reason: verdict.reason, silentSeconds: verdict.silentSeconds, at: parts.now }
  const done = await abandonRun(parts.sql, run.runId, end)
  if (done === 'not silent') return undefined
  if (done === 'abandoned') return done
  const holder = await findHolder(parts.sql, run.runId)
  // Another process may be giving it up at this moment.
  if (holder?.openSeconds !== undefined && holder.openSeconds < SHORT_SECONDS) return undefined
  // Its lease may be over without anybody knowing it dead: a long write holds its own row too. GitHub may know.
  const known = verdict.isDead ? verdict : ((await askGithub(run, parts)) ?? verdict)
  const { runId, job, slotDueAt, silentSeconds } = run
  return { runId, job, slotDueAt, silentMs: silentSeconds * 1000, isDead: known.isDead, why: known.reason, holder }
}

interface Verdict {
  readonly reason: string
  /** It must still have been silent for this long when it is given up. */
  readonly silentSeconds: number
  /** Is it known to be dead, or merely silent for too long? */
  readonly isDead: boolean
}

/** What is known without asking anybody. Pure but for a look at this host's own processes. */
function judgeSilence(run: SilentRun, here: ProcessIdentity): Verdict | undefined {
  if (isAliveHere(run.identity, here) === false)
    return { reason: 'its process is gone', silentSeconds: 0, isDead: true }
  if (run.silentSeconds < RUN_LEASE_SECONDS) return undefined
  return { reason: `silent for ${Math.round(run.silentSeconds)} s`, silentSeconds: RUN_LEASE_SECONDS, isDead: false }
}

async function askGithub(run: SilentRun, { sql, github, steps }: SilentParts): Promise<Verdict | undefined> {
  const { githubRunId } = run
  if (github === undefined || githubRunId === undefined || run.askedLately) return undefined
  await markAsked(sql, run.runId)
  const find = async () => ({ run: await github.findRun(githubRunId) })
  const answer = await steps.askGithub(`asking GitHub about the silent run of ${run.job}`, find, undefined)
  if (answer === undefined) return undefined
  const seen = answer.run
  const over = seen === undefined || isOver(seen, run.githubAttempt ?? 1)
  if (!over) return undefined
  const said =
    seen === undefined ? 'knows nothing of its run' : `says that its run ended as ${seen.conclusion ?? 'unknown'}`
  return {
    reason: `silent for ${Math.round(run.silentSeconds)} s, and GitHub ${said}`,
    silentSeconds: DOUBTFUL_SECONDS,
    isDead: true,
  }
}

/** A later attempt means that this one is over, whatever the later one does. */
function isOver(seen: GithubRun, attempt: number): boolean {
  return seen.attempt > attempt || seen.status === 'completed'
}
