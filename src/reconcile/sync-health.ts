// Brings the incidents in line with what a round has seen: of jobs, sources and the watch; and with what the round could not do.

import { CAUSES, type Cause } from '../core/incident.ts'
import { readHealth } from '../ledger/health.ts'
import { syncIncidents } from '../ledger/incidents.ts'
import { listOutstanding } from '../ledger/requests.ts'
import { wasUnansweredBefore } from '../ledger/watch.ts'
import { conditionsOf } from '../observe/conditions.ts'
import type { LockedRun, MuteChannel } from '../observe/health-facts.ts'
import { alertsBroken } from '../observe/rules/alerts-broken.ts'
import type { Finding } from '../observe/rules/rule.ts'
import { watchFailed } from '../observe/rules/watch-failed.ts'
import type { AllJudged } from './judge.ts'
import { readKnownJobs, withoutLeft } from './known-jobs.ts'
import { leagueFacts } from './leagues-off.ts'
import type { PassParts } from './pass-parts.ts'
import type { Round } from './report.ts'
import type { Steps, StepFailure } from './steps.ts'

type Parts = Omit<PassParts, 'tell'> & { readonly steps: Steps; readonly holder: string }
type Changes = Pick<Round, 'opened' | 'closed' | 'troubles'>

/** Everything but the pass's own failures. */
export async function syncHealth(
  parts: Parts,
  { now, judgement, locked }: { now: Date; judgement: AllJudged; locked: readonly LockedRun[] },
): Promise<Changes> {
  const { sql, jobs, catalog, steps } = parts
  const requests = await listOutstanding(sql)
  const overdue = judgement.overdue.map((slot) => {
    const asked = requests.find(({ job }) => job === slot.job)
    return { ...slot, asked: asked && { kind: asked.kind, sentAt: asked.sentAt, tries: asked.tries } }
  })
  const known = await readKnownJobs(sql, { jobs, catalog }, now)
  const ledger = withoutLeft(await readHealth(sql, now), known)
  const publicRepository = parts.publicRepository ?? ledger.publicRepository
  const leagues = leagueFacts(parts, new Map(known.map(({ job, lines }) => [job, lines])))
  const conditions = conditionsOf({ now, ledger, jobs: known, overdue, locked, failures: [], mute: [], publicRepository, clockDeclared: parts.clockDeclared, leagues, wakeUpGapLimitMs: undefined }) // prettier-ignore
  const judged = judgedCauses(parts, steps.failures)
  const { opened, reopened, closed } = await syncIncidents(sql, conditions, { now, judged, blind: judgement.blind })
  return { opened: opened + reopened, closed, troubles: conditions.map(({ title }) => title) }
}

/** Known only at the end of a round, and judged there. */
const OF_THE_END: readonly Cause[] = ['watch_failed', 'alerts_broken']

/** Without GitHub's answer nobody can say that these are over. */
function judgedCauses({ github }: Parts, failures: readonly StepFailure[]): Cause[] {
  const answered = github !== undefined && !failures.some(({ ofGithub }) => ofGithub)
  return CAUSES.filter((cause) => !OF_THE_END.includes(cause) && (answered || cause !== 'disabled'))
}

/** What the pass could not do becomes an incident at once; a question that GitHub did not answer, when it did not answer the
 *  pass before either. */
export async function syncFailures({ sql, steps, holder }: Parts, now: Date): Promise<Changes> {
  const { failures } = steps
  const own = failures.filter(({ ofGithub }) => !ofGithub)
  const lasting = own.length > 0 || (failures.length > 0 && (await wasUnansweredBefore(sql, holder)))
  const found = watchFailed({ failures: lasting ? failures : [], now })
  return await syncOne(sql, { cause: 'watch_failed', found, now })
}

/** The ways to people that refuse, or cannot be read, become an incident for all who can be told. */
export async function syncMute({ sql }: Pick<Parts, 'sql'>, mute: readonly MuteChannel[], now: Date): Promise<Changes> {
  return await syncOne(sql, { cause: 'alerts_broken', found: alertsBroken({ mute, now }), now })
}

interface One {
  readonly cause: Cause
  readonly found: readonly Finding[]
  readonly now: Date
}

async function syncOne(sql: Parts['sql'], { cause, found, now }: One): Promise<Changes> {
  const conditions = found.map((finding) => ({ ...finding, cause }))
  const { opened, reopened, closed } = await syncIncidents(sql, conditions, { now, judged: [cause], blind: [] })
  return { opened: opened + reopened, closed, troubles: conditions.map(({ title }) => title) }
}
