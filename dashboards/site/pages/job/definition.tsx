// What is fixed about a job, and when it is due next.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobView } from '../../../../src/views/job/job.ts'
import { sayMs } from '../../kit/durations.ts'
import { JobName } from '../../kit/job-name.tsx'
import { Table } from '../../kit/table.tsx'
import { Instant, placeOf, Relative } from '../../kit/time.tsx'

export interface FactsProps {
  readonly site: ViewContext
  readonly view: JobView
  readonly root: string
}

const minutes = (number: number) => sayMs(number * 60_000)

export function Facts({ site, view, root }: FactsProps) {
  const { job } = view
  const needs = Object.entries(job.needs)
  return (
    <section>
      <h2>The job</h2>
      <dl class="facts tight">
        <dt>what</dt>
        <dd>{job.title}</dd>
        <dt>schedule</dt>
        <dd>
          <Lines view={view} />
        </dd>
        <dt>workflow</dt>
        <dd>
          <WorkflowFile site={site} file={job.workflow?.file} />
        </dd>
        <dt>grace</dt>
        <dd>{minutes(job.graceMinutes)}: later it counts as overdue, and is rescued</dd>
        <dt>deadline</dt>
        <dd>{minutes(job.deadlineMinutes)}: later a slot is missed</dd>
        <dt>retries</dt>
        <dd>
          of what may be temporary: three, half an hour apart, then ever more rarely until the deadline; of what is
          final: none
        </dd>
        <dt>needs</dt>
        <dd>
          {needs.length === 0 && 'nothing before it'}
          {needs.map(([parent, how], i) => (
            <>
              {i > 0 && ', '}
              <JobName site={site} root={root} job={parent} />
              {how === 'fresh' ? ' of the same slot' : ' (any success)'}
            </>
          ))}
        </dd>
        <dt>sources</dt>
        <dd>{job.sources.length === 0 ? 'none' : job.sources.join(', ')}</dd>
      </dl>
    </section>
  )
}

function Lines({ view }: Pick<FactsProps, 'view'>) {
  const lines = view.job.workflow?.schedules ?? []
  if (lines.length === 0) return <>none: it runs when somebody, or a request, starts it</>
  return (
    <>
      {lines.map(({ cron, zone }, i) => (
        <>
          {i > 0 && <br />}
          <code>{cron}</code> {placeOf(zone)}
        </>
      ))}
    </>
  )
}

function WorkflowFile({ site, file }: { site: ViewContext; file: string | undefined }) {
  if (file === undefined) return <>none in this checkout</>
  if (site.repositoryUrl === undefined) return <code>{file}</code>
  return (
    <a class="mono" href={`${site.repositoryUrl}/blob/${site.commit ?? 'HEAD'}/${file}`}>
      {file}
    </a>
  )
}

/** The next ten slots on three clocks; the script adds the reader's. */
export function NextRuns({ site, view }: Omit<FactsProps, 'root'>) {
  const places = [...new Set(view.next.map(({ zone }) => placeOf(zone)))]
  return (
    <section data-own-times data-due-list>
      <h2>When it is due next</h2>
      <Table
        caption="The next ten slots, by its cron lines"
        captionHidden
        columns={[
          {
            head: places.length === 1 ? (places[0] ?? '') : 'its own zone',
            cell: ({ dueAt, zone }) => <Instant at={dueAt} zone={zone} bare={places.length === 1} />,
            sort: ({ dueAt }) => dueAt.getTime(),
          },
          ...(places.length === 1 && places[0] === 'UTC'
            ? []
            : [
                {
                  head: 'UTC',
                  weight: 2 as const,
                  cell: ({ dueAt }: (typeof view.next)[number]) => <Instant at={dueAt} zone="UTC" bare />,
                  sort: ({ dueAt }: (typeof view.next)[number]) => dueAt.getTime(),
                },
              ]),
          {
            head: 'in',
            cell: ({ dueAt, outOfSeason }) =>
              outOfSeason ? <span class="faint">{outOfSeason}</span> : <Relative at={dueAt} now={site.now} />,
            sort: ({ dueAt }) => dueAt.getTime(),
          },
          { head: 'line', cell: ({ cron }) => <code>{cron}</code>, weight: 2 },
        ]}
        rows={view.next}
        empty="It has no cron line in this checkout: somebody, or a request, has to start it."
      />
      <p class="empty" data-due-passed hidden>
        The slots that stood here have passed since the page was built. Its cron lines say when the next one is.
      </p>
    </section>
  )
}
