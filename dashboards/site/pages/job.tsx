// A job's page: how it is doing now, what it did, how long it takes, what it tried again, when it runs next. And the files
// that hold its older runs.

import { count } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { JobView } from '../../../src/views/job/job.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Attempts } from '../kit/attempts.tsx'
import { LettersTable } from '../kit/dead-letters.tsx'
import { Headline } from '../kit/headline.tsx'
import { Frame, rootOf } from '../kit/layout.tsx'
import { RunLink } from '../kit/run-link.tsx'
import { Instant, placeOf, Relative } from '../kit/time.tsx'
import { sayWhen } from '../kit/when.tsx'

import { Facts, NextRuns } from './job/definition.tsx'
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
    return toPage(path, <JobPage site={site} view={view} root={rootOf(path)} zone={view.zone} />)
  })
  const hasPage = (id: string) => site.runsWithPages?.has(id) ?? false
  const shards = views
    .filter(({ history }) => history.runs.some(({ id }) => !hasPage(id)))
    .flatMap((view) => shardsOf(view, hasPage).map((shard) => ({ ...shard, zone: view.zone })))
  const files = shards.map(({ path, rows }) => ({
    path: `data/${path}.js`,
    text: `matchday.shard(${JSON.stringify(path)}, ${JSON.stringify(rows)})\n`,
  }))
  return [...pages, ...files, ...indexFiles(shards)]
}

function JobPage(props: Props) {
  const { site, view, root, zone } = props
  const { id } = view.job
  const { state, text } = sayStanding(view, site)
  const letters = view.letters
  return (
    <Frame site={site} path={`jobs/${id}.html`} title={id} description={text} zone={zone}>
      <Headline state={state}>{text}</Headline>
      <Next {...props} />
      <p class="faint">{sayToday(view, site)}</p>
      <Troubles {...props} />
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

/** `Today: 3 runs ended, 1 failed, none running.` A day of the site's, which is said where the page has another clock. */
function sayToday({ standing: { endedToday, running }, zone }: JobView, site: ViewContext): string {
  const { failed = 0, abandoned = 0, cancelled = 0, partial = 0 } = endedToday
  const ended = Object.values(endedToday).reduce((all, runs) => all + runs, 0)
  const bad = failed + abandoned + cancelled
  const parts = [
    ended === 0 ? 'no run ended' : `${count(ended, 'run')} ended`,
    ...(bad > 0 ? [`${bad.toLocaleString('en-US')} failed`] : []),
    ...(partial > 0 ? [`${partial.toLocaleString('en-US')} in part`] : []),
    running.length === 0 ? 'none running' : `${running.length} running`,
  ]
  return `Today${zone === site.zone ? '' : ` (${placeOf(site.zone)})`}: ${parts.join(', ')}.`
}

function Next({ site, view }: Props) {
  const { next, nextWaived } = view.standing.today
  if (next) {
    return (
      <p class="lead" data-due-next>
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
