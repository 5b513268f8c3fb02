// Job by job: the share of good runs by week, what failed, and how often a slot needed another try.

import { GOOD_RUN_DAYS } from '../../../../src/core/run.ts'
import { FAILURE_WEEKS } from '../../../../src/core/windows.ts'
import { count, sayCount } from '../../../../src/core/wording.ts'
import type { FailuresView } from '../../../../src/views/failures/failures.ts'
import { Sparkline } from '../../kit/chart.tsx'
import { hasJobPage, JobName } from '../../kit/job-name.tsx'
import { jobLink } from '../../kit/links.ts'
import { sayShare } from '../../kit/numbers.ts'
import { RateLine } from '../../kit/rate.tsx'
import { ShareBar } from '../../kit/share-bar.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { sayDay } from '../../kit/time.tsx'

import { RunList } from './causes.tsx'
import { endedRuns, troubledRuns, type FailuresProps } from './parts.ts'

type JobRow = FailuresView['jobs'][number]

/** Small multiples: one line a job, all on one scale. */
export function Rates({ site, view, root }: FailuresProps) {
  const jobs = view.jobs.filter((job) => endedRuns(job) > 0)
  const weeks = jobs[0]?.weeks.length ?? 0
  const ends = [sayWeek(new Date(site.now.getTime() - weeks * WEEK_MS), site), sayWeek(site.now, site)] as const
  return (
    <section>
      <h2 id="rates">How many runs end well, by job and week</h2>
      {jobs.length === 0 && <p class="empty">No run ended in the last {FAILURE_WEEKS} weeks.</p>}
      {jobs.length > 0 && <p>{sayAnswer(jobs)}</p>}
      <div class="multiples">
        {jobs.map((job) => (
          <figure>
            <figcaption>
              <JobName site={site} root={root} job={job.job} /> <span>{sayRate(job)}</span>
            </figcaption>
            <RateLine label={`${job.job}: ${sayRate(job)} over ${FAILURE_WEEKS} weeks`} weeks={job.weeks} ends={ends} />
          </figure>
        ))}
      </div>
      {jobs.length > 0 && (
        <p class="faint small">
          A week is seven days that end now. Runs without a slot, which a person started, count for {GOOD_RUN_DAYS}{' '}
          days: the good ones of them are not kept longer. Of a slot’s runs its slot remembers the one that served it.
        </p>
      )}
      {jobs.length > 0 && (
        <details>
          <summary>The numbers</summary>
          <Table
            caption="Runs that ended well of runs that ended, by week, the newest last"
            columns={[
              { head: 'job', cell: ({ job }: JobRow) => job },
              ...(jobs[0]?.weeks ?? []).map((_, i, weeks) => ({
                head: i === weeks.length - 1 ? 'now' : `−${weeks.length - 1 - i}`,
                right: true,
                cell: ({ weeks: own }: JobRow) => (own[i]?.runs ? `${own[i].good}/${own[i].runs}` : '–'),
                sort: ({ weeks: own }: JobRow) => (own[i]?.runs ? own[i].good / own[i].runs : -1),
              })),
            ]}
            rows={jobs}
            empty=""
          />
        </details>
      )}
    </section>
  )
}

const WEEK_MS = 7 * 24 * 60 * 60_000

const sayWeek = (at: Date, { zone }: Pick<FailuresProps['site'], 'zone'>) => sayDay(at, zone).slice(4)

/** `95.7 % of 2,483 runs ended well; least often those of nfl/predict, 81.0 % of 79.` */
function sayAnswer(jobs: readonly JobRow[]): string {
  const ended = jobs.reduce((all, job) => all + endedRuns(job), 0)
  const good = jobs.reduce((all, job) => all + (job.ended.succeeded ?? 0), 0)
  const shareOf = (job: JobRow) => (job.ended.succeeded ?? 0) / endedRuns(job)
  const [worst] = [...jobs].sort((a, b) => shareOf(a) - shareOf(b))
  const least = worst && jobs.length > 1 && good < ended ? `; least often those of ${worst.job}, ${sayRate(worst)}` : ''
  return `${sayShare(good / ended)} of ${count(ended, 'run')} ended well${least}.`
}

function sayRate(job: JobRow): string {
  const ended = endedRuns(job)
  return `${sayShare((job.ended.succeeded ?? 0) / ended)} of ${sayCount(ended)}`
}

export function FailedJobs(props: FailuresProps) {
  const jobs = props.view.jobs
    .filter((job) => troubledRuns(job) > 0 || job.missedSlots > 0)
    .sort((a, b) => troubledRuns(b) + b.missedSlots - troubledRuns(a) - a.missedSlots)
  const counted = (head: 'failed' | 'partial' | 'abandoned' | 'cancelled', weight: 2 | 3): Column<JobRow> => ({
    head,
    right: true,
    weight,
    cell: ({ ended }) => sayCount(ended[head] ?? 0),
    sort: ({ ended }) => ended[head] ?? 0,
  })
  return (
    <section>
      <h2 id="jobs">Jobs that failed</h2>
      <Table
        caption={`Runs that did not end well and slots that were missed, in ${FAILURE_WEEKS} weeks`}
        columns={[
          { head: 'job', cell: (job) => <Drill {...props} job={job} />, sort: ({ job }) => job },
          { head: 'not well', right: true, cell: (job) => sayCount(troubledRuns(job)), sort: troubledRuns },
          counted('failed', 2),
          counted('partial', 3),
          counted('abandoned', 3),
          counted('cancelled', 3),
          { head: 'missed slots', right: true, weight: 2, cell: ({ missedSlots }) => sayCount(missedSlots), sort: ({ missedSlots }) => missedSlots },
          { head: 'by week', weight: 2, cell: ({ weeks }) => <Sparkline values={weeks.map(({ runs, good }) => runs - good)} /> },
        ]}
        rows={jobs}
        empty={`No job failed, and no slot was missed, in the last ${FAILURE_WEEKS} weeks.`}
      />
    </section>
  )
} // prettier-ignore

function Drill(props: FailuresProps & { job: JobRow }) {
  const { site, job, root } = props
  return (
    <details>
      <summary>{job.job}</summary>
      <RunList {...props} runs={job.newest} all={troubledRuns(job)} withMessage />
      {hasJobPage(site, job.job) && (
        <p class="small">
          <a href={jobLink(root, job.job)}>Everything of {job.job}</a>
        </p>
      )}
    </details>
  )
}

const RETRY_COLUMNS = [
  ['none', 'no retry', 'good'],
  ['one', '1 retry', 'accent'],
  ['two', '2 retries', 'warn'],
  ['more', '3 or more', 'bad'],
  ['neverServed', 'tried, never served', 'ink'],
] as const

/** Bars of shares: how many slots needed how many more tries. */
export function RetryFrequency({ site, view, root }: FailuresProps) {
  const slotsOf = ({ retries }: JobRow) => Object.values(retries).reduce((all, slots) => all + slots, 0)
  const jobs = view.jobs.filter((job) => slotsOf(job) > 0)
  const all = jobs.reduce((sum, job) => sum + slotsOf(job), 0)
  const none = jobs.reduce((sum, { retries }) => sum + retries.none, 0)
  return (
    <section>
      <h2 id="retries">How often a slot needs another try</h2>
      {all > 0 && (
        <p>
          {sayShare(none / all)} of {count(all, 'slot')} that a run tried {all === 1 ? 'was' : 'were'} served without a retry.
        </p>
      )}
      <Table
        caption={`Slots of ${FAILURE_WEEKS} weeks by how many runs failed before one served them`}
        columns={[
          { head: 'job', cell: ({ job }) => <JobName site={site} root={root} job={job} />, sort: ({ job }) => job },
          {
            head: 'share of slots',
            cell: ({ retries }) => <ShareBar parts={RETRY_COLUMNS.map(([key, , tone]) => ({ value: retries[key], tone }))} />,
          },
          ...RETRY_COLUMNS.map(([key, head, tone], i): Column<JobRow> => ({
            head,
            right: true,
            weight: (i === 0 ? 1 : i === 1 || i === 4 ? 2 : 3),
            cell: ({ retries }: JobRow) => <span class={`swatch ${tone}`}>{sayCount(retries[key])}</span>,
            sort: ({ retries }: JobRow) => retries[key],
          })),
          { head: 'tried again', right: true, cell: (job) => sayShare(1 - job.retries.none / slotsOf(job)), sort: (job) => 1 - job.retries.none / slotsOf(job) },
        ]}
        rows={jobs}
        empty={`No slot ended in the last ${FAILURE_WEEKS} weeks.`}
      />
    </section>
  )
} // prettier-ignore
