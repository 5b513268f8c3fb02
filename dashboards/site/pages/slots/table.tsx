// The last slots as a table, and every day of the heatmap as a data file: the page's script puts into that table what its
// address asks for.

import { BEST_FIRST } from '../../../../src/core/slot-shown.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { SlotRow, SlotsView } from '../../../../src/views/slots/slots.ts'
import type { SiteFile } from '../../build.ts'
import { sayLateMinutes } from '../../kit/durations.ts'
import { JobName } from '../../kit/job-name.tsx'
import { runLink } from '../../kit/links.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { lookOf, State } from '../../kit/state.tsx'
import { Table } from '../../kit/table.tsx'
import { Instant, sayDay, sayTime, placeOf } from '../../kit/time.tsx'

/** Rows in the page itself, and of one job: what is due every five minutes is not to crowd out all others. */
const SHOWN = 200
const SHOWN_OF_A_JOB = 40

interface Props {
  readonly site: ViewContext
  readonly view: SlotsView
}

/** The newest slots first, with a form that asks for a job, a state or a day. */
export function LastSlots({ site, view }: Props) {
  const rows = newestOf(view.slots)
  return (
    <section
      aria-labelledby="table"
      class="last-slots"
      data-jobs={site.jobs.map(({ id }) => id).join(' ')}
      data-place={placeOf(site.zone)}
    >
      <h2 id="table">Slots</h2>
      <Filter view={view} />
      <p class="filtered" role="status" hidden />
      <Table
        caption={`The newest ${rows.length} slots, at most ${SHOWN_OF_A_JOB} of a job`}
        rows={rows}
        empty="No slot yet: cron lines make them once they are merged."
        columns={[
          { head: 'job', cell: ({ job }) => <JobName site={site} job={job} />, sort: ({ job }) => job },
          { head: 'due', cell: ({ dueAt, zone }) => <Instant at={dueAt} zone={zone} />, sort: ({ dueAt }) => dueAt.getTime() }, // prettier-ignore
          { head: 'state', cell: ({ state }) => <State state={state} />, sort: ({ state }) => state },
          {
            head: 'late',
            right: true,
            cell: ({ lateness }) => (lateness === undefined ? '' : sayLateMinutes(lateness)),
            sort: ({ lateness }) => lateness ?? -Infinity,
          },
          {
            head: 'run',
            cell: ({ runId }) => runId && <RunLink site={site} root="" id={runId} mono>{runId.slice(0, 8)}</RunLink>, // prettier-ignore
            weight: 2,
          },
          { head: 'reason', cell: ({ reason }) => reason, weight: 3 },
        ]}
      />
    </section>
  )
}

/** The newest first. */
function newestOf(slots: readonly SlotRow[]): SlotRow[] {
  const shown = new Map<string, number>()
  const isShown = ({ job }: SlotRow) => {
    const count = (shown.get(job) ?? 0) + 1
    shown.set(job, count)
    return count <= SHOWN_OF_A_JOB
  }
  return slots.toReversed().filter(isShown).slice(0, SHOWN)
}

/** Works by its address, so that what it shows can be linked to; the script shows it, for without one it filters nothing. */
function Filter({ view }: { view: SlotsView }) {
  return (
    <form class="filter" method="get" action="slots.html#table" hidden>
      <Choice name="job" all="every job" values={view.jobs} />
      <Choice name="state" all="every state" values={BEST_FIRST} />
      <label>
        day <input type="date" name="day" min={view.days[0]} max={view.days.at(-1)} />
      </label>
      <button>Show</button>
    </form>
  )
}

function Choice({ name, all, values }: { name: string; all: string; values: readonly string[] }) {
  return (
    <label>
      {name}{' '}
      <select name={name}>
        <option value="">{all}</option>
        {values.map((value) => (
          <option value={value}>{value}</option>
        ))}
      </select>
    </label>
  )
}

const LONGEST_REASON = 200

/** `data/slots/2026-11-19.js`: the day's slots, the newest first, as rows of what the table's cells say. */
export function toShards(site: ViewContext, { days, slots }: SlotsView): SiteFile[] {
  const byDay = new Map<string, SlotRow[]>(days.map((day) => [day, []]))
  for (const slot of slots) byDay.get(slot.day)?.push(slot)
  return days.map((day) => {
    const rows = (byDay.get(day) ?? []).toReversed().map((slot) => toShardRow(site, slot))
    return { path: `data/slots/${day}.js`, text: `matchday.shard(${JSON.stringify(`slots/${day}`)},${JSON.stringify(rows)})\n` } // prettier-ignore
  })
}

// As dashboards/site/client/slot-search.ts reads it.
function toShardRow(site: ViewContext, { job, dueAt, zone, state, lateness, runId, reason }: SlotRow) {
  const { glyph, tone } = lookOf(state)
  return [
    job,
    dueAt.toISOString(),
    `${sayDay(dueAt, zone)} ${sayTime(dueAt, zone)} ${placeOf(zone)}`,
    state,
    glyph,
    tone,
    lateness === undefined ? '' : sayLateMinutes(lateness),
    (runId !== undefined && runLink(site, '', runId)) || '',
    (reason ?? '').slice(0, LONGEST_REASON),
  ]
}
