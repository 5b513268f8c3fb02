// What the schedule is held to, over the days of its word, and how much of each error budget is used.

import type { Sql } from 'postgres'

import { WORD_DAYS } from '../../core/windows.ts'
import { endedRuns } from '../ended-runs.ts'
import { OBJECTIVE, type WordKept } from '../word-kept.ts'

const DAY_MS = 24 * 60 * 60_000
/** People are to hear of trouble within so many minutes of its being knowable. */
const TOLD_MINUTES = 5

export interface Objective {
  readonly of: 'slots' | 'runs' | 'told'
  /** How many were judged, and how many of them were as wanted. */
  readonly all: number
  readonly good: number
  /** The share that is wanted. */
  readonly wanted: number
  /** How many may fall short. */
  readonly allowed: number
}

/** Slots served by their deadline, runs that succeeded of those that ended, incidents told in time of those that were to be told. */
export async function readObjectives(sql: Sql, now: Date, word: WordKept): Promise<Objective[]> {
  const since = new Date(now.getTime() - WORD_DAYS * DAY_MS)
  const [[runs], [told]] = await Promise.all([
    sql<Counted[]>`
      select count(*)::integer as all, (count(*) filter (where outcome = 'succeeded'))::integer as good
      from (${endedRuns(sql, { since, now })}) ended
    `,
    sql<Counted[]>`
      select count(*)::integer as all,
        (count(*) filter (where first.sent_at <= knowable_at + make_interval(mins => ${TOLD_MINUTES})))::integer as good
      from ledger.incidents incident,
        -- A reopened incident became knowable anew: what was sent of its first opening told nobody of that.
        lateral (
          select min(sent_at) as sent_at, count(*) filter (where state <> 'dropped') as wanted
          from ledger.deliveries delivery join ledger.flips flip on flip.id = delivery.flip_id
          where delivery.incident_id = incident.id and flip.flipped_at >= incident.knowable_at
        ) first
      where opened_at > ${since} and knowable_at <= ${now}::timestamptz - make_interval(mins => ${TOLD_MINUTES})
        -- Without a delivery there was nobody to tell, or it was not worth a message.
        and first.wanted > 0
    `,
  ])
  return [
    toObjective('slots', { all: word.slots, good: word.served }),
    toObjective('runs', runs),
    toObjective('told', told),
  ]
}

interface Counted {
  all: number
  good: number
}

function toObjective(of: Objective['of'], { all, good }: Counted = { all: 0, good: 0 }): Objective {
  // Of 200 one: without the small amount, 0.005 in binary would make it none.
  return { of, all, good, wanted: OBJECTIVE, allowed: Math.floor(all * (1 - OBJECTIVE) + 1e-9) }
}
