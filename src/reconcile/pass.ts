// One pass of ops-watch: under the lease, compare what should have happened with what did, act, and tell people. Going round
// again while late-comers leave their mark.

import type { Sql } from 'postgres'

import { toErrorRecord } from '../core/errors.ts'
import { CAUSES, type Cause } from '../core/incident.ts'
import type { AnyJob } from '../core/job.ts'
import type { GithubApi } from '../executors/github-api.ts'
import type { Executor } from '../executors/types.ts'
import { readHealth } from '../ledger/health.ts'
import { syncIncidents } from '../ledger/incidents.ts'
import { listOutstanding } from '../ledger/requests.ts'
import {
  dropLease,
  endPass,
  findGapEnding,
  findNextAction,
  insertPass,
  look,
  releaseLease,
  renewLease,
  takeLease,
  type PassStart,
} from '../ledger/watch.ts'
import type { Log } from '../lib/log.ts'
import type { ProcessIdentity } from '../lib/process-identity.ts'
import { conditionsOf } from '../observe/conditions.ts'
import { writeSlotsDue } from '../runner/slots-due.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import { askAfterRequests, findGhosts, readStates, waiveSwitchedOff, type GithubSide } from './github-side.ts'
import { judgeAll, type Judgement } from './judge.ts'
import { readKnownJobs } from './known-jobs.ts'
import { emptyRound, type Round } from './report.ts'
import { actOnRequests } from './send.ts'
import { abandonSilent } from './silent.ts'
import { askForSite } from './site.ts'

/** Somebody who pokes without end must not keep a pass alive without end. */
const MOST_ROUNDS = 5

export interface PassParts {
  readonly sql: Sql
  readonly jobs: readonly AnyJob[]
  readonly catalog: readonly CatalogJob[]
  readonly environment: string
  readonly identity: ProcessIdentity
  readonly executor: Executor
  /** Undefined where GitHub cannot be asked. */
  readonly github: GithubApi | undefined
  readonly publicRepository: boolean | undefined
  /** Tells people what changed; returns how many messages went out and what did not. */
  readonly tell: (now: Date) => Promise<{ sent: number; failed: readonly string[] }>
  /** Schedule time. */
  readonly clock: () => Date
  readonly log: Log
}

export interface PassReport {
  /** False: another pass holds the lease, and will go round again. */
  readonly led: boolean
  readonly rounds: readonly Round[]
  /** How long nobody had looked before this pass, if it was more than five minutes. */
  readonly gap: { readonly beganAt: Date; readonly endedAt: Date } | undefined
}

/** Makes a pass. Throws what the database throws; the lease then runs out by itself or is let go. */
export async function makePass(parts: PassParts, start: Omit<PassStart, 'at'>): Promise<PassReport> {
  const { sql, clock } = parts
  const began = clock()
  await look(sql, { now: began, by: 'ops/watch', urgent: false, mayPoke: false })
  const gap = await findGapEnding(sql, began)
  await insertPass(sql, { ...start, at: began })
  const rounds: Round[] = []
  let error: string | undefined
  let led = false
  try {
    led = await takeLease(sql, start.id)
    if (led) await goRound(parts, start.id, rounds)
  } catch (thrown) {
    error = toErrorRecord(thrown).message
    await dropLease(sql, start.id).catch(() => undefined) // it runs out by itself
    throw thrown
  } finally {
    const end = { at: clock(), rounds: rounds.length, githubCalls: parts.github?.calls ?? 0, report: rounds, error }
    await endPass(sql, start.id, end).catch((again: unknown) => {
      parts.log.warn('the end of the pass was not written', { cause: toErrorRecord(again).message })
    })
  }
  return { led, rounds, gap }
}

async function goRound(parts: PassParts, holder: string, rounds: Round[]): Promise<void> {
  for (;;) {
    const { round, nextAt } = await oneRound(parts, holder)
    rounds.push(round)
    if (round.lostLease) return
    if (rounds.length >= MOST_ROUNDS) return await dropLease(parts.sql, holder)
    if (await releaseLease(parts.sql, holder, nextAt)) return
  }
}

async function oneRound(parts: PassParts, holder: string): Promise<{ round: Round; nextAt: Date | undefined }> {
  const { sql, jobs, clock, github } = parts
  const now = clock()
  const round = emptyRound(now)
  await writeSlotsDue(sql, jobs, now)
  const answered = await askGithub(parts, now, round)
  round.abandoned = await abandonSilent({ sql, github: answered ? github : undefined, identity: parts.identity, now })
  const judgement = await judgeAll(sql, jobs, now)
  if (!(await renewLease(sql, holder))) return { round: { ...round, lostLease: true }, nextAt: undefined }
  Object.assign(round, await actOnRequests({ ...parts, now }, judgement.wanted))
  await renewLease(sql, holder) // starts may have taken their time; what follows is safe beside another pass
  Object.assign(round, await syncHealth(parts, { now, judgement, judged: answered ? CAUSES : WITHOUT_GITHUB }))
  const told = await parts.tell(now)
  round.told = told.sent
  round.deaf = told.failed
  round.siteAsked = await askForSite(parts, now)
  return { round, nextAt: earliest(judgement.nextAt, await findNextAction(sql, now, droppersOf(jobs))) }
}

/** Without GitHub's answer nobody can say that these are over. */
const WITHOUT_GITHUB = CAUSES.filter((cause) => cause !== 'not_started' && cause !== 'disabled')

/** GitHub's side. False when GitHub did not answer: a reason to go on without it, not to stop. */
async function askGithub(parts: PassParts, now: Date, round: Round): Promise<boolean> {
  const { sql, github, log } = parts
  const jobOfFile = new Map(parts.catalog.map(({ file, id }) => [file, id]))
  try {
    if (github) {
      const side: GithubSide = { sql, github, now, jobOfFile }
      round.ghosts = await findGhosts(side)
      round.hastened = await askAfterRequests(side)
      round.enabled = await readStates(side)
    }
    return github !== undefined
  } catch (error) {
    round.githubError = toErrorRecord(error).message
    log.warn('GitHub did not answer; the pass goes on without it', { cause: round.githubError })
    return false
  } finally {
    round.waived = await waiveSwitchedOff({ sql, now, jobOfFile })
  }
}

async function syncHealth(
  parts: PassParts,
  { now, judgement, judged }: { now: Date; judgement: Judgement; judged: readonly Cause[] },
): Promise<Pick<Round, 'opened' | 'closed' | 'troubles'>> {
  const { sql, jobs, catalog, publicRepository } = parts
  const requests = await listOutstanding(sql)
  const overdue = judgement.overdue.map((slot) => {
    const asked = requests.find(({ job }) => job === slot.job)
    return { ...slot, asked: asked && { kind: asked.kind, sentAt: asked.sentAt, tries: asked.tries } }
  })
  const known = await readKnownJobs(sql, { jobs, catalog }, now)
  const ledger = await readHealth(sql, now)
  const conditions = conditionsOf({ now, ledger, jobs: known, overdue, publicRepository, wakeUpGapLimitMs: undefined })
  const { opened, reopened, closed } = await syncIncidents(sql, conditions, { now, judged })
  return { opened: opened + reopened, closed, troubles: conditions.map(({ title }) => title) }
}

/** Their late slots are dropped, and so started before they are late. */
const droppersOf = (jobs: readonly AnyJob[]) => jobs.filter(({ onMissed }) => onMissed === 'skip').map(({ id }) => id)

function earliest(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}
