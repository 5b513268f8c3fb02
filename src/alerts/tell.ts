// From flips to people. The only place of the alerts that acts; routes.ts and policy.ts decide.
//
//   1. Every flip gets a due delivery per channel that its route names; one that nobody wants counts as told.
//   2. Of all that is due, the newest of an incident and channel speaks; what it covers is dropped before it is sent, so
//      that another teller who is sending the older one is noticed.
//   3. A delivery is claimed (its try counted, its next try set) before it is sent: whoever dies in between only delays it.
//   4. The channels work side by side, each one message after the other. One that does not answer is left alone until
//      the next pass; the others never notice.
//   5. What came of each is recorded, and flips of which nothing waits are marked as told.

import type { Sql } from 'postgres'

import { JobFailure, toErrorRecord, SourceFailure } from '../core/errors.ts'
import { clip } from '../core/markup.ts'
import { monotonicMs } from '../lib/clock.ts'
import { listDueDeliveries, type DueDelivery } from '../ledger/deliveries-due.ts'
import {
  claimDelivery,
  dropDelivery,
  findNextDeliveryAt,
  keepReference,
  listUntoldFlips,
  markFlipsTold,
  postponeDelivery,
  recordSent,
  recordUnsent,
  writeDeliveries,
  type UntoldFlip,
} from '../ledger/deliveries.ts'

import { toMessage, type Kind, type MessageFacts } from './message.ts'
import { COVERED, decideDeliveries, nextTryAt, type Decision } from './policy.ts'
import { channelsFor, healthOf, severityOf, type Routes } from './routes.ts'
import type { Channel } from './types.ts'

export interface Telling {
  readonly sql: Sql
  /** Schedule time. */
  readonly now: Date
  readonly channels: readonly Channel[]
  readonly routes: Routes
  readonly redact: (text: string) => string
  readonly facts: MessageFacts
  /** How long one send may take; 10 s unless told. */
  readonly sendWithinMs?: number
}

/** What became of the deliveries of one call. */
export interface TellingAccount {
  readonly sent: readonly Told[]
  /** Refused; tried again later unless `forGood`. */
  readonly failed: readonly (Told & { readonly error: string; readonly forGood: boolean })[]
  readonly dropped: readonly (Told & { readonly why: string })[]
  /** Not yet to be sent, or not come to. */
  readonly waiting: readonly Told[]
  /** When the next delivery wants to be sent; undefined when none waits. */
  readonly nextAt: Date | undefined
}

export interface Told {
  readonly channel: string
  readonly incidentId: string
  readonly subject: string
}

type Account = { -readonly [Key in 'sent' | 'failed' | 'dropped' | 'waiting']: TellingAccount[Key][number][] }

interface Sending {
  readonly newest: DueDelivery
  readonly kind: Kind
}

const FLIPS_AT_ONCE = 1000
const DELIVERIES_AT_ONCE = 5000
const SENDS_AT_ONCE = 50
const SEND_WITHIN_MS = 10_000
/** No channel begins another send after this. */
const BUDGET_MS = 60_000
const LONGEST_ERROR = 500

/** Tells people of all flips that are untold. Never throws over a channel; what the database throws passes through. */
export async function tellFlips(telling: Telling): Promise<TellingAccount> {
  const { sql, now } = telling
  const account: Account = { sent: [], failed: [], dropped: [], waiting: [] }
  await writeUntold(telling)
  const due = (await listDueDeliveries(sql, DELIVERIES_AT_ONCE)).map((delivery) => weighed(delivery, telling.routes))
  const names = telling.channels.map(({ name }) => name)
  const sendings: Sending[] = []
  for (const decision of decideDeliveries(due, { now, channels: names })) {
    if (await applyDecision(telling, decision, account)) sendings.push(...toSending(decision))
  }
  await sendAll(telling, sendings, account)
  await markFlipsTold(sql, now)
  return { ...account, nextAt: await findNextDeliveryAt(sql) }
}

async function writeUntold({ sql, now, channels, routes }: Telling): Promise<void> {
  const names = channels.map(({ name }) => name)
  const flips = await listUntoldFlips(sql, FLIPS_AT_ONCE)
  if (flips.length === 0) return
  await writeDeliveries(
    sql,
    flips.map((flip) => ({ ...flip, channels: toTell(flip, names, routes) })),
    now,
  )
}

/** Whom the routes name, and who has heard of the trouble before its cause changed. */
function toTell(flip: UntoldFlip, names: readonly string[], routes: Routes): string[] {
  const wanted = channelsFor(flip, names, routes)
  return names.filter((name) => wanted.includes(name) || flip.heard.includes(name))
}

/** A delivery as grave as the routes say that its cause is. */
function weighed(delivery: DueDelivery, routes: Routes): DueDelivery {
  const { incident, told } = delivery
  return {
    ...delivery,
    oldHealth: healthOf(routes, incident.cause, delivery.oldHealth),
    newHealth: healthOf(routes, incident.cause, delivery.newHealth),
    told: told && { ...told, health: healthOf(routes, incident.cause, told.health) },
    incident: { ...incident, severity: severityOf(routes, incident.cause, incident.severity) },
  }
}

/** Drops what is covered and does what needs no channel; true when the newest is to be sent. */
async function applyDecision({ sql, now }: Telling, decision: Decision, account: Account): Promise<boolean> {
  const { newest, covered, act } = decision
  for (const older of covered) {
    // Another teller has it in hand: what it says comes first, and the newest waits for the next pass.
    if (!(await dropDelivery(sql, older, COVERED))) return false
    account.dropped.push({ ...toTold(older), why: COVERED })
  }
  switch (act.do) {
    case 'send':
      return true
    case 'wait':
      await postponeDelivery(sql, newest, act.until)
      account.waiting.push(toTold(newest))
      return false
    case 'drop':
      if (await dropDelivery(sql, newest, act.why)) account.dropped.push({ ...toTold(newest), why: act.why })
      return false
    case 'give up':
      if (await recordUnsent(sql, newest, { error: act.why, nextTryAt: nextTryAt(newest.tries, now) }))
        account.failed.push({ ...toTold(newest), error: act.why, forGood: true })
      return false
  }
}

function toSending({ newest, act }: Decision): Sending[] {
  return act.do === 'send' ? [{ newest, kind: act.kind }] : []
}

/** Side by side by channel, each in turn, and no more than 50 in all: every channel's first before any one's second. */
async function sendAll(telling: Telling, sendings: readonly Sending[], account: Account): Promise<void> {
  const queues = telling.channels.map((channel) => ({
    channel,
    // What was never tried goes first: a message that a channel chokes on must not hold up the others for ever.
    queue: sendings
      .filter(({ newest }) => newest.channel === channel.name)
      .sort((a, b) => a.newest.tries - b.newest.tries || Number(a.newest.flipId) - Number(b.newest.flipId)),
  }))
  const ranked = queues.flatMap(({ queue }) => queue.map((sending, rank) => ({ sending, rank })))
  const chosen = new Set(ranked.sort((a, b) => a.rank - b.rank).slice(0, SENDS_AT_ONCE).map(({ sending }) => sending)) // prettier-ignore
  const ended = await Promise.allSettled(
    queues.map(({ channel, queue }) => work(telling, { channel, queue, chosen, account })),
  )
  const broken = ended.find((each) => each.status === 'rejected')
  if (broken) throw broken.reason
}

interface Work {
  readonly channel: Channel
  readonly queue: readonly Sending[]
  readonly chosen: ReadonlySet<Sending>
  readonly account: Account
}

/** One channel's messages; after one that may pass it is left alone for as long as that one waits. */
async function work(telling: Telling, { channel, queue, chosen, account }: Work): Promise<void> {
  const began = monotonicMs()
  let pausedUntil: Date | undefined
  for (const sending of queue) {
    const { newest } = sending
    if (pausedUntil) await postponeDelivery(telling.sql, newest, pausedUntil)
    if (pausedUntil || !chosen.has(sending) || monotonicMs() - began > BUDGET_MS) account.waiting.push(toTold(newest))
    else pausedUntil = await sendOne(telling, { channel, sending, account })
  }
}

/** Claims, sends and records one; until when the channel is to be left alone, if it is. */
async function sendOne(
  telling: Telling,
  { channel, sending, account }: { readonly channel: Channel; readonly sending: Sending; readonly account: Account },
): Promise<Date | undefined> {
  const { sql, now } = telling
  const { newest } = sending
  const tries = newest.tries + 1
  // The last try is claimed for an hour too: a pass that dies of it must not be followed at once.
  const again = nextTryAt(newest.tries + 1, now) ?? new Date(now.getTime() + 3_600_000)
  if (!(await claimDelivery(sql, newest, again))) return undefined
  const failure = await trySending(telling, channel, sending)
  if (failure === undefined) {
    await recordSent(sql, { id: newest.id, tries }, now)
    account.sent.push(toTold(newest))
    return undefined
  }
  const next = nextTryAt(tries, now, failure)
  const error = clip(telling.redact(toErrorRecord(failure).message), LONGEST_ERROR)
  await recordUnsent(sql, { id: newest.id, tries }, { error, nextTryAt: next })
  account.failed.push({ ...toTold(newest), error, forGood: next === undefined })
  return next
}

/** The failure as a value: one deaf channel must not silence the others. */
async function trySending(
  telling: Telling,
  channel: Channel,
  { newest, kind }: Sending,
): Promise<JobFailure | undefined> {
  const { sql, facts, redact, sendWithinMs = SEND_WITHIN_MS } = telling
  const late = new AbortController()
  const delivery = {
    reference: newest.reference,
    keep: (reference: string) => keepReference(sql, newest.id, reference),
    signal: late.signal,
  }
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.abort()
      reject(tooLate(channel, sendWithinMs))
    }, sendWithinMs)
  })
  try {
    // Raced too, for a channel may not listen to the signal.
    await Promise.race([channel.send(toMessage(newest, kind, { facts, redact }), delivery), deadline])
    return undefined
  } catch (error) {
    return error instanceof JobFailure ? error : crashed(channel, error)
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(channel: Channel, withinMs: number): SourceFailure {
  return new SourceFailure(`${channel.name} did not answer within ${withinMs / 1000} s. It will be tried again.`, {
    code: 'alert_unreachable',
    retryable: true,
    context: { source: channel.name },
  })
}

/** Our own mistake: tried again, for the next version may make none. */
function crashed(channel: Channel, cause: unknown): SourceFailure {
  return new SourceFailure(`${channel.name} could not be told: its channel crashed.`, {
    code: 'alert_crash',
    retryable: true,
    context: { source: channel.name },
    cause,
  })
}

function toTold({ channel, incident }: DueDelivery): Told {
  return { channel, incidentId: incident.id, subject: incident.subject }
}
