// Reads what a wake-up's decision has to know from the ledger. The door asks for a job that was woken, reconcile for one
// that was not: both judge by the same facts and the same functions.

import type { Sql } from 'postgres'

import type { AnyJob, JobId } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import type { Candidate, ParentState, Slot } from '../core/slot.ts'
import type { WakeUpFacts } from '../core/wake-up.ts'
import { listBreakers } from '../ledger/breakers.ts'
import { findGamesUntil, findPause, listSeasons } from '../ledger/gates.ts'
import { findLatestSlot, hasEverSucceeded, hasSlotBetween, listOpenSlots, type OpenSlot } from '../ledger/slots.ts'

/** What the wake-up itself says. */
export type Woken = Pick<WakeUpFacts, 'now' | 'byPerson' | 'namedPeriod' | 'defaultParams' | 'force'>

/** All facts about one job at one instant. */
export async function readFacts(sql: Sql, job: AnyJob, woken: Woken): Promise<WakeUpFacts> {
  const { now } = woken
  const [open, pause, seasons, gamesUntil, breakers] = await Promise.all([
    listOpenSlots(sql, job.id),
    findPause(sql, job.id, now),
    job.seasonal ? listSeasons(sql, job.league) : [],
    job.notDuringGames ? findGamesUntil(sql, job.league, now) : undefined,
    listBreakers(sql, job.sources ?? []),
  ])
  const due = open.filter((slot) => slot.state === 'due')
  const next = due.find((slot) => slot.dueAt > now)
  const visible = due.filter((slot) => slot.dueAt <= now || slot === next)
  const candidates = await Promise.all(visible.map((slot) => toCandidate(sql, job, slot)))
  return { ...woken, pause, seasons, gamesUntil, breakers, candidates, nextDueAt: next?.dueAt }
}

async function toCandidate(sql: Sql, job: AnyJob, slot: OpenSlot): Promise<Candidate & { period: Period }> {
  const needs = Object.entries(job.needs) as [JobId, ParentState['need']][]
  const parents = await Promise.all(
    needs.map(async ([parent, need]) => ({
      job: parent,
      need,
      latestSlot: need === 'fresh' ? await findLatestSlot(sql, parent, slot.dueAt) : undefined,
      everServed: need === 'any' ? await hasEverSucceeded(sql, parent) : false,
    })),
  )
  const { graceUntil, period } = slot
  return { slot, parents, chained: await isChained(sql, slot, parents), graceUntil, period }
}

/** A fresh parent's served slot makes its first following slot ready early, and only that one: a second slot after the
 *  same parent slot waits for its own time, or a day's wake-ups would eat the week. */
async function isChained(sql: Sql, slot: Slot, parents: readonly ParentState[]): Promise<boolean> {
  for (const parent of parents) {
    if (parent.need !== 'fresh' || parent.latestSlot?.state !== 'served') continue
    const window = { from: parent.latestSlot.dueAt, before: slot.dueAt }
    if (!(await hasSlotBetween(sql, slot.job, window))) return true
  }
  return false
}
