// What a simulation came to, read from the ledger and from the messages that went out.

import type { Sql } from '../../src/lib/db.ts'
import type { Simulated } from './simulate.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** For so long nobody pokes again (see ledger/watch.ts). */
const POKE_LOST_MS = 5 * MINUTE

/** A message about trouble that had just become knowable. */
export interface Alert {
  readonly cause: string
  readonly subject: string
  /** From when it was knowable to when the message went out. */
  readonly minutes: number
  /** A run was under way, or just ending, when it became knowable. */
  readonly processAlive: boolean
  /** GitHub queued a dispatch for minutes, or lost it: since then, or less than five minutes before. */
  readonly dispatchLate: boolean
  /** Within an hour of the last message of the same incident: the channel is spared. */
  readonly heldBack: boolean
}

export interface Account {
  readonly slots: number
  readonly definite: number
  readonly servedTwice: number
  /** Served, by a run that began before the deadline. */
  readonly inTime: number
  /** Not served, and no run, no parent and no source of their own kept them from it: lost to the schedule. */
  readonly lostToTheSchedule: number
  readonly states: Readonly<Record<string, number>>
  /** Of the ticks: what plain cron would have brought in time, and within the grace. */
  readonly cronInTime: number
  readonly cronInGrace: number
  /** Failed, abandoned and cancelled runs; slots that were missed. */
  readonly failures: number
  readonly missed: number
  readonly dispatches: number
  readonly uselessDispatches: number
  readonly messages: number
  readonly alerts: readonly Alert[]
  /** From a runner's death to the message about it, in minutes. */
  readonly deaths: readonly number[]
  /** Between neighbouring looks of anybody, and the gaps that the ledger wrote down, in minutes. */
  readonly betweenLooks: readonly number[]
  readonly gaps: readonly number[]
  readonly passes: number
  readonly runs: number
}

/** Reads it all. Slots count whose deadline had passed. */
export async function measure(simulated: Simulated): Promise<Account> {
  const { repository } = simulated
  const { sql } = repository.world
  const slots = await listSlots(simulated)
  const states: Record<string, number> = {}
  for (const { state } of slots) states[state] = (states[state] ?? 0) + 1
  const [counts] = await sql<Counts[]>`
    select
      (select count(*)::integer from ledger.runs where outcome in ('failed', 'abandoned', 'cancelled')) as failures,
      (select count(*)::integer from ledger.runs) as runs,
      (select count(*)::integer from ledger.passes) as passes,
      (select count(*)::integer from ledger.requests q join ledger.runs r on r.id = q.run_id) as answered,
      (select count(*)::integer from ledger.requests q join ledger.runs r on r.id = q.run_id where r.outcome = 'gated')
        as useless
  `
  const gaps = await sql<{ minutes: number }[]>`
    select extract(epoch from ended_at - began_at)::double precision / 60 as minutes from ledger.wake_up_gaps
  `
  const open = ['due', 'running']
  return {
    slots: slots.length,
    definite: slots.filter(({ state }) => !open.includes(state)).length,
    servedTwice: slots.filter(({ servings }) => servings > 1).length,
    inTime: slots.filter((slot) => slot.served_by_deadline).length,
    lostToTheSchedule: slots.filter((slot) => !slot.served_by_deadline && !isOwnFault(slot, slots, simulated)).length,
    states,
    ...cronShares(simulated),
    failures: counts?.failures ?? 0,
    missed: states['missed'] ?? 0,
    dispatches: counts?.answered ?? 0,
    uselessDispatches: counts?.useless ?? 0,
    messages: repository.told.length,
    alerts: alertsOf(simulated),
    deaths: deathsOf(simulated),
    betweenLooks: await betweenLooks(sql),
    gaps: gaps.map(({ minutes }) => minutes),
    passes: counts?.passes ?? 0,
    runs: counts?.runs ?? 0,
  }
}

interface SlotRow {
  job: string
  due_at: Date
  state: string
  served_by_deadline: boolean
  servings: number
  /** A run of its own did not end well, or a breaker was in the way. */
  own_fault: boolean
}

/** Whether its own runs, or those of the slots that it needs, kept a slot from being served. */
function isOwnFault(slot: SlotRow, slots: readonly SlotRow[], simulated: Simulated): boolean {
  if (slot.own_fault) return true
  const needs = simulated.repository.lines.find(({ job }) => job.id === slot.job)?.job.needs ?? {}
  return Object.entries(needs).some(([parent, need]) => {
    const before = slots.filter(({ job, due_at }) => job === parent && due_at <= slot.due_at)
    if (need === 'any') return !before.some(({ state }) => state === 'served') // in the first week
    const latest = before.reduce<SlotRow | undefined>((a, b) => (a && a.due_at > b.due_at ? a : b), undefined)
    return latest !== undefined && isOwnFault(latest, slots, simulated)
  })
}

interface Counts {
  failures: number
  runs: number
  passes: number
  answered: number
  useless: number
}

async function listSlots({ repository, until }: Simulated): Promise<SlotRow[]> {
  return await repository.world.sql<SlotRow[]>`
    select s.job, s.due_at, s.state, s.state = 'served' and s.started_at <= s.deadline_at as served_by_deadline,
      (select count(*)::integer from ledger.runs r
        where r.job = s.job and r.slot_due_at = s.due_at and r.outcome in ('succeeded', 'partial')) as servings,
      exists (select 1 from ledger.runs r where r.job = s.job and r.slot_due_at = s.due_at
        and r.outcome in ('failed', 'not_ready', 'abandoned', 'cancelled'))
      or exists (select 1 from ledger.runs r where r.job = s.job and r.started_at between s.due_at and s.deadline_at
        and r.outcome = 'gated' and r.gate = 'breaker_open') as own_fault
    from ledger.slots s
    where s.deadline_at <= ${until}
  `
}

function cronShares({ ticks, repository, until }: Simulated): Pick<Account, 'cronInTime' | 'cronInGrace'> {
  const lines = repository.lines.flatMap(({ job, cron }) => cron.map(() => job))
  const lates = ticks.flatMap(({ line, dueAt, at }) => {
    const job = lines[Number.parseInt(line)]
    if (job === undefined || dueAt.getTime() + job.deadlineMinutes * MINUTE > until.getTime()) return []
    const late = at ? (at.getTime() - dueAt.getTime()) / MINUTE : Infinity
    return [{ inTime: late <= job.deadlineMinutes, inGrace: late <= job.graceMinutes }]
  })
  const share = (of: 'inTime' | 'inGrace') => lates.filter((late) => late[of]).length / lates.length
  return { cronInTime: share('inTime'), cronInGrace: share('inGrace') }
}

function alertsOf({ repository, badDispatches }: Simulated): Alert[] {
  const { told, lives } = repository
  const lastTold = new Map<string, number>()
  return told.flatMap(({ at, message }) => {
    const { incident, kind } = message
    const before = lastTold.get(incident.id)
    lastTold.set(incident.id, at.getTime())
    if (kind !== 'opened' && kind !== 'reopened') return []
    const known = incident.knowableAt
    return [
      {
        cause: incident.cause,
        subject: incident.subject,
        minutes: (at.getTime() - known.getTime()) / MINUTE,
        processAlive: lives.some(({ from, to }) => from <= known && known <= to),
        dispatchLate: badDispatches.some((sent) => sent.getTime() > known.getTime() - POKE_LOST_MS && sent <= at),
        heldBack: before !== undefined && before + HOUR > known.getTime(),
      },
    ]
  })
}

/** Of those that people were told of; many are over, by a rescue, before the channel's hour is. */
function deathsOf({ repository, deaths }: Simulated): number[] {
  return deaths.flatMap(({ job, at }) => {
    // What is told after the job has begun again may be about another death.
    const again = repository.lives.find((life) => life.job === job && life.from > at)?.from ?? new Date(8.64e15)
    const next = repository.told.find(
      (told) => told.at >= at && told.at <= again && told.message.incident.subject === job,
    )
    const title = next?.message.incident.title ?? ''
    return next && title.includes('never heard of again') ? [(next.at.getTime() - at.getTime()) / MINUTE] : []
  })
}

async function betweenLooks(sql: Sql): Promise<number[]> {
  const rows = await sql<{ minutes: number }[]>`
    select extract(epoch from at - lag(at) over (order by at))::double precision / 60 as minutes from (
      select began_at as at from ledger.passes union select finished_at from ledger.runs where outcome <> 'abandoned'
    ) looks
  `
  return rows.flatMap(({ minutes }) => (minutes === null ? [] : [minutes]))
}
