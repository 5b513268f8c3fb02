// Decides what a wake-up leads to: the gates and the choice of a slot, decided purely from facts that somebody else has read.

import { findBlocking, type SeenBreaker } from './breaker.ts'
import type { AnyJob } from './job.ts'
import type { Period } from './period.ts'
import { chooseSlot, type Candidate, type Obstacle, type Slot } from './slot.ts'

/** A league's season as its own schedule shows it. */
export interface Season {
  readonly season: number
  readonly opensAt: Date
  readonly closesAt: Date
}

export type GateCode =
  | 'paused'
  | 'games_on'
  | 'breaker_open'
  | 'out_of_season'
  | 'already_running'
  | 'already_answered'
  | 'unknown_request'
  | 'waiting_for_parents'
  | 'nothing_due'

/** A reason not to run now, as a sentence for people and a code for machines. */
export interface Gate {
  readonly code: GateCode
  readonly reason: string
}

/** Everything the decision needs to know. */
export interface WakeUpFacts {
  readonly now: Date
  /** Did a person start this (a dispatch, a terminal)? Only people may name a period. */
  readonly byPerson: boolean
  readonly namedPeriod: Period | undefined
  /** Are all inputs as they would be on the schedule? Only then may a person's run claim a slot. */
  readonly defaultParams: boolean
  readonly force: boolean
  readonly pause: { reason: string; actor: string; until: Date } | undefined
  readonly seasons: readonly Season[]
  /** The window of live games that now lies in, for a job that waits for their end. */
  readonly gamesUntil: Date | undefined
  /** Of the job's sources. */
  readonly breakers: readonly SeenBreaker[]
  /** The job's waiting slots up to now, and the next one after now. */
  readonly candidates: readonly (Candidate & { readonly period: Period })[]
  readonly nextDueAt: Date | undefined
}

/** Either a period to run, with the slot it serves if it serves one; or the gate that is in the way. */
export interface Decision {
  readonly run: { readonly period: Period; readonly slot: Slot | undefined } | undefined
  readonly gate: Gate | undefined
  readonly coalesce: readonly Slot[]
  readonly miss: readonly Slot[]
  readonly waive: readonly Slot[]
}

/** Decides what a wake-up does. Gates first; what is gated holds nothing. */
export function decideWakeUp(job: AnyJob, facts: WakeUpFacts): Decision {
  const out = job.seasonal ? facts.candidates.filter((c) => !isInSeason(c, facts.seasons)) : []
  const waive = out.map((c) => c.slot)
  const closed = facts.force ? undefined : closedGate(job, facts)
  if (closed) return gated(closed, { waive })
  const kept = facts.candidates.filter((c) => !out.includes(c))
  const candidates = facts.force ? kept.map((c) => withoutParents(c, facts.now)) : kept
  return facts.namedPeriod
    ? decideNamed(job, { ...facts, candidates, namedPeriod: facts.namedPeriod }, waive)
    : decideBySchedule(job, { ...facts, candidates }, waive)
}

/** A season that nobody has recorded yet is taken to be open: a new league must be able to begin. */
export function isInSeason(item: { slot: { dueAt: Date }; period: Period }, seasons: readonly Season[]): boolean {
  const season = seasons.find((s) => s.season === item.period.season)
  return season === undefined || (item.slot.dueAt >= season.opensAt && item.slot.dueAt <= season.closesAt)
}

function decideNamed(
  job: AnyJob,
  facts: WakeUpFacts & { readonly namedPeriod: Period },
  waive: readonly Slot[],
): Decision {
  const period = facts.namedPeriod
  const ofPeriod = facts.candidates.filter((c) => c.period.key === period.key && c.slot.dueAt <= facts.now)
  // Whoever names a period wants it run now: a slot too late for 'skip' is served all the same.
  const policy = job.onMissed === 'each' ? 'each' : 'latest'
  const choice = chooseSlot(policy, facts.defaultParams ? ofPeriod : [], facts.now)
  return { run: { period, slot: choice.take }, gate: undefined, coalesce: choice.coalesce, miss: [], waive }
}

function decideBySchedule(job: AnyJob, facts: WakeUpFacts, waive: readonly Slot[]): Decision {
  const choice = chooseSlot(job.onMissed, facts.defaultParams ? facts.candidates : [], facts.now)
  const slot = choice.take
  const chosen = facts.candidates.find((c) => c.slot === slot)
  const { coalesce, miss } = choice
  if (slot && chosen) return { run: { period: chosen.period, slot }, gate: undefined, coalesce, miss, waive }
  const period = job.period(facts.now)
  const closed = job.seasonal && !isInSeason({ slot: { dueAt: facts.now }, period }, facts.seasons)
  // Nothing waits for the schedule, but a person asked: run for the present without touching any slot.
  const asked = facts.byPerson || facts.force // only a person forces, be it by way of a request
  if (asked && choice.waiting.length === 0 && (!closed || facts.force)) {
    return { run: { period, slot: undefined }, gate: undefined, coalesce, miss, waive }
  }
  return gated(whyNothing(job, facts, { closed, waiting: choice.waiting }), { coalesce, miss, waive })
}

function gated(gate: Gate, moves: Partial<Pick<Decision, 'coalesce' | 'miss' | 'waive'>>): Decision {
  return { run: undefined, gate, coalesce: [], miss: [], waive: [], ...moves }
}

/** Whoever forces takes a due slot without its parents; a coming one is no slot to take yet. */
function withoutParents<C extends Candidate>(candidate: C, now: Date): C {
  return candidate.slot.dueAt <= now ? { ...candidate, parents: [] } : candidate
}

/** The gates that do not depend on the slot. */
function closedGate(job: AnyJob, facts: WakeUpFacts): Gate | undefined {
  if (facts.pause) return pauseGate(job, facts.pause)
  if (facts.gamesUntil) {
    const reason = `${job.id} does not run during games: they are on until ${facts.gamesUntil.toISOString()}`
    return { code: 'games_on', reason }
  }
  const breaker = findBlocking(facts.breakers, facts.now)
  return breaker && { code: 'breaker_open', reason: `${job.id} waits for ${breaker.source}: ${whyBlocked(breaker)}` }
}

function whyBlocked({ state, failures, tryAt, reason }: SeenBreaker): string {
  if (state === 'half_open') return 'its breaker is half open, and another run tries it'
  const again = tryAt ? `; it is tried again from ${tryAt.toISOString()} on` : ''
  return `its breaker is open after ${failures} failed runs (${reason ?? 'no reason kept'})${again}`
}

function pauseGate(job: AnyJob, pause: NonNullable<WakeUpFacts['pause']>): Gate {
  const until = pause.until.toISOString()
  return { code: 'paused', reason: `${job.id} is paused by ${pause.actor} until ${until}: ${pause.reason}` }
}

function whyNothing(job: AnyJob, facts: WakeUpFacts, found: { closed: boolean; waiting: readonly Obstacle[] }): Gate {
  const next = facts.nextDueAt ? `. The next slot is due ${facts.nextDueAt.toISOString()}` : ''
  const [first] = found.waiting
  if (first) return { code: 'waiting_for_parents', reason: `${job.id} waits for ${first.parent}: ${first.why}` }
  if (found.closed) return { code: 'out_of_season', reason: `${job.league} is out of season${next}` }
  return { code: 'nothing_due', reason: `nothing is due for ${job.id}: every slot so far is accounted for${next}` }
}
