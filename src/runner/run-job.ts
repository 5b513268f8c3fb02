// The life of a run, from the wake-up to the last word: open, live, look around.

import { toErrorRecord } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import { serves } from '../core/run.ts'
import type { Gate } from '../core/wake-up.ts'
import { checkDatabase } from '../ledger/migrate.ts'
import { settleRequests } from '../ledger/request-answers.ts'
import { findNextWish } from '../ledger/requests.ts'
import type { NewRun } from '../ledger/runs.ts'
import { findSlot, listOverdueSlots } from '../ledger/slots.ts'
import { isFromDatabase } from '../lib/db.ts'
import { isUrgent, lookAndPoke } from './look-around.ts'
import { openRun, type Opened } from './open-run.ts'
import { patienceToOpen } from './patience.ts'
import { createRunRecord } from './record.ts'
import { writeSlotsDue } from './slots-due.ts'
import type { JobCall, RunnerParts, RunReport } from './types.ts'

/** Runs a job for a wake-up and returns how it ended. Failures of the job are an outcome; only a database that is away
 *  or wrong, or a misuse, is thrown (LedgerFailure, ConfigFailure). */
export async function runJob(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<RunReport> {
  const opened = await open(job, call, parts).catch((error: unknown) => {
    throw isFromDatabase(error) ? parts.explain(error) : error
  })
  const report = opened.gate
    ? gatedReport(job, opened.run, opened.gate)
    : await (await import('./live.ts')).live(job, { run: opened.run, params: call.params, only: opened.only }, parts)
  const now = new Date(parts.now.getTime() + report.durationMs)
  if (opened.gate === undefined) await settle(parts, now)
  await lookAndPoke(parts, {
    by: job.id,
    now,
    ...whatIsLeft(job, report, opened.gate !== undefined && opened.stays === true),
  })
  return { ...report, ...(await readWhatIsLeft(job, report, parts)) }
}

function whatIsLeft(
  job: AnyJob,
  { outcome, record, run }: Pick<RunReport, 'outcome' | 'record' | 'run'>,
  stays: boolean,
): { urgent: boolean; served: { job: AnyJob; slot: boolean } | undefined } {
  const served = serves(outcome) ? { job, slot: run.slotDueAt !== undefined } : undefined
  return { urgent: stays || isUrgent(outcome, record.failed.length), served }
}

async function open(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<Opened> {
  const { environment, origin, now } = parts
  // A request passes on what a person asked for: the period of a cascade, the items of a retry.
  const mayName = call.wakeUp.byPerson || call.wakeUp.trigger === 'request'
  const namedPeriod = mayName ? job.namedPeriod(call.params, now) : undefined
  const patience = patienceToOpen(parts)
  await patience(() => checkDatabase(parts.ledger, environment))
  await patience(() => writeSlotsDue(parts.ledger, parts.jobs, now))
  return await openRun(job, { ...call, namedPeriod, sql: parts.ledger, environment, origin, now, patience })
}

/** What becomes of its request is known now, so that it can be told; a pass would do the same. */
async function settle({ ledger, log }: RunnerParts, now: Date): Promise<void> {
  await settleRequests(ledger, now).catch((error: unknown) => {
    log.warn('requests not settled', { cause: toErrorRecord(error).message })
  })
}

/** The run has ended and is written down: a database that goes away now is no reason to say anything else. */
async function readWhatIsLeft(
  job: AnyJob,
  { run, outcome }: RunReport,
  { ledger, now, log }: RunnerParts,
): Promise<Pick<RunReport, 'overdue' | 'slotAfter' | 'wishAfter'>> {
  try {
    const dueAt = serves(outcome) ? undefined : run.slotDueAt
    const slotAfter = dueAt && (await findSlot(ledger, job.id, dueAt))
    const cameToNothing = run.slotDueAt === undefined && !serves(outcome) && outcome !== 'gated'
    const wishAfter = cameToNothing ? await findNextWish(ledger, job.id) : undefined
    return { overdue: await listOverdueSlots(ledger, now), slotAfter, wishAfter }
  } catch (error) {
    log.warn('overdue slots not read', { cause: toErrorRecord(error).message })
    return { overdue: [] }
  }
}

function gatedReport(job: AnyJob, run: Omit<NewRun, 'slotDueAt'>, gate: Gate): RunReport {
  const nothing = { record: createRunRecord((text) => text), errors: [], durationMs: 0, overdue: [] }
  return { job, run, gate, outcome: 'gated', reason: gate.reason, ...nothing }
}
