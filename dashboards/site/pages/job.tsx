// A job's page: how it is doing now, what it did, how long it takes, what it tried again, when it runs next. And the files
// that hold its older runs.

import type { ViewContext } from '../../../src/views/context.ts'
import type { JobView } from '../../../src/views/job.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Attempts } from '../kit/attempts.tsx'
import { LettersTable } from '../kit/dead-letters.tsx'
import { ActiveGauge } from '../kit/gauge.tsx'
import { Headline } from '../kit/headline.tsx'
import { Frame, rootOf } from '../kit/layout.tsx'
import { RunLink } from '../kit/run-link.tsx'
import { Instant, Relative } from '../kit/time.tsx'
import { sayWhen } from '../kit/when.tsx'

import { Facts, NextRuns } from './job/facts.tsx'
import { Gated, History, shardsOf } from './job/history.tsx'
import { sayStanding } from './job/sentence.ts'
import { Trends } from './job/trends.tsx'
import { indexFiles } from './run/older.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: JobView
  readonly root: string
  readonly zone: string
}

/** `jobs/<sport>/<name>.html` of every job, and `data/runs/…` with their older runs. */
export function renderJobs(site: ViewContext, views: readonly JobView[]): SiteFile[] {
  const pages = views.map((view) => {
    const path = `jobs/${view.job.id}.html`
    return toPage(path, <JobPage site={site} view={view} root={rootOf(path)} zone={zoneOf(view, site)} />)
  })
  const hasPage = (id: string) => site.runsWithPages?.has(id) ?? false
  const shards = views
    .filter(({ history }) => history.runs.some(({ id }) => !hasPage(id)))
    .flatMap((view) => shardsOf(view, hasPage).map((shard) => ({ ...shard, zone: zoneOf(view, site) })))
  const files = shards.map(({ path, rows }) => ({
    path: `data/${path}.js`,
    text: `matchday.shard(${JSON.stringify(path)}, ${JSON.stringify(rows)})\n`,
  }))
  return [...pages, ...files, ...indexFiles(shards)]
}

/** In which its schedule is written. */
function zoneOf({ standing, job }: JobView, site: ViewContext): string {
  return standing.today.slot?.zone ?? job.workflow?.schedules[0]?.zone ?? site.zone
}

function JobPage(props: Props) {
  const { site, view, root, zone } = props
  const { id } = view.job
  const { state, text } = sayStanding(view, site)
  const letters = view.letters
  return (
    <Frame site={site} path={`jobs/${id}.html`} title={id} description={text} zone={zone}>
      <div class="job-head">
        <div>
          <Headline state={state}>{text}</Headline>
          <Next {...props} />
          <Troubles {...props} />
        </div>
        <ActiveGauge running={view.standing.running.length} ended={endedToday(view)} />
      </div>
      <div class="columns">
        <Facts site={site} view={view} root={root} />
        <NextRuns site={site} view={view} />
      </div>
      <Trends site={site} view={view} root={root} zone={zone} />
      <History site={site} view={view} root={root} zone={zone} />
      <Retries {...props} />
      <section>
        <h2>Items that wait for another try</h2>
        <LettersTable site={site} root={root} zone={zone} job={id} count={letters.count} letters={letters.newest} />
      </section>
      <Gated site={site} view={view} zone={zone} />
    </Frame>
  )
}

function endedToday({ standing }: JobView): number {
  return Object.values(standing.endedToday).reduce((all, runs) => all + runs, 0)
}

function Next({ site, view }: Props) {
  const { next, nextWaived } = view.standing.today
  if (next) {
    return (
      <p class="lead">
        Next: <Instant at={next.dueAt} zone={next.zone} />, <Relative at={next.dueAt} now={site.now} />.
      </p>
    )
  }
  return <p class="lead">{nextWaived ? `Nothing is due next: ${nextWaived}.` : 'Nothing is due next: it has no cron line in force.'}</p> // prettier-ignore
}

function Troubles({ site, view, root, zone }: Props) {
  const { incidents, running } = view.standing
  return (
    <>
      {incidents.map(({ severity, title, detail, openedAt }) => (
        <p>
          <strong class={severity === 'critical' ? 'bad' : 'warn'}>
            {severity}: {title}
          </strong>{' '}
          {detail} <span class="faint">Open since {sayWhen({ at: openedAt, zone, now: site.now, placed: true })}.</span>
        </p>
      ))}
      {running.map(({ id, startedAt, progress }) => (
        <p>
          <RunLink site={site} root={root} id={id}>The run at work</RunLink> began <Relative at={startedAt} now={site.now} />
          {progress && `: ${progress.done.toLocaleString('en-US')} of ${progress.total.toLocaleString('en-US')} ${progress.unit}`}.
        </p>
      ))}
    </>
  )
} // prettier-ignore

function Retries({ site, view, root, zone }: Props) {
  return (
    <section>
      <h2>What it tried again</h2>
      {view.chains.length === 0 && <p class="empty">No run of the last year was tried again.</p>}
      <div class="columns">
        {view.chains.map((chain) => (
          <div>
            <h3>{chainTitle(chain, { site, zone })}</h3>
            <Attempts site={site} root={root} zone={zone} attempts={chain} />
          </div>
        ))}
      </div>
    </section>
  )
}

function chainTitle(chain: JobView['chains'][number], { site, zone }: Pick<Props, 'site' | 'zone'>): string {
  const due = chain.find(({ dueAt }) => dueAt)?.dueAt
  return due ? `Slot of ${sayWhen({ at: due, zone, now: site.now })}` : 'No slot'
}
