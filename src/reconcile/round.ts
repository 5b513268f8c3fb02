// One time round of a pass, step by step. Each step stands alone: what it throws is kept as a sentence, and the others go on.
// Telling people comes last, and always.

import { LedgerFailure } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import { waiveSlots } from '../ledger/overrides.ts'
import { missExpiredSlots } from '../ledger/slots.ts'
import { findNextAction, renewLease } from '../ledger/watch.ts'
import type { MuteChannel } from '../observe/health-facts.ts'
import { insertSlotsDue } from '../runner/slots-due.ts'
import { askForSite } from './ask-for-site.ts'
import { askAfterRequests, findGhosts, type GithubSide } from './github-side.ts'
import { judgeAll } from './judge.ts'
import { skipLeaguesOff } from './leagues-off.ts'
import type { PassParts } from './pass-parts.ts'
import { emptyRound, type Round } from './report.ts'
import { actOnRequests } from './send.ts'
import { abandonSilent } from './silent.ts'
import type { Steps } from './steps.ts'
import { syncFailures, syncHealth, syncMute } from './sync-health.ts'
import { readStates, waiveSwitchedOff } from './workflow-states.ts'

/** What failed is tried again after this, should nothing else want a pass earlier. */
const AFTER_FAILURE_MS = 5 * 60_000

export interface RoundParts extends PassParts {
  readonly steps: Steps
  /** The pass that holds the lease. */
  readonly holder: string
}

export interface RoundEnd {
  readonly round: Round
  /** When the next pass is wanted. */
  readonly nextAt: Date | undefined
}

/** Goes round once. Never throws: `round.failures` says what could not be done. */
export async function oneRound(parts: RoundParts): Promise<RoundEnd> {
  const { clock, steps } = parts
  const now = clock()
  const round = emptyRound(now)
  const began = steps.failures.length
  const nextAt = await act(parts, now, round)
  const failures = steps.failures.slice(began)
  await tellPeople(parts, parts.clocksApart?.()?.earliest ?? now, round)
  round.failures = steps.failures.slice(began)
  return {
    round,
    nextAt: failures.length === 0 ? nextAt : earliest(nextAt, new Date(now.getTime() + AFTER_FAILURE_MS)),
  }
}

/** Everything but telling. Returns when the next pass is wanted. */
async function act(parts: RoundParts, now: Date, round: Round): Promise<Date | undefined> {
  const { sql, jobs, steps, holder } = parts
  await writeSlotsDown(parts, now)
  await askGithub(parts, now, round)
  if (await clocksDisagree(parts)) return undefined
  await closeWhatIsOver(parts, now, round)
  const { abandoned, locked } = await abandonSilent({ ...parts, now })
  round.abandoned = abandoned
  const judgement = await judgeAll(sql, jobs, { now, steps, catalog: parts.catalog })
  // Unknown is not ours: without the lease another pass may be sending the same requests.
  const lease = await steps.take('keeping the lease', () => renewLease(sql, holder), undefined)
  round.lostLease = lease === false
  if (round.lostLease) return undefined
  if (lease) {
    const sent = await steps.take('acting on requests', () => actOnRequests({ ...parts, ...judgement, now }, judgement.wanted), {}) // prettier-ignore
    Object.assign(round, sent)
    // Starts may have taken their time; what follows is safe beside another pass.
    await steps.take('keeping the lease', () => renewLease(sql, holder), false)
  }
  const synced = await steps.take('judging the health of the jobs', () => syncHealth(parts, { now, judgement, locked }), {}) // prettier-ignore
  Object.assign(round, synced)
  round.siteAsked = await steps.take('asking for the site', () => askForSite(parts, now), false)
  const next = () => findNextAction(sql, now, droppersOf(jobs))
  return earliest(judgement.nextAt, await steps.take('finding the next moment', next, undefined))
}

/** Writes down what is due, job by job where it cannot be done in one go. It closes nothing, so that it is no harm by a wrong
 *  clock. */
async function writeSlotsDown({ sql, jobs, steps }: RoundParts, now: Date): Promise<void> {
  const before = steps.failures.length
  await steps.take('writing down the slots that are due', () => insertSlotsDue(sql, jobs, now), undefined)
  if (steps.failures.length === before) return
  for (const job of jobs)
    await steps.take(`writing down the slots of ${job.id}`, () => insertSlotsDue(sql, [job], now), undefined)
}

/** Known from GitHub's answers only by now: the database and this machine may both be wrong. */
async function clocksDisagree({ clocksApart, steps }: RoundParts): Promise<boolean> {
  const apart = clocksApart?.()
  if (apart === undefined) return false
  await steps.take('judging by clocks that disagree', () => Promise.reject(new LedgerFailure(apart.why)), undefined)
  return true
}

async function closeWhatIsOver({ sql, catalog, leagues, steps }: RoundParts, now: Date, round: Round): Promise<void> {
  const waive = () => waiveSwitchedOff({ sql, now, jobOfFile: jobsByFile(catalog) })
  round.waived = await steps.take('closing the slots of workflows that are switched off', waive, 0)
  const skip = () => skipLeaguesOff({ sql, now, catalog, leagues })
  round.leaguesOff = await steps.take('closing the slots of leagues that are switched off', skip, 0)
  await steps.take('closing the slots that people have skipped', () => waiveSlots(sql, now), [])
  await steps.take('closing the slots whose deadline has passed', () => missExpiredSlots(sql, now), 0)
}

const jobsByFile = (catalog: PassParts['catalog']) => new Map(catalog.map(({ file, id }) => [file, id]))

async function askGithub(parts: RoundParts, now: Date, round: Round): Promise<void> {
  const { sql, github, steps } = parts
  const before = steps.failures.length
  if (github) {
    const side: GithubSide = { sql, github, now, steps, jobOfFile: jobsByFile(parts.catalog) }
    round.ghosts = await steps.askGithub('asking GitHub for its runs', () => findGhosts(side), 0)
    round.hastened = await steps.take('asking GitHub after requests', () => askAfterRequests(side), 0)
    round.enabled = await steps.askGithub(
      "asking GitHub for the workflows' states",
      () => readStates({ ...side, keepAwake: parts.keepAwake === true }),
      [],
    )
  }
  round.githubError = steps.failures.slice(before).find(({ ofGithub }) => ofGithub)?.why
}

/** Safe without a lease: incidents follow conditions under a lock of their own, and a message is claimed before it is sent. */
export async function tellPeople(
  { tell, listen, steps, ...parts }: RoundParts,
  now: Date,
  round: Round,
): Promise<void> {
  const failed = await steps.takeLast(
    'writing down what failed',
    () => syncFailures({ ...parts, steps }, now),
    undefined,
  )
  round.incomplete = addTo(round, failed) > 0
  const told = await steps.takeLast('telling people', () => tell(now), undefined)
  round.untold = told === undefined
  addTold(round, told)
  if (told) await tellOfMute({ ...parts, tell, steps }, { now, round, mute: told.mute })
  // Nothing comes after it: it may end the pass red, and must keep nothing from being done.
  if (listen) round.unheard = await steps.takeLast('looking whether anybody was told', () => listen(now), undefined)
}

/** Those who can be told hear of the ways that do not work, at once. */
async function tellOfMute(
  { sql, tell, steps }: Pick<RoundParts, 'sql' | 'tell' | 'steps'>,
  { now, round, mute }: { now: Date; round: Round; mute: readonly MuteChannel[] },
): Promise<void> {
  const before = round.opened + round.closed
  addTo(
    round,
    await steps.takeLast('writing down who could not be told', () => syncMute({ sql }, mute, now), undefined),
  )
  if (round.opened + round.closed === before) return
  addTold(round, await steps.takeLast('telling people who could not be told', () => tell(now), undefined))
}

type Changes = Awaited<ReturnType<typeof syncMute>>

/** Returns how many troubles it adds. */
function addTo(round: Round, changes: Changes | undefined): number {
  if (changes === undefined) return 0
  round.opened += changes.opened
  round.closed += changes.closed
  round.troubles = [...round.troubles, ...changes.troubles]
  return changes.troubles.length
}

function addTold(round: Round, told: Awaited<ReturnType<PassParts['tell']>> | undefined): void {
  round.told += told?.sent ?? 0
  round.deaf = [...new Set([...round.deaf, ...(told?.failed ?? [])])]
}

/** Their late slots are dropped, and so started before they are late. */
const droppersOf = (jobs: readonly AnyJob[]) => jobs.filter(({ onMissed }) => onMissed === 'skip').map(({ id }) => id)

function earliest(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}
