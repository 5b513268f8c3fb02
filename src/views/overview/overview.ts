// The Overview: is everything fine, what is late, what failed and why, what runs next, how good are the predictions.

import type { Sql } from 'postgres'

import { WORD_DAYS } from '../../core/windows.ts'
import { listOpenIncidents, type Incident } from '../../ledger/incidents.ts'

import { unwell } from '../../ledger/outcomes.ts'
import type { ViewContext } from '../context.ts'
import { headlineOf, withPause, type Headline } from '../headline.ts'
import { listLate, readLookedAt, type LateSlots } from '../late-slots.ts'
import { listLost } from '../lost-slots.ts'
import { listPauses, type Pause } from '../pauses.ts'
import { mayQuote, quotedIncident, UNQUOTED } from '../quoting.ts'
import { gapsUntil } from '../slot-history.ts'
import { readComing, readToday, type ComingSlot, type TodayRow } from '../today.ts'
import { addUp, readJobWords, type WordKept } from '../word-kept.ts'
import { readDataSets, type DataSet } from './data-sets.ts'
import { readObjectives, type Objective } from './objectives.ts'
import { readSeasonScores, type LeagueScore } from './season-score.ts'

export interface OverviewView {
  readonly headline: Headline
  readonly today: readonly TodayRow[]
  /** What is due next, the soonest first. */
  readonly coming: readonly ComingSlot[]
  readonly late: LateSlots
  /** The gravest first. */
  readonly incidents: readonly Incident[]
  /** When the last incident was over; undefined: there was none. */
  readonly wellSince: Date | undefined
  readonly failures: readonly FailedRun[]
  readonly running: readonly { readonly job: string; readonly runId: string; readonly startedAt: Date }[]
  readonly pauses: readonly Pause[]
  readonly dataSets: readonly DataSet[]
  readonly word: WordKept
  readonly objectives: readonly Objective[]
  /** The longest of WORD_DAYS in which nobody looked. */
  readonly worstGap: { readonly beganAt: Date; readonly minutes: number } | undefined
  readonly scores: readonly LeagueScore[]
}

/** A run of the last seven days that failed or was never heard of again. */
export interface FailedRun {
  readonly job: string
  readonly runId: string
  readonly finishedAt: Date
  readonly error: string
  readonly slot: SlotSince
}

/** What became of a failed run's slot: `open` is not served yet, or lost; `settled` is not wanted any more, for it was waived
 *  or a later one covers it. */
export type SlotSince = 'open' | 'served' | 'settled' | 'none'

const MOST_FAILURES = 200
/** Incidents that are looked through for the one that ended last. */
const ENDS_SOUGHT = 200

/** Reads the Overview's view. */
export async function readOverview(sql: Sql, site: ViewContext): Promise<OverviewView> {
  const { now } = site
  const [today, late, open, wellSince, failures, running, pauses, dataSets, words, worstGap, scores] =
    await Promise.all([
      readToday(sql, site),
      listLate(sql, site),
      listOpenIncidents(sql),
      findWellSince(sql),
      listFailures(sql, site),
      listRunning(sql),
      listPauses(sql, now),
      readDataSets(sql),
      readJobWords(sql, now),
      findWorstGap(sql, now),
      readSeasonScores(sql),
    ])
  const word = addUp(words)
  const [coming, objectives] = await Promise.all([readComing(sql, site, today), readObjectives(sql, now, word)])
  const [lookedAt, lost] = await Promise.all([readLookedAt(sql, site), listLost(sql, site)])
  const incidents = open.map((incident) => withPause(quotedIncident(site, incident), pauses, site.zone))
  const headline = headlineOf({ today, late, lost, incidents, lookedAt }, site)
  return {
    headline,
    today,
    coming,
    late,
    incidents,
    wellSince,
    failures,
    running,
    pauses,
    dataSets,
    word,
    objectives,
    worstGap,
    scores,
  }
}

async function findWellSince(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`
    select max(closed_at) as at
    from (select closed_at from ledger.incidents order by opened_at desc limit ${ENDS_SOUGHT}) newest
  `
  return row?.at ?? undefined
}

/** What still waits comes before what does not, so that none of it is cut off. */
async function listFailures(sql: Sql, site: ViewContext): Promise<FailedRun[]> {
  const rows = await sql<
    { job: string; id: string; finished_at: Date; error: string; code: string | null; slot: SlotSince }[]
  >`
    select run.job, run.id, run.finished_at, run.errors -> 0 ->> 'code' as code, coalesce(run.errors -> 0 ->> 'message', run.reason, 'no reason was kept') as error,
      case
        when slot.state is null then 'none'
        when slot.state = 'served' then 'served'
        when slot.state in ('waived', 'coalesced') then 'settled'
        else 'open'
      end as slot
    from ledger.runs run
    left join ledger.slots slot on slot.job = run.job and slot.due_at = run.slot_due_at
    where run.outcome in ${unwell(sql)} and run.outcome in ('failed', 'abandoned')
      and run.started_at > ${site.now}::timestamptz - interval '7 days'
    order by (slot.state is not null and slot.state not in ('served', 'waived', 'coalesced')) desc, run.started_at desc
    limit ${MOST_FAILURES}
  `
  return rows.map((row) => ({
    job: row.job,
    runId: row.id,
    finishedAt: row.finished_at,
    error: mayQuote(site, row.job) ? row.error : `${(row.code ?? 'failed').replaceAll('_', ' ')}: ${UNQUOTED}`,
    slot: row.slot,
  }))
}

async function listRunning(sql: Sql): Promise<OverviewView['running']> {
  return await sql<{ job: string; runId: string; startedAt: Date }[]>`
    select job, id as "runId", started_at as "startedAt" from ledger.runs where outcome = 'running' order by started_at
  `
}

async function findWorstGap(sql: Sql, now: Date): Promise<OverviewView['worstGap']> {
  const [row] = await sql<{ beganAt: Date; minutes: number }[]>`
    select began_at as "beganAt", extract(epoch from ended_at - began_at)::double precision / 60 as minutes
    from (${gapsUntil(sql, now)}) known
    where ended_at > ${now}::timestamptz - make_interval(days => ${WORD_DAYS})
    order by ended_at - began_at desc limit 1
  `
  return row
}
