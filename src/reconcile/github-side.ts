// GitHub's side of the account: runs that never came as far as the ledger, and requests whose run came to nothing.

import type { Sql } from 'postgres'

import { RUN_COMES_WITHIN_MS } from '../core/retry.ts'
import type { GithubApi, GithubRun } from '../executors/github-api.ts'
import { findWatchTimes, keepGhosts, listKnownGithubRuns, type Ghost } from '../ledger/github.ts'
import { hastenRequest, listOutstanding, postponeRequest, type OutstandingRequest } from '../ledger/requests.ts'
import { afterLoss } from './plan.ts'
import type { Steps } from './steps.ts'

const MINUTE = 60_000
const LIST_EVERY_MS = 5 * MINUTE
/** A sent request whose run has not come is asked about after this. */
const DOUBT_AFTER_MS = 3 * MINUTE
/** How far back runs are compared when nobody has for long. Before the first schedule was registered nothing was expected. */
const LOOK_BACK_MS = 24 * 60 * MINUTE
const MOST_RUNS = 500

export interface GithubSide {
  readonly sql: Sql
  readonly github: GithubApi
  readonly now: Date
  /** Which job a workflow file is of. */
  readonly jobOfFile: ReadonlyMap<string, string>
  readonly steps: Steps
}

/** Compares GitHub's runs with the ledger's, at most every five minutes. Returns how many ghosts are new. */
export async function findGhosts(side: GithubSide): Promise<number> {
  const { sql, github, now } = side
  const { listedAt, listedUntil, registeredAt = now } = await findWatchTimes(sql)
  if (listedAt && now.getTime() - listedAt.getTime() < LIST_EVERY_MS) return 0
  const since = new Date(Math.max(listedUntil?.getTime() ?? 0, registeredAt.getTime(), now.getTime() - LOOK_BACK_MS))
  const runs = (await github.listRunsSince(since, MOST_RUNS)).filter((run) => side.jobOfFile.has(run.file))
  const known = await listKnownGithubRuns(sql, runs.map(({ id }) => id)) // prettier-ignore
  const ghosts = runs.filter((run) => isGhost(run, known)).map((run) => toGhost(run, side))
  // Runs that go on are looked at again when they are over.
  const unfinished = runs.filter(({ status }) => status !== 'completed').map(({ createdAt }) => createdAt.getTime())
  const until = new Date(Math.min(now.getTime() - LIST_EVERY_MS, ...unfinished))
  return await keepGhosts(sql, ghosts, { at: now, until })
}

/** A dispatched run may be another environment's, whose ledger is elsewhere; only ticks and chains are ours for sure. */
function isGhost(run: GithubRun, known: ReadonlySet<string>): boolean {
  const ended = run.status === 'completed' && run.conclusion !== 'success' && run.conclusion !== 'skipped'
  const ours = run.event === 'schedule' || run.event === 'workflow_run'
  return ended && ours && !known.has(`${run.id}/${run.attempt}`)
}

function toGhost(run: GithubRun, side: GithubSide): Ghost {
  const { id, attempt, file, event, conclusion = 'unknown', createdAt, url } = run
  return { githubRunId: id, githubAttempt: attempt, file, job: side.jobOfFile.get(file) ?? file, event, conclusion, createdAt, url } // prettier-ignore
}

/** Asks what became of sent requests whose run has not come, each by itself. One that GitHub still has is waited for, however
 *  long it queues; one that ended without a word, or that GitHub does not know, is sent again. Returns how many are. */
export async function askAfterRequests(side: GithubSide): Promise<number> {
  const { sql, now, steps } = side
  let hastened = 0
  for (const request of await listOutstanding(sql)) {
    const { reference, sentAt, state, job } = request
    if (state !== 'sent' || reference === undefined || !/^\d+$/.test(reference)) continue
    if (sentAt && now.getTime() - sentAt.getTime() < DOUBT_AFTER_MS) continue
    const ask = () => askAfter(side, { ...request, reference })
    if (await steps.askGithub(`asking GitHub about the run that was asked for of ${job}`, ask, false)) hastened += 1
  }
  return hastened
}

async function askAfter(
  { sql, github, now }: GithubSide,
  request: OutstandingRequest & { readonly reference: string },
): Promise<boolean> {
  const run = await github.findRun(request.reference)
  if (run && run.status !== 'completed') {
    const at = new Date(now.getTime() + RUN_COMES_WITHIN_MS)
    await postponeRequest(sql, request.id, { at, note: `GitHub has its run as ${run.status}` })
    return false
  }
  const note = run ? `GitHub ended its run as ${run.conclusion ?? 'unknown'}` : 'GitHub knows nothing of its run'
  return await hastenRequest(sql, request.id, { at: afterLoss(request, now), note })
}
