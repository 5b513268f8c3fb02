// Wishes of people that are held back: behind a gate that opens by itself, or because their last run found nothing ready. Judged
// at every pass by the door's own functions, so that nothing is started that would be gated, and nothing waits for longer than it
// has to.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { namesPeriod } from '../core/params.ts'
import { decideWakeUp, type Gate, type WakeUpFacts } from '../core/wake-up.ts'
import { dropRequest, hasSucceededSince, holdWish, isWish, type OutstandingRequest } from '../ledger/requests.ts'
import { OPEN_BY_THEMSELVES } from '../runner/request-in-hand.ts'
import { readFacts } from '../runner/wake-up-facts.ts'

const HALF_HOUR = 30 * 60_000
const DAY = 48 * HALF_HOUR
/** How the note of a held wish begins. */
const WAITS = 'waits: '

/** Holds the wishes whose gate is closed until it may open, and lets those go that have waited for long enough: what they waited
 *  for has come, or a day is over. */
export async function holdWishes(
  sql: Sql,
  wishes: readonly OutstandingRequest[],
  { jobs, now }: { jobs: readonly AnyJob[]; now: Date },
): Promise<void> {
  for (const wish of wishes) {
    const job = jobs.find(({ id }) => id === wish.job)
    if (job === undefined || wish.state !== 'open' || !isWish(wish.kind) || wish.slotDueAt !== undefined) continue
    await judgeWish(sql, job, { wish, now })
  }
}

async function judgeWish(sql: Sql, job: AnyJob, { wish, now }: { wish: OutstandingRequest; now: Date }): Promise<void> {
  const facts = await readFacts(sql, job, toWoken(job, wish, now))
  const { gate } = decideWakeUp(job, facts)
  if (gate && OPEN_BY_THEMSELVES.includes(gate.code)) {
    if (now.getTime() - wish.at.getTime() > DAY) return void (await giveUp(sql, wish, { gate, now }))
    await holdWish(sql, wish.id, { at: opensAt(gate, facts), note: `${WAITS}${gate.reason}` })
  } else if (wish.nextTryAt > now && (wasHeld(wish) || (await mayBeReady(sql, job, wish))))
    await holdWish(sql, wish.id, { at: now, note: wish.note ?? null })
}

const wasHeld = ({ note }: OutstandingRequest) => note?.startsWith(WAITS) === true

/** Its last run found nothing ready, and what it reads has come since. */
async function mayBeReady(
  sql: Sql,
  { needs, reads = [] }: AnyJob,
  { acceptedAt }: OutstandingRequest,
): Promise<boolean> {
  return acceptedAt !== undefined && (await hasSucceededSince(sql, [...Object.keys(needs), ...reads], acceptedAt))
}

function toWoken(job: AnyJob, { parameters }: OutstandingRequest, now: Date) {
  // Which period is named makes no difference to the gates.
  const namedPeriod = namesPeriod(job, parameters) ? job.period(now) : undefined
  return { now, byPerson: true, namedPeriod, defaultParams: true, force: parameters['force'] === true }
}

/** When the gate may open; where nobody can know, when it is judged anew should nothing else want a pass before. */
function opensAt({ code }: Gate, { now, pause, gamesUntil, breakers }: WakeUpFacts): Date {
  if (code === 'paused' && pause) return pause.until
  if (code === 'games_on' && gamesUntil) return gamesUntil
  const trial =
    code === 'breaker_open' ? breakers.flatMap(({ tryAt }) => tryAt ?? []).find((at) => at > now) : undefined
  return trial ?? new Date(now.getTime() + HALF_HOUR)
}

/** Whoever paused the job knows why nothing came; of anything else people are to hear. */
async function giveUp(sql: Sql, { id }: OutstandingRequest, { gate, now }: { gate: Gate; now: Date }): Promise<void> {
  const how = gate.code === 'paused' ? 'no longer wanted' : 'lost'
  await dropRequest(sql, id, { at: now, note: `${how}: it waited for a day, and ${gate.reason}` })
}
