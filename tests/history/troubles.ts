// Incidents with their flips and deliveries, breakers, people's overrides: what went wrong in a history and who was told.

import { CAUSES, type Cause } from '../../src/core/incident.ts'

import { after, DAY, HOUR, MINUTE, type Book } from './book.ts'
import { HOSTILE, LONG } from './failures.ts'
import type { Row } from './insert.ts'
import type { Failing } from './present.ts'

export interface Troubles {
  readonly incidents: Row[]
  readonly flips: Row[]
  readonly deliveries: Row[]
  readonly breakers: Row[]
  readonly overrides: Row[]
}

/** Of every failed and missed slot an incident, closed by what came after, and what is open now. */
export function writeTroubles(book: Book, failing: Failing | undefined): Troubles {
  const troubles: Troubles = { incidents: [], flips: [], deliveries: [], breakers: breakers(book), overrides: overrides(book) } // prettier-ignore
  for (const slot of book.slots) {
    if (slot['state'] !== 'failed' && slot['state'] !== 'missed' && Number(slot['tries']) < 2) continue
    writeOfSlot(book, troubles, slot)
  }
  for (const [i, cause] of CAUSES.entries()) {
    const openedAt = after(book.now, -(i + 4) * 9 * DAY)
    const [subject, title] = SAID[cause]
    const one = { subject, cause, severity: i % 3 ? 'warning' : 'critical', title, detail: i === 0 ? LONG.slice(0, 600) : 'What came of it stands below.', runId: null, dueAt: null } // prettier-ignore
    if (!isTold(troubles, one, openedAt))
      write(book, troubles, one, { openedAt, closedAt: after(openedAt, (i + 1) * 37 * MINUTE) })
  }
  writeOpen(book, troubles, failing)
  return troubles
}

/** Of each cause once, as src/observe/rules say it. */
const SAID: Readonly<Record<Cause, readonly [subject: string, title: string]>> = {
  overdue: ['nfl/silver', 'nfl/silver is 1 h 4 m late: due Tue 14:07 New York, no wake-up has come'],
  missed: ['nfl/features', 'nfl/features missed its slot of Wed 09:07 New York: the deadline passed'],
  failed: [
    'nfl/bronze',
    'nfl/bronze was never heard of again: silent for 312 s, and GitHub says that it was cancelled',
  ],
  stale: ['fantasy/import', 'fantasy/import has had no success for 8 d 3 h; it is due every 2 d 4 h'],
  stuck: ['nfl/train', 'nfl/train is running and has come no further for 9 m: 2 of 3 markets'],
  breaker_open: ['source:nflverse', 'nflverse is not called: nflverse answered 503 to games.csv'],
  next_slot_unknown: ['ops/tidy', 'ops/tidy has a schedule but no coming slot'],
  wake_up_gap: ['ops/watch', 'Nobody looked for 2 h 41 m, until Thu 06:19 UTC'],
  clock_silent: [
    'ops/watch',
    'The outside clock started no pass for 1 h 12 m in which one was wanted, until Thu 06:19 UTC',
  ],
  never_seen: ['nfl/predict', 'nfl/predict was never served on its line "7 17 * * 1" (New York): first due Mon 17:07'],
  not_started: [
    'nfl/results',
    'nfl/results did not start: GitHub says startup_failure of its run of Thu 06:09 New York',
  ],
  leagues_off: [
    'ops/watch',
    'LEAGUES switches off nfl, and 11 cron lines are still in force: what is due of them is skipped',
  ],
  watch_failed: [
    'ops/watch',
    'ops-watch could not do all of its work: judging nfl/bronze failed: the database did not answer in time',
  ],
  alerts_broken: ['ops/watch', 'Not everybody can be told: slack answered 410 (no_service)'],
  rescue_lost: ['nfl/silver', 'nfl/silver was asked for in vain: GitHub answered 422'],
  site_stale: ['ops/dashboard', 'The site has not been built for 31 h, since Thu 05:09 UTC, and was asked for in vain'],
  disabled: ['ops/watch', 'GitHub has disabled for inactivity: nfl-bronze.yml and nfl-silver.yml'],
}

interface Trouble {
  readonly subject: string
  readonly cause: string
  readonly severity: string
  readonly title: string
  readonly detail: string
  readonly runId: string | null
  readonly dueAt: Date | null
}

function writeOfSlot(book: Book, troubles: Troubles, slot: Row): void {
  const dueAt = slot['due_at'] as Date
  const cause = slot['state'] === 'missed' ? 'missed' : 'failed'
  const openedAt = after(dueAt, book.chance.between(40, 300) * MINUTE)
  const closedAt = after(openedAt, Math.round(book.chance.logNormal(9, 1.2) * HOUR))
  if (closedAt >= book.now) return
  const job = String(slot['job'])
  const why = String(slot['reason'] ?? 'the database closed the connection')
  const title = `${job} ${cause === 'missed' ? 'missed its slot' : 'failed'}: ${why}`
  const detail = `Nothing tries it again by itself: start ${job} by hand once the cause is gone.`
  const one = { subject: job, cause, severity: cause === 'missed' ? 'critical' : 'warning', title, detail, runId: slot['run_id'] as string | null, dueAt } // prettier-ignore
  if (isTold(troubles, one, openedAt)) return
  write(book, troubles, one, { openedAt, closedAt })
}

/** Of one subject and cause there is one at a time; a second one within it is the same trouble. */
function isTold({ incidents }: Troubles, { subject, cause }: Trouble, at: Date): boolean {
  return incidents.some(
    (old) => old['subject'] === subject && old['cause'] === cause && (old['closed_at'] as Date) > at,
  )
}

function writeOpen(book: Book, troubles: Troubles, failing: Failing | undefined): void {
  const { now } = book
  if (failing) {
    const { job: subject, runId, dueAt } = failing
    const title = `${subject} failed: the database closed the connection`
    const detail = '1 try so far. The next try is in about 12 m.'
    write(book, troubles, { subject, cause: 'failed', severity: 'warning', title, detail, runId, dueAt }, { openedAt: after(now, -22 * MINUTE) }) // prettier-ignore
  }
  const source = 'nfl-com is not called: nfl-com answered 429: too many requests'
  write(book, troubles, { subject: 'source:nfl-com', cause: 'breaker_open', severity: 'warning', title: source, detail: `No job waits for it. ${HOSTILE}`, runId: null, dueAt: null }, { openedAt: after(now, -5 * HOUR) }) // prettier-ignore
}

function write(
  book: Book,
  troubles: Troubles,
  one: Trouble,
  { openedAt, closedAt }: { openedAt: Date; closedAt?: Date },
): void {
  const id = troubles.incidents.length + 1
  const acknowledged = book.chance.is(0.4)
  troubles.incidents.push({
    id,
    subject: one.subject,
    cause: one.cause,
    severity: one.severity,
    title: one.title,
    detail: one.detail,
    run_id: one.runId,
    slot_due_at: one.dueAt,
    knowable_at: after(openedAt, -3 * MINUTE),
    opened_at: openedAt,
    times: book.chance.is(0.1) ? 2 : 1,
    closed_at: closedAt ?? null,
    acknowledged_at: acknowledged ? after(openedAt, 11 * MINUTE) : null,
    acknowledged_by: acknowledged ? 'ann' : null,
  })
  flip(book, troubles, { id, one, from: 'well', to: one.severity, at: openedAt })
  if (closedAt) flip(book, troubles, { id, one, from: one.severity, to: 'well', at: closedAt })
}

function flip(
  book: Book,
  troubles: Troubles,
  made: { id: number; one: Trouble; from: string; to: string; at: Date },
): void {
  const { id: incident, one, from, to, at } = made
  const id = troubles.flips.length + 1
  const toldAt = after(at, book.chance.between(5, 90) * 1000)
  troubles.flips.push({ id, subject: one.subject, old_health: from, new_health: to, reason: one.title, run_id: one.runId, flipped_at: at, told_at: toldAt, incident_id: incident }) // prettier-ignore
  for (const channel of ['github-issue', 'slack']) {
    const fails = channel === 'slack' && book.chance.is(0.04)
    troubles.deliveries.push({
      flip_id: id,
      incident_id: incident,
      channel,
      state: fails ? 'failed' : 'sent',
      tries: fails ? 5 : 1,
      next_try_at: toldAt,
      sent_at: fails ? null : toldAt,
      error: fails ? 'slack answered 410: the webhook is gone' : null,
      reference: channel === 'github-issue' ? String(40 + incident) : null,
    })
  }
}

function breakers({ now }: Book): Row[] {
  const calm = { state: 'closed', failures: 0, opened_at: null, try_at: null, reason: null, trials: 0 }
  const open = { state: 'open', failures: 5, opened_at: after(now, -5 * HOUR), try_at: after(now, 50 * MINUTE), trials: 2 } // prettier-ignore
  return [
    { source: 'nflverse', ...calm, failures: 1, reason: 'nflverse answered 503 to games.csv' },
    { source: 'nflverse-data', ...calm },
    { source: 'nfl-com', ...open, reason: 'nfl-com answered 429: too many requests' },
  ]
}

function overrides({ now }: Book): Row[] {
  const one = (job: string, kind: string, days: number, reason: string): Row => ({
    job,
    kind,
    reason,
    actor: 'ann',
    created_at: after(now, -days * DAY),
    expires_at: after(now, (2 - days) * DAY),
    ended_at: days > 2 ? after(now, (1 - days) * DAY) : null,
    ended_by: days > 2 ? 'bo' : null,
    end_reason: days > 2 ? 'the house has moved' : null,
  })
  return [
    one('nfl/silver', 'pause', 1, `the second source moves house ${HOSTILE}`),
    one('*', 'pause', 60, 'the database moves house'),
    one('nfl/results', 'waive', 33, 'no games in that week'),
    one('nfl/predict', 'force', 12, 'the line came late'),
  ]
}
