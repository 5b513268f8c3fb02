// What the schedule costs in minutes of GitHub Actions.

import { GOOD_RUN_DAYS } from '../../../../src/core/run.ts'
import { MONTH_DAYS } from '../../../../src/core/windows.ts'
import { count } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobMinutes } from '../../../../src/views/schedule/minutes.ts'
import type { ScheduleView } from '../../../../src/views/schedule/schedule.ts'
import { ShareBar } from '../../kit/share-bar.tsx'
import { Table, type Column } from '../../kit/table.tsx'

/** Included a month, of private repositories (docs.github.com, billing of Actions, read 2026-11). */
const FREE = 2_000
const TEAM = 3_000

export function Minutes({ view: { minutes } }: { site: ViewContext; view: ScheduleView }) {
  const most = Math.max(...minutes.jobs.map(({ aMonth }) => aMonth), 1)
  const columns: Column<JobMinutes>[] = [
    { head: 'job', cell: ({ job }) => job },
    {
      head: 'runs',
      cell: ({ runs }) => runs.toLocaleString('en-US'),
      sort: ({ runs }) => runs,
      right: true,
      weight: 2,
    },
    {
      head: 'minutes',
      cell: (job) => job.minutes.toLocaleString('en-US'),
      sort: (job) => job.minutes,
      right: true,
      weight: 2,
    },
    { head: `in ${MONTH_DAYS} days`, cell: ({ aMonth }) => say(aMonth), sort: ({ aMonth }) => aMonth, right: true },
    {
      head: 'compared',
      cell: ({ aMonth }) => (
        <div class="wide-bar">
          <ShareBar
            parts={[
              { value: aMonth, tone: 'ink' },
              { value: most - aMonth, tone: 'quiet' },
            ]}
          />
        </div>
      ),
    },
  ]
  return (
    <section id="minutes">
      <h2>Minutes of Actions</h2>
      <p class="lead">{sayForecast(minutes)}</p>
      <p class="small faint">
        From the runs of the last {count(Math.round(minutes.days), 'day')},{' '}
        {minutes.onGithub ? 'those on GitHub' : 'none of which was on GitHub, counted as if they had been'}. GitHub
        bills each rounded up to a minute, half a minute of set-up included. CI and the nightly build of this site come
        on top.
      </p>
      <Table
        caption="Minutes of Actions by job"
        captionHidden
        columns={columns}
        rows={minutes.jobs}
        empty="The first run makes a forecast possible."
      />
    </section>
  )
}

function sayForecast({ jobs, aMonth }: ScheduleView['minutes']): string {
  if (jobs.length === 0)
    return `Nothing has run in the last ${GOOD_RUN_DAYS} days, so there is nothing to foresee from.`
  const about = `About ${say(aMonth)} minutes in ${MONTH_DAYS} days`
  if (aMonth <= FREE)
    return `${about}: within the ${say(FREE)} that GitHub Free includes; public repositories pay none.`
  if (aMonth <= TEAM)
    return `${about}: more than the ${say(FREE)} of GitHub Free, within the ${say(TEAM)} of Pro and Team; public repositories pay none.`
  return `${about}: more than the ${say(TEAM)} that Pro and Team include; public repositories pay none.`
}

const say = (minutes: number) => Math.round(minutes).toLocaleString('en-US')
