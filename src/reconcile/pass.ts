// One pass of ops-watch: under the lease, compare what should have happened with what did, act, and tell people. Going round
// again while late-comers leave their mark.

import type { ClocksApart } from '../core/clocks.ts'
import { LedgerFailure } from '../core/errors.ts'
import type { Patience } from '../lib/patience.ts'
import { takeBackFuture } from '../ledger/ahead.ts'
import {
  dropLease,
  endPass,
  findGapEnding,
  insertPass,
  look,
  noteWanted,
  releaseLease,
  takeLease,
  type PassStart,
} from '../ledger/watch.ts'
import type { PassParts } from './pass-parts.ts'
import { emptyRound, type Round } from './report.ts'
import { oneRound, tellPeople, type RoundParts } from './round.ts'
import { createSteps, type StepFailure } from './steps.ts'

/** Somebody who pokes without end must not keep a pass alive without end. */
const MOST_ROUNDS = 5

export interface PassReport {
  /** False: another pass holds the lease, and will go round again; or it could not be taken (see `failures`). */
  readonly led: boolean
  readonly rounds: readonly Round[]
  /** How long nobody had looked before this pass, if it was more than five minutes. */
  readonly gap: { readonly beganAt: Date; readonly endedAt: Date } | undefined
  /** Everything that could not be done. */
  readonly failures: readonly StepFailure[]
}

/** Makes a pass. Never throws: each step stands alone, and what could not be done is in the report. */
export async function makePass(passParts: PassParts, start: Omit<PassStart, 'at'>): Promise<PassReport> {
  const { sql, clock, github } = passParts
  const steps = createSteps(passParts)
  const parts: RoundParts = { ...passParts, steps, holder: start.id }
  const apart = passParts.clocksApart?.()
  const began = apart?.earliest ?? clock()
  await steps.take('writing the pass down', () => insertPass(sql, { ...start, at: began }), undefined)
  await steps.take('reading what had wanted a pass', () => noteWanted(sql, start.id, began), undefined)
  const { led, gap, rounds } = apart ? await refuse(parts, apart) : await lead(parts, began)
  const { failures } = steps
  const error = failures.length === 0 ? undefined : failures.map(({ step, why }) => `${step} failed: ${why}`).join('\n')
  const at = passParts.clocksApart?.()?.earliest ?? clock()
  const end = { at, rounds: rounds.length, githubCalls: github?.calls ?? 0, report: rounds, error }
  await steps.takeLast('writing down how the pass ended', () => endPass(sql, start.id, end), undefined)
  return { led, rounds, gap, failures }
}

type Led = Pick<PassReport, 'led' | 'gap' | 'rounds'>

const atOnce: Patience = (work) => work(0)

/** Looks, takes the lease, and goes round. */
async function lead(parts: RoundParts, began: Date): Promise<Led> {
  const { sql, steps, holder, patience = atOnce } = parts
  await steps.take('taking back what a clock ahead has written', () => takeBackFuture(sql, began), false)
  await steps.take('looking around', () => look(sql, { now: began, by: 'ops/watch', urgent: false, mayPoke: false }), false) // prettier-ignore
  const gap = await steps.take('reading how long nobody had looked', () => findGapEnding(sql, began), undefined)
  const led = await steps.take('taking the lease', () => patience(() => takeLease(sql, holder)), undefined)
  const rounds: Round[] = []
  if (led) await goRound(parts, rounds)
  else if (led === undefined) rounds.push(await onlyTell(parts, began))
  return { led: led ?? false, gap, rounds }
}

async function refuse(parts: RoundParts, { why, earliest }: ClocksApart): Promise<Led> {
  await parts.steps.take('judging by clocks that disagree', () => Promise.reject(new LedgerFailure(why)), undefined)
  return { led: false, gap: undefined, rounds: [await onlyTell(parts, earliest)] }
}

async function goRound(parts: RoundParts, rounds: Round[]): Promise<void> {
  const { sql, holder, steps } = parts
  for (;;) {
    const { round, nextAt } = await oneRound(parts)
    rounds.push(round)
    if (round.lostLease) return
    const isLast = rounds.length >= MOST_ROUNDS
    const release = async () => {
      if (!isLast) return await releaseLease(sql, holder, { judgedAt: round.at, nextActionAt: nextAt })
      await dropLease(sql, holder)
      return true
    }
    // A lease that cannot be let go runs out by itself.
    const released = await steps.takeLast('letting the lease go', release, true)
    if (released) return
  }
}

/** Without a lease nothing is judged and nothing started; people are told all the same. */
async function onlyTell(parts: RoundParts, now: Date): Promise<Round> {
  const round = emptyRound(now)
  await tellPeople(parts, now, round)
  round.failures = [...parts.steps.failures]
  return round
}
