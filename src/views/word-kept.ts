// Reads how the schedule kept its word: what became of the slots of the last days, what GitHub's cron alone would have served of
// them.

import type { Sql } from 'postgres'

import type { SlotShown } from '../core/slot-shown.ts'
import { CRON_DAYS, WORD_DAYS } from '../core/windows.ts'
import { serving } from '../ledger/outcomes.ts'
import { shownState } from './slot-state.ts'

/** What the SLO asks for: the share of slots served within their deadline. */
export const OBJECTIVE = 0.995
const DAY_MS = 24 * 60 * 60_000

/** Of one job, over slots of WORD_DAYS that ended served, failed or missed, or whose deadline is over: what was waived or
 *  coalesced was not to be served. Beside cron, which is known for CRON_DAYS, only the slots of those are judged. */
export interface JobWord {
  readonly job: string
  readonly slots: number
  readonly served: number
  readonly byState: Partial<Readonly<Record<SlotShown, number>>>
  /** Slots of the last CRON_DAYS whose deadline is over, and those of them that were served. */
  readonly judged: number
  readonly judgedServed: number
  /** Those of them that a run served, or would have, which cron began by the deadline and before the next slot was due. */
  readonly cronInTime: number
  /** Minutes, of the judged slots that were served; negative when early. */
  readonly medianLateness: number | undefined
  /** Minutes from a slot's moment to the first run that cron began, where one came by the deadline. */
  readonly cronLateness: number | undefined
}

/** The sum over all jobs. */
export type WordKept = Omit<JobWord, 'job' | 'judgedServed' | 'medianLateness' | 'cronLateness'>

/** The word of every job with slots in the last WORD_DAYS, by name. */
export async function readJobWords(sql: Sql, now: Date): Promise<JobWord[]> {
  const [states, facts] = await Promise.all([readStates(sql, now), readFacts(sql, now)])
  return facts.map((row) => ({
    job: row.job,
    slots: row.slots,
    served: row.served,
    byState: Object.fromEntries(states.filter(({ job }) => job === row.job).map(({ state, count }) => [state, count])),
    judged: row.judged,
    judgedServed: row.judged_served,
    cronInTime: row.cron,
    medianLateness: row.lateness ?? undefined,
    cronLateness: row.cron_lateness ?? undefined,
  }))
}

/** Adds jobs up. */
export function addUp(words: readonly JobWord[]): WordKept {
  const sum = (count: (word: JobWord) => number) => words.reduce((all, word) => all + count(word), 0)
  const states = new Set(words.flatMap(({ byState }) => Object.keys(byState) as SlotShown[]))
  const slots = sum((word) => word.slots)
  const served = sum((word) => word.served)
  return {
    slots,
    served,
    byState: Object.fromEntries([...states].map((state) => [state, sum(({ byState }) => byState[state] ?? 0)])),
    judged: sum((word) => word.judged),
    cronInTime: sum((word) => word.cronInTime),
  }
}

async function readStates(sql: Sql, now: Date): Promise<{ job: string; state: SlotShown; count: number }[]> {
  return await sql<{ job: string; state: SlotShown; count: number }[]>`
    select job, state, count(*)::integer as count from (
      select slot.job, ${shownState(sql, now)} as state from ledger.slots slot
      where slot.due_at > ${since(now)} and slot.due_at <= ${now} and ${isOver(sql, now)}
    ) shown
    group by job, state
  `
}

interface FactRow {
  job: string
  slots: number
  served: number
  lateness: number | null
  judged: number
  judged_served: number
  cron: number
  cron_lateness: number | null
}

async function readFacts(sql: Sql, now: Date): Promise<FactRow[]> {
  const judged = sql`(slot.deadline_at <= ${now} and slot.due_at > ${new Date(now.getTime() - CRON_DAYS * DAY_MS)})`
  return await sql<FactRow[]>`
    select slot.job, count(*)::integer as slots, (count(*) filter (where slot.state = 'served'))::integer as served,
      percentile_cont(0.5) within group (order by extract(epoch from slot.started_at - slot.due_at) / 60)
        filter (where ${judged} and slot.state = 'served') as lateness,
      (count(*) filter (where ${judged}))::integer as judged,
      (count(*) filter (where ${judged} and slot.state = 'served'))::integer as judged_served,
      (count(tick.at) filter (where ${judged}))::integer as cron,
      percentile_cont(0.5) within group (order by extract(epoch from tick.at - slot.due_at) / 60)
        filter (where ${judged} and tick.at is not null) as cron_lateness
    from (
      select *, lead(due_at) over (partition by job order by due_at) as next_due_at from ledger.slots
      where due_at > ${since(now)} and due_at <= ${now}
    ) slot
    -- A run that cron began counts when it did the work, or found it done or being done: had nobody else served the slot, it
    -- would have. What was paused, out of season or waited for parents or games would have waited all the same.
    -- One tick serves one slot, so that it counts for the newest that was due.
    left join lateral (
      select run.started_at as at from ledger.runs run
      where run.job between slot.job and slot.job and run.started_at >= slot.due_at
        and run.started_at <= slot.deadline_at and run.started_at < coalesce(slot.next_due_at, 'infinity')
        and run.trigger = 'schedule'
        and (run.outcome in ${serving(sql)}
          or (run.gate in ('nothing_due', 'already_running') and slot.state = 'served'))
      -- Backwards along runs_by_job: the first tick is the first row, and no run after it is read.
      order by run.job desc, run.started_at limit 1
    ) tick on true
    where ${isOver(sql, now)}
    group by slot.job
    order by slot.job
  `
}

/** Of the row `slot`. */
const isOver = (sql: Sql, now: Date) =>
  sql`(slot.state in ('served', 'failed', 'missed') or (slot.state = 'due' and slot.deadline_at <= ${now}))`

const since = (now: Date) => new Date(now.getTime() - WORD_DAYS * DAY_MS)
