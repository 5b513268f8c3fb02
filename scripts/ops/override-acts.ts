// What a person may do past the schedule, each act checked as far as words go before any database is opened.

import { ConfigFailure, JobFailure } from '../../src/core/errors.ts'
import { sayDuration, sayInstant } from '../../src/core/wording.ts'
import { findPause } from '../../src/ledger/gates.ts'
import {
  ALL_JOBS,
  insertForcedRun,
  insertPause,
  insertWaive,
  listOverrides,
  resume,
  waiveSlots,
  type Override,
} from '../../src/ledger/overrides.ts'
import { listSchedules } from '../../src/ledger/schedule-lines.ts'
import { findLatestSlot } from '../../src/ledger/slots.ts'
import { dueBetween, nextDue } from '../../src/schedule/cron.ts'
import type { Act, Ledger, Told } from '../ledger.ts'
import { columns, readDuration, readJob, readWhy } from './word-command.ts'

const DAY_MS = 86_400_000
const SHOWN = 200

/** What a person said, as text. */
export interface Wish {
  readonly job?: string | undefined
  readonly for?: string | undefined
  readonly slot?: string | undefined
  readonly why?: string | undefined
  /** Of a list: what is over, too. */
  readonly all?: boolean | undefined
}

export const OVERRIDE_ACTS: Readonly<Record<string, (wish: Wish) => Act>> = {
  pause: toPause,
  resume: toResume,
  waive: toWaive,
  run: toRun,
  list: toList,
}

const said = (job: string) => (job === ALL_JOBS ? 'every job' : job)

/** A job's id or, for `all`, the mark of all jobs. */
function readJobOrAll(text: string | undefined, what: string): string {
  return text === 'all' ? ALL_JOBS : readJob(text, what)
}

/** A flag that would not do what its person thinks is refused. */
function refuseOthers(what: string, wish: Wish, names: readonly ('for' | 'slot')[]): void {
  const [name] = names.filter((one) => wish[one] !== undefined)
  if (name)
    throw new ConfigFailure(`${what} takes no --${name}: leave it out. Nothing was changed.`, { code: 'bad_parameter' })
}

function toPause(wish: Wish): Act {
  const job = readJobOrAll(wish.job, 'a pause')
  refuseOthers('a pause', wish, ['slot'])
  if (wish.for === undefined) throw new ConfigFailure('a pause needs an end: add --for 6h', { code: 'bad_parameter' })
  const ms = readDuration(wish.for)
  const reason = readWhy(wish.why, 'a pause')
  return async ({ sql, now, actor }) => {
    const expiresAt = new Date(now.getTime() + ms)
    const id = await insertPause(sql, { job, actor, reason, at: now, expiresAt })
    const lines = [
      `● ${said(job)} is paused until ${sayInstant(expiresAt)} (${sayDuration(ms)}), by ${actor}: ${reason}`,
      `  What is running goes on. It ends by itself, or with: npm run override -- resume ${wish.job ?? ''}`,
    ]
    return { lines, facts: { id, kind: 'pause', job, actor, reason, expiresAt } }
  }
}

function toResume(wish: Wish): Act {
  const job = readJobOrAll(wish.job, 'a resume')
  refuseOthers('a resume', wish, ['for', 'slot'])
  return async ({ sql, now, actor }) => {
    const ended = await resume(sql, { job, actor, at: now, why: wish.why })
    const pause = await findPause(sql, job, now)
    const lines = ended.map((one) => `● ended: the ${one.kind} of ${said(one.job)} by ${one.actor}: ${one.reason}`)
    if (ended.length === 0) lines.push(`○ nothing was in force for ${said(job)}`)
    if (pause) lines.push(`▲ ${job} stays paused until ${sayInstant(pause.until)} with every other job, by ${pause.actor}: ${pause.reason}. That ends with: npm run override -- resume all`) // prettier-ignore
    const watchDoes = ended.length === 0 ? undefined : 'starts what is overdue'
    return { lines, facts: { ended, stillPaused: pause ?? null }, watchDoes }
  }
}

function toWaive(wish: Wish): Act {
  const job = readJobOrAll(wish.job, 'a waive')
  const reason = readWhy(wish.why, 'a waive')
  if ((wish.for === undefined) === (wish.slot === undefined)) {
    throw new ConfigFailure('a waive needs to know of which slots: add either --for 24h or --slot 2026-11-24T13:07:00Z', { code: 'bad_parameter' }) // prettier-ignore
  }
  const slotDueAt = wish.slot === undefined ? undefined : readInstant(wish.slot)
  if (slotDueAt && job === ALL_JOBS)
    throw new ConfigFailure('--slot is about one job: name it instead of all', { code: 'bad_parameter' })
  const ms = wish.for === undefined ? DAY_MS : readDuration(wish.for)
  return async (ledger) => {
    const { sql, now, actor } = ledger
    if (slotDueAt) await refuseNoSlot(ledger, job, slotDueAt)
    // Of one slot: for a day from its moment, so that whoever writes it down late closes it too.
    const from = slotDueAt && slotDueAt > now ? slotDueAt : now
    const expiresAt = new Date(from.getTime() + ms)
    await insertWaive(sql, { job, actor, reason, at: now, expiresAt, slotDueAt })
    const closed = await waiveSlots(sql, now)
    return { lines: sayWaive({ job, slotDueAt, expiresAt, closed }), facts: { job, actor, reason, slotDueAt, expiresAt, closed } } // prettier-ignore
  }
}

function sayWaive(waive: {
  job: string
  slotDueAt: Date | undefined
  expiresAt: Date
  closed: readonly { job: string; dueAt: Date }[]
}): string[] {
  const closed = waive.closed.map((slot) => `  closed: ${slot.job} of ${sayInstant(slot.dueAt)}`)
  if (waive.slotDueAt) return [`● the slot of ${waive.job} of ${sayInstant(waive.slotDueAt)} is waived`, ...closed]
  const until = sayInstant(waive.expiresAt)
  return [`● slots of ${said(waive.job)} due before ${until} are waived, those to come as soon as they are written`, ...closed] // prettier-ignore
}

function readInstant(text: string): Date {
  const at = new Date(text)
  // Without a zone it would be read in this machine's.
  if (!Number.isNaN(at.getTime()) && /(?:Z|[+-]\d\d:\d\d)$/.test(text)) return at
  throw new ConfigFailure(`--slot "${text}": expected an instant such as 2026-11-24T13:07:00Z`, {
    code: 'bad_parameter',
  })
}

/** A slot that has ended, or that no cron line names, is a mistyped one. */
async function refuseNoSlot({ sql, now }: Ledger, job: string, dueAt: Date): Promise<void> {
  const slot = await findLatestSlot(sql, job, dueAt)
  if (slot?.dueAt.getTime() === dueAt.getTime()) {
    if (slot.state === 'due') return
    throw new ConfigFailure(`the slot of ${job} of ${sayInstant(dueAt)} is ${slot.state}: only one that waits can be waived`, { code: 'no_slot' }) // prettier-ignore
  }
  const lines = (await listSchedules(sql)).filter((line) => line.job === job && line.validTo === undefined)
  const just = new Date(dueAt.getTime() - 1)
  if (dueAt > now && lines.some((line) => dueBetween(line, just, dueAt).length > 0)) return
  const [next] = lines.flatMap((line) => nextDue(line, now) ?? []).sort((a, b) => a.getTime() - b.getTime())
  const hint = next ? ` Its next is due ${next.toISOString()}.` : ''
  throw new ConfigFailure(`${job} has no slot at ${dueAt.toISOString()}.${hint}`, { code: 'no_slot' })
}

function toRun(wish: Wish): Act {
  const job = readJob(wish.job, 'a run')
  refuseOthers('a run', wish, ['for', 'slot'])
  const reason = readWhy(wish.why, 'a run past the gates')
  const here = `npm run job ${job} -- --force`
  return async ({ sql, now, actor }): Promise<Told> => {
    const answer = await insertForcedRun(sql, { job, actor, reason, at: now })
    if (!answer.asked) throw askedAlready(job, answer.outstanding, here)
    const lines = [
      `● ${job} is asked for, past its gates, by ${actor}: ${reason}`,
      `  To run it here and now instead: ${here}`,
    ]
    return { lines, facts: { job, actor, reason, asked: true }, watchDoes: 'starts it' }
  }
}

/** Not misuse: somebody was first. */
export function askedAlready(
  job: string,
  outstanding: { kind: string; state: string; reason: string; createdAt: Date } | undefined,
  here: string,
): JobFailure {
  const which = outstanding
    ? ` (a ${outstanding.kind}, ${outstanding.state}, since ${sayInstant(outstanding.createdAt)}: ${outstanding.reason})`
    : ''
  return new JobFailure(`${job} is asked for already${which}: wait for that run, or run it here and now: ${here}`, {
    code: 'already_requested',
  })
}

function toList(wish: Wish): Act {
  return async ({ sql, now }) => {
    const found = await listOverrides(sql, { inForceAt: wish.all ? undefined : now, limit: SHOWN })
    const lines = columns(found.map((one) => [...sayOverride(one, now)]))
    return { lines: found.length === 0 ? ['Nothing is overridden: every job follows its schedule.'] : lines, facts: found } // prettier-ignore
  }
}

function sayOverride(one: Override, now: Date): string[] {
  const what = one.slotDueAt ? `${one.job} of ${sayInstant(one.slotDueAt)}` : said(one.job)
  return [one.kind, what, sayEnd(one, now), `${one.actor}: ${one.reason}`]
}

function sayEnd({ kind, createdAt, expiresAt, endedAt, endedBy }: Override, now: Date): string {
  if (kind === 'force') return `on ${sayInstant(createdAt)}`
  if (endedAt) return `ended ${sayInstant(endedAt)} by ${endedBy ?? 'somebody'}`
  const left = expiresAt.getTime() - now.getTime()
  return left > 0 ? `until ${sayInstant(expiresAt)}, ${sayDuration(left)} left` : `expired ${sayInstant(expiresAt)}`
}
