// Years of the real schedule, slot by slot: every cron line of the workflow files, and what became of each moment.

import type { AnyJob, JobId } from '../../src/core/job.ts'
import type { Period } from '../../src/core/period.ts'
import { serves, type Outcome } from '../../src/core/run.ts'
import type { SlotState } from '../../src/core/slot.ts'
import { isInSeason, type Season } from '../../src/core/wake-up.ts'
import type { Catalog, CatalogJob } from '../../src/schedule/catalog.ts'
import { dueBetween, nextDue } from '../../src/schedule/cron.ts'

import { after, MINUTE, type Book } from './book.ts'
import { anError, HOSTILE } from './failures.ts'
import { makeStory, type Story } from './fates.ts'
import type { Row } from './insert.ts'
import { writeRun, type WrittenRun } from './runs.ts'

export interface Years {
  readonly from: Date
  readonly jobs: readonly AnyJob[]
  readonly catalog: Catalog
  readonly seasons: readonly Season[]
}

/** When a job was served, newest last: what wakes its children. */
type Served = Map<JobId, { finishedAt: Date; correlationId: string }[]>

/** Writes the slots and runs of every job with a workflow, parents before children. */
export function writeYears(book: Book, years: Years): void {
  const served: Served = new Map()
  for (const job of years.jobs) {
    const stated = years.catalog.jobs.find(({ id }) => id === job.id)
    if (stated) writeJob(book, years, { job, stated, served })
  }
}

interface OneJob {
  readonly job: AnyJob
  readonly stated: CatalogJob
  readonly served: Served
}

interface DueSlot {
  readonly dueAt: Date
  readonly scheduleId: number
  readonly period: Period
}

function writeJob(book: Book, years: Years, one: OneJob): void {
  const { job, stated } = one
  const dues: DueSlot[] = []
  const coming: DueSlot[] = []
  for (const { cron, zone } of stated.schedules) {
    const scheduleId = book.schedules.length + 1
    book.schedules.push({ id: scheduleId, job: job.id, cron, zone, valid_from: years.from, valid_to: null, commit: 'c0ffee0' }) // prettier-ignore
    const slotAt = (dueAt: Date): DueSlot => ({ dueAt, scheduleId, period: job.period(dueAt) as Period })
    dues.push(...dueBetween({ cron, zone }, years.from, book.now).map(slotAt))
    const next = nextDue({ cron, zone }, book.now)
    if (next) coming.push(slotAt(next))
  }
  const inOrder = [...new Map(dues.map((due) => [due.dueAt.getTime(), due])).values()]
  for (const due of inOrder.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()))
    writeSlot(book, years, { ...one, due })
  writeEnded(book, years, job)
  const next = coming.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
  if (next) pushSlot(book, { ...one, due: next }, { state: 'due', changedAt: book.now })
}

/** A line that was changed once: pages show that schedules have a past. */
function writeEnded(book: Book, years: Years, job: AnyJob): void {
  const validFrom = after(years.from, -400 * 24 * 60 * MINUTE)
  book.schedules.push({ id: book.schedules.length + 1, job: job.id, cron: '0 8 * * *', zone: 'UTC', valid_from: validFrom, valid_to: years.from, commit: '0ddba11' }) // prettier-ignore
}

type SlotOf = OneJob & { readonly due: DueSlot }

function writeSlot(book: Book, years: Years, slot: SlotOf): void {
  const { job, due } = slot
  if (job.seasonal && !isInSeason({ slot: due, period: due.period }, years.seasons)) {
    waive(book, slot)
    return
  }
  const parent = parentOf(slot)
  const early = parent && parent.finishedAt.getTime() + book.chance.between(25, 90) * 1000 - due.dueAt.getTime()
  tell(book, slot, { story: makeStory(job, early, book.chance), correlationId: parent?.correlationId })
}

/** The run of a parent that may have woken this slot's job before its own moment: the parent's whole past and future are
 *  written already, and only what ended shortly before can have. */
function parentOf({ stated, served, due }: SlotOf) {
  const before = ({ finishedAt }: { finishedAt: Date }) => finishedAt < due.dueAt
  const latest = stated.parents.flatMap((id) => served.get(id)?.findLast(before) ?? []).at(-1)
  const isNear = latest && due.dueAt.getTime() - latest.finishedAt.getTime() < 3 * 24 * 60 * MINUTE
  return isNear ? latest : undefined
}

function waive(book: Book, slot: SlotOf): void {
  const { job, due } = slot
  const reason = `${job.league} is out of season`
  const startedAt = after(due.dueAt, book.chance.between(2, 30) * MINUTE)
  if (startedAt < book.now && book.chance.is(0.5)) {
    writeRun(book, { ...common(book, slot), trigger: 'schedule', outcome: 'gated', gate: 'out_of_season', reason, startedAt }) // prettier-ignore
  }
  pushSlot(book, slot, { state: 'waived', reason, changedAt: startedAt })
}

function common(book: Book, { job, due }: SlotOf) {
  const correlationId = book.chance.uuid()
  return { id: book.chance.uuid(), job: job.id, period: due.period, slotDueAt: undefined, attempt: 1, retryOf: undefined, correlationId } // prettier-ignore
}

/** Writes the runs of a story as far as it has come by now, and the slot as they left it. */
function tell(
  book: Book,
  slot: SlotOf,
  { story: plain, correlationId }: { story: Story; correlationId: string | undefined },
): void {
  // prettier-ignore
  const { due } = slot
  const story = withCause(book, slot, plain)
  const told = story.tries.filter(({ afterMs }) => after(due.dueAt, afterMs + 5 * MINUTE) < book.now)
  const correlation = correlationId ?? book.chance.uuid()
  let last: { id: string; run: WrittenRun; startedAt: Date; outcome: Outcome } | undefined
  let failures = 0
  for (const one of told) {
    const holds = one.outcome !== 'gated'
    const startedAt = after(due.dueAt, one.afterMs + book.chance.between(0, 59_000))
    const id = book.chance.uuid()
    const run = writeRun(book, {
      ...common(book, slot),
      ...one,
      id,
      reason: one.reason && book.chance.is(0.02) ? HOSTILE : one.reason,
      slotDueAt: holds ? due.dueAt : undefined,
      startedAt,
      attempt: holds && last ? failures + 1 : 1,
      retryOf: holds ? last?.id : undefined,
      correlationId: correlation,
    })
    if (one.trigger === 'request') writeRequest(book, slot, { id, startedAt, isRetry: failures > 0, run })
    if (!holds) continue
    if (one.outcome === 'failed') failures += 1
    last = { id, run, startedAt, outcome: one.outcome }
  }
  endSlot(book, slot, { story, last, failures, correlationId: correlation })
}

/** All tries of a story fail for one reason, and one that is final ends it at once. */
function withCause(book: Book, { job }: SlotOf, story: Story): Story {
  if (story.tries.every(({ outcome }) => outcome !== 'failed')) return story
  const error = anError(book.chance, { job: job.id, retryable: story.state === 'served' })
  const tries = story.tries.map((one) => (one.outcome === 'failed' ? { ...one, error } : one))
  return { ...story, reason: error.message.slice(0, 300), tries: error.retryable ? tries : tries.slice(0, 1) }
}

interface Ending {
  readonly story: Story
  readonly last: { id: string; run: WrittenRun; startedAt: Date; outcome: Outcome } | undefined
  readonly failures: number
  readonly correlationId: string
}

function endSlot(book: Book, slot: SlotOf, { story, last, failures, correlationId }: Ending): void {
  const { job, due, served } = slot
  const deadlineAt = after(due.dueAt, job.deadlineMinutes * MINUTE)
  if (last && serves(last.outcome)) {
    served.set(job.id, [...(served.get(job.id) ?? []), { finishedAt: last.run.finishedAt, correlationId }])
    pushSlot(book, slot, { state: 'served', changedAt: last.run.finishedAt, last, failures })
  } else if (deadlineAt > book.now && story.state !== 'coalesced') {
    // The story's end lies ahead.
    const notBefore = failures > 0 ? after(book.now, 12 * MINUTE) : undefined
    pushSlot(book, slot, { state: 'due', changedAt: last?.run.finishedAt ?? due.dueAt, last, failures, notBefore })
  } else {
    const state = story.state === 'served' ? 'missed' : story.state
    pushSlot(book, slot, { state, reason: story.reason ?? 'the deadline passed', changedAt: deadlineAt, last, failures }) // prettier-ignore
  }
}

interface Left {
  readonly state: SlotState
  readonly changedAt: Date
  readonly reason?: string | undefined
  readonly last?: Ending['last']
  readonly failures?: number
  readonly notBefore?: Date | undefined
}

function pushSlot(book: Book, { job, due }: SlotOf, { state, last, failures = 0, ...left }: Left): void {
  book.slots.push({
    job: job.id,
    due_at: due.dueAt,
    schedule_id: due.scheduleId,
    period: due.period.key,
    season: due.period.season,
    state,
    grace_until: after(due.dueAt, job.graceMinutes * MINUTE),
    deadline_at: after(due.dueAt, job.deadlineMinutes * MINUTE),
    changed_at: left.changedAt,
    reason: left.reason ?? null,
    ...(last ? ofRun(last) : NO_RUN),
    ...(state === 'due' && { run_id: null }),
    tries: failures,
    not_before: left.notBefore ?? null,
  })
}

function ofRun({ id, outcome, startedAt, run }: NonNullable<Ending['last']>): Row {
  const { durationMs, itemsWritten, itemsFailed } = run
  return { run_id: id, outcome, started_at: startedAt, duration_ms: durationMs, items_written: itemsWritten, items_failed: itemsFailed } // prettier-ignore
}

const NO_RUN: Row = {
  run_id: null,
  outcome: null,
  started_at: null,
  duration_ms: null,
  items_written: null,
  items_failed: null,
}

function writeRequest(
  book: Book,
  { job, due }: SlotOf,
  sent: { id: string; startedAt: Date; isRetry: boolean; run: WrittenRun },
): void {
  // prettier-ignore
  const why = sent.isRetry ? 'failed and may succeed now' : 'is overdue: no wake-up served it'
  const sentAt = after(sent.startedAt, -40_000)
  book.requests.push({
    job: job.id,
    slot_due_at: due.dueAt,
    kind: sent.isRetry ? 'retry' : 'rescue',
    reason: `${due.dueAt.toISOString()} ${why}`,
    state: 'done',
    tries: 1,
    next_try_at: sentAt,
    created_at: sentAt,
    run_id: sent.id,
    reference: 'dispatched',
    sent_at: sentAt,
    ended_at: sent.run.finishedAt,
    note: null,
  })
}
