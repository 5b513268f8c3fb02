// Lists what is due in the coming days, line by line, as the workflow files say and the ledger knows better.

import type { Sql } from 'postgres'

import { instantAt } from '../../core/local-time.ts'
import { COMING_DAYS } from '../../core/windows.ts'
import { addDays, localDay } from '../../core/zone.ts'
import { dueBetween } from '../../schedule/cron.ts'
import type { ViewContext, ViewJob } from '../context.ts'
import { readOutOfSeason, type OutOfSeason } from '../out-of-season.ts'
import { slotReason } from '../quoting.ts'

/** A line that is due more often in a day has one entry a day. */
const MOST_A_DAY = 4

export interface AgendaEntry {
  readonly job: string
  /** The first, where there are several. */
  readonly dueAt: Date
  readonly lastAt: Date
  readonly count: number
  /** Of its cron line. */
  readonly zone: string
  /** What is known of it already: `waived: no games this week`, `served early`, `out of season until Thu 3 Sep 2026`. */
  readonly note: string | undefined
  /** Is somebody still to serve it? */
  readonly open: boolean
}

export interface AgendaDay {
  /** `YYYY-MM-DD` in the site's zone. */
  readonly day: string
  readonly entries: readonly AgendaEntry[]
}

/** What is left of today and the days after it, COMING_DAYS in all, in the site's zone, each with what is due; days without anything among
 *  them. */
export async function readAgenda(sql: Sql, site: ViewContext): Promise<AgendaDay[]> {
  const today = localDay(site.now, site.zone)
  // Days are counted on the calendar: some are an hour shorter or longer than others.
  const days = Array.from({ length: COMING_DAYS }, (_, i) => addDays(today, i))
  const until = new Date(instantAt(addDays(today, COMING_DAYS), '00:00', site.zone).getTime() - 1)
  const [notes, out] = await Promise.all([readNotes(sql, site, until), readOutOfSeason(sql, site)])
  const entries = site.jobs
    .flatMap((job) =>
      momentsOf(job, { from: site.now, until }).flatMap(({ zone, moments }) =>
        byDay(moments, site.zone).flatMap((due) => toEntries(due, { job, zone, notes, out })),
      ),
    )
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.job.localeCompare(b.job))
  return days.map((day) => ({
    day,
    entries: entries.filter(({ dueAt }) => localDay(dueAt, site.zone) === day),
  }))
}

/** What each line of a job names; a moment that two of them name is one slot, and the first one's. */
function momentsOf({ workflow }: ViewJob, { from, until }: { from: Date; until: Date }) {
  const seen = new Set<number>()
  return (workflow?.schedules ?? []).map((line) => {
    const moments = dueBetween(line, from, until).filter((at) => !seen.has(at.getTime()))
    for (const at of moments) seen.add(at.getTime())
    return { zone: line.zone, moments }
  })
}

function byDay(due: readonly Date[], zone: string): Date[][] {
  const days = new Map<string, Date[]>()
  for (const at of due) {
    const day = localDay(at, zone)
    const known = days.get(day)
    if (known) known.push(at)
    else days.set(day, [at])
  }
  return [...days.values()]
}

type Notes = ReadonlyMap<string, string>

interface Given {
  readonly job: ViewJob
  readonly zone: string
  readonly notes: Notes
  readonly out: OutOfSeason
}

function toEntries(due: readonly Date[], { job, zone, notes, out }: Given): AgendaEntry[] {
  // The season may open or close within a day.
  const inAndOut = [due.filter((at) => !out(job, at)), due.filter((at) => out(job, at))]
  const groups = inAndOut.flatMap((some) => (some.length > MOST_A_DAY ? [some] : some.map((at) => [at])))
  return groups.flatMap((group) => {
    const [dueAt, lastAt] = [group[0], group.at(-1)]
    if (dueAt === undefined || lastAt === undefined) return []
    const season = out(job, dueAt)
    const note = season ?? notes.get(keyOf(job.id, dueAt))
    const open = season === undefined && (group.length > 1 || note === undefined)
    return [{ job: job.id, zone, dueAt, lastAt, count: group.length, note, open }]
  })
}

const keyOf = (job: string, dueAt: Date) => `${job} ${dueAt.toISOString()}`

async function readNotes(sql: Sql, site: ViewContext, until: Date): Promise<Notes> {
  const rows = await sql<{ job: string; due_at: Date; state: string; reason: string | null }[]>`
    select job, due_at, state, ${slotReason(sql, site)} as reason from ledger.slots slot
    where due_at > ${site.now} and due_at <= ${until} and state <> 'due'
  `
  return new Map(
    rows.map(({ job, due_at, state, reason }) => {
      const said = state === 'served' ? 'served early' : reason ? `${state}: ${reason}` : state
      return [keyOf(job, due_at), said]
    }),
  )
}
