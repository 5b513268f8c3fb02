// From flips to people. The only place of the alerts that acts; routes.ts and policy.ts decide.
//
//   1. Every flip gets a due delivery per channel that its route names; one that nobody wants counts as told. A channel that
//      has come since, or come back, gets one of what is open: the newest flip of each open incident.
//   2. Of all that is due, the newest of an incident and channel speaks; what it covers is dropped before it is sent, so
//      that another teller who is sending the older one is noticed.
//   3. A delivery is claimed (its try counted, its next try set) before it is sent: whoever dies in between only delays it.
//   4. The channels work side by side, each one message after the other. One that does not answer is left alone until
//      the next pass; the others never notice.
//   5. What came of each is recorded, and flips of which nothing waits are marked as told. What a channel refuses as it is
//      set today waits for a day, for other settings, or for the channel to accept something else.

import type { Sql } from 'postgres'

import { toErrorRecord, type JobFailure } from '../core/errors.ts'
import { clip } from '../core/markup.ts'
import { listDueDeliveries, type DueDelivery } from '../ledger/deliveries-due.ts'
import {
  hastenChanged,
  hastenWorking,
  listOpenFlips,
  listRefusingChannels,
  writeLateDeliveries,
} from '../ledger/deliveries-refused.ts'
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
import { monotonicMs } from '../lib/clock.ts'

import { toMessage, type Kind, type MessageFacts } from './message.ts'
import { COVERED, decideDeliveries, GONE, isRefusal, nextTryAt, type Decision } from './policy.ts'
import { channelsFor, healthOf, severityOf, type Routes } from './routes.ts'
import { sendMessage } from './send.ts'
import { createFingerprints, type Fingerprints } from './settings.ts'
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
  /** Channels that have accepted something else just now: a test message. */
  readonly worked?: readonly string[]
}

interface Work extends Telling {
  readonly fingerprints: Fingerprints
}

/** What became of the deliveries of one call. */
export interface TellingAccount {
  readonly sent: readonly Told[]
  /** Not accepted, and tried again later; `refused` is about the channel's settings of today. */
  readonly failed: readonly (Told & { readonly error: string; readonly refused: boolean })[]
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
/** No channel begins another send after this. */
const BUDGET_MS = 60_000
const LONGEST_ERROR = 500

/** Tells people of all flips that are untold. Never throws over a channel; what the database throws passes through. */
export async function tellFlips(telling: Telling): Promise<TellingAccount> {
  const { sql, now } = telling
  const account: Account = { sent: [], failed: [], dropped: [], waiting: [] }
  const work: Work = { ...telling, fingerprints: createFingerprints(sql, telling.channels) }
  await writeUntold(telling)
  await writeLate(telling)
  await hastenRefused(work)
  await deliver(work, account)
  // A channel that works is mended: it takes what it refused before.
  const working = [...new Set(account.sent.map(({ channel }) => channel))]
  if ((await hastenWorking(sql, working, now)) > 0) await deliver(work, account)
  await markFlipsTold(sql, now)
  return { ...account, nextAt: await findNextDeliveryAt(sql) }
}

async function deliver(work: Work, account: Account): Promise<void> {
  const { sql, now } = work
  const due = (await listDueDeliveries(sql, DELIVERIES_AT_ONCE)).map((delivery) => weighed(delivery, work.routes))
  const names = work.channels.map(({ name }) => name)
  const sendings: Sending[] = []
  account.waiting = []
  for (const decision of decideDeliveries(due, { now, channels: names })) {
    if (await applyDecision(work, decision, account)) sendings.push(...toSending(decision))
  }
  await sendAll(work, sendings, account)
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

/** What is open is told to channels that the routes name by now and that have not had it: one message an incident. */
async function writeLate({ sql, now, channels, routes }: Telling): Promise<void> {
  const names = channels.map(({ name }) => name)
  const open = await listOpenFlips(sql, GONE, FLIPS_AT_ONCE)
  const late = open.map((flip) => {
    const lacking = toTell(flip, names, routes).filter((name) => !flip.settled.includes(name))
    return { ...flip, channels: lacking }
  })
  await writeLateDeliveries(sql, late, { at: now, gone: GONE })
}

/** What a channel refused is due if its settings are others now, or if it has just worked. */
async function hastenRefused({ sql, now, fingerprints, worked = [] }: Work): Promise<void> {
  for (const { channel } of await listRefusingChannels(sql)) {
    const settings = await fingerprints.of(channel)
    if (settings !== undefined) await hastenChanged(sql, { channel, settings }, now)
  }
  await hastenWorking(sql, worked, now)
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
async function applyDecision({ sql }: Telling, decision: Decision, account: Account): Promise<boolean> {
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
  }
}

function toSending({ newest, act }: Decision): Sending[] {
  return act.do === 'send' ? [{ newest, kind: act.kind }] : []
}

/** Side by side by channel, each in turn, and no more than 50 in all: every channel's first before any one's second. */
async function sendAll(telling: Work, sendings: readonly Sending[], account: Account): Promise<void> {
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
    queues.map(({ channel, queue }) => workOff(telling, { channel, queue, chosen, account })),
  )
  const broken = ended.find((each) => each.status === 'rejected')
  if (broken) throw broken.reason
}

interface Queue {
  readonly channel: Channel
  readonly queue: readonly Sending[]
  readonly chosen: ReadonlySet<Sending>
  readonly account: Account
}

/** One channel's messages; after one that may be temporary it is left alone for as long as that one waits. */
async function workOff(telling: Work, { channel, queue, chosen, account }: Queue): Promise<void> {
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
  telling: Work,
  { channel, sending, account }: { readonly channel: Channel; readonly sending: Sending; readonly account: Account },
): Promise<Date | undefined> {
  const { sql, now, facts, redact, sendWithinMs } = telling
  const { newest, kind } = sending
  const claimed = { id: newest.id, tries: newest.tries + 1 }
  if (!(await claimDelivery(sql, newest, nextTryAt(claimed.tries, now)))) return undefined
  const failure = await sendMessage(channel, () => toMessage(newest, kind, { facts, redact }), {
    reference: newest.reference,
    keep: (reference) => keepReference(sql, newest.id, reference),
    withinMs: sendWithinMs,
  })
  if (failure === undefined) {
    await recordSent(sql, claimed, now)
    account.sent.push(toTold(newest))
    return undefined
  }
  return await recordFailure(telling, { newest, claimed, failure, account })
}

interface Failed {
  readonly newest: DueDelivery
  readonly claimed: { readonly id: string; readonly tries: number }
  readonly failure: JobFailure
  readonly account: Account
}

async function recordFailure(telling: Work, { newest, claimed, failure, account }: Failed): Promise<Date | undefined> {
  const { sql, now } = telling
  const next = nextTryAt(claimed.tries, now, failure)
  const refused = isRefusal(claimed.tries, failure)
  const error = clip(telling.redact(toErrorRecord(failure).message), LONGEST_ERROR)
  const refusedBy = refused ? ((await telling.fingerprints.of(newest.channel)) ?? 'unknown') : undefined
  await recordUnsent(sql, claimed, { error, nextTryAt: next, refusedBy })
  account.failed.push({ ...toTold(newest), error, refused })
  // A refusal may be of this message alone.
  return refused ? undefined : next
}

function toTold({ channel, incident }: DueDelivery): Told {
  return { channel, incidentId: incident.id, subject: incident.subject }
}
