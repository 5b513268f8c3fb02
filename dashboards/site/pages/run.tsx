// A run's page reads like a report: what it came to, what it was for, what it did and for how long, what it left, what went
// wrong and what to do about it.

import { sayCount } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { RunView } from '../../../src/views/run/run.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Attempts } from '../kit/attempts.tsx'
import { firstWithin } from '../kit/budget.ts'
import { sayMs } from '../kit/durations.ts'
import { Headline } from '../kit/headline.tsx'
import { JobName } from '../kit/job-name.tsx'
import { Frame, rootOf } from '../kit/layout.tsx'
import { shownOutcome } from '../kit/outcome.ts'
import { RunLink } from '../kit/run-link.tsx'
import { State } from '../kit/state.tsx'
import { Table } from '../kit/table.tsx'
import { Waterfall } from '../kit/waterfall.tsx'
import { When } from '../kit/when.tsx'

import { Errors } from './run/errors.tsx'
import { headlineOf } from './run/headline.ts'
import { FailedItems, Items, Log, Notes, Tables } from './run/left.tsx'
import { renderGone, renderOlderRun } from './run/older.tsx'
import { chainOf, Facts, type RunProps } from './run/origin.tsx'
import { Credits, Withheld } from './run/terms.tsx'

/** Of a page, for its steps. */
const SPAN_BYTES = 200_000

/** `runs/<id>.html` of every run that has a page, and `run.html` and `404.html` for the others. */
export function renderRuns(site: ViewContext, runs: readonly RunView[]): SiteFile[] {
  const pages = runs.map((run) => {
    const path = `runs/${run.id}.html`
    const zone = run.slot?.now?.zone ?? site.zone
    return toPage(path, <RunPage site={site} run={run} root={rootOf(path)} zone={zone} />)
  })
  return [...pages, renderOlderRun(site), renderGone(site)]
}

function RunPage(props: RunProps) {
  const { site, run, zone } = props
  const headline = headlineOf(run, { site, zone })
  return (
    <Frame site={site} path={`runs/${run.id}.html`} title={`${run.job}, a run`} description={headline} zone={zone}>
      <Headline state={shownOutcome(run.outcome)}>{headline}</Headline>
      <Facts {...props} />
      <Errors {...props} />
      <Chain {...props} />
      <Spans {...props} />
      <Items run={run} />
      <FailedItems {...props} />
      <Log run={run} />
      <Tables {...props} />
      <Withheld {...props} />
      <Notes {...props} />
      <Family {...props} />
      <Credits {...props} />
    </Frame>
  )
}

function Chain({ site, run, root, zone }: RunProps) {
  const attempts = chainOf(run)
  const { retryOf } = run
  if (attempts.length < 2 && retryOf === undefined) return null
  return (
    <section>
      <h2>Attempts</h2>
      {retryOf !== undefined && !attempts.some(({ id }) => id === retryOf) && (
        <p class="faint">
          It tries again{' '}
          {run.retriedIsKept ? <RunLink site={site} root={root} id={retryOf}>an earlier run</RunLink> : 'a run that the ledger no longer keeps'}.
        </p>
      )}
      {attempts.length > 0 && <Attempts site={site} root={root} zone={zone} attempts={attempts} current={run.id} />}
    </section>
  )
} // prettier-ignore

function Spans({ run }: RunProps) {
  const spans = firstWithin(run.spans, SPAN_BYTES)
  const leftOut = run.spansLeftOut + run.spans.length - spans.length
  const longest = run.spans
    .filter(({ place }) => !run.spans.some(({ parent }) => parent === place))
    .sort((a, b) => b.durationMs - a.durationMs)[0]
  return (
    <section>
      <h2>What it did, and when</h2>
      {longest ? (
        <p>
          Longest: {longest.name}, {sayMs(longest.durationMs)}
          {run.durationMs
            ? `, ${Math.min(100, (100 * longest.durationMs) / run.durationMs).toFixed(1)} % of the run`
            : ''}
          .
        </p>
      ) : (
        <p class="empty">{run.outcome === 'running' ? 'Its steps are kept when it ends.' : 'It left no timed step.'}</p>
      )}
      {longest && <Waterfall spans={spans} totalMs={run.durationMs ?? 0} />}
      {leftOut > 0 && (
        <p class="faint small">
          {sayCount(leftOut)} {spans.length < run.spans.length ? 'other' : 'shorter'} steps are in the ledger.
        </p>
      )}
    </section>
  )
}

/** What else belongs to its story: parents, children. Its attempts stand above. */
function Family({ site, run, root, zone }: RunProps) {
  const attempts = new Set([run.id, ...chainOf(run).map(({ id }) => id)])
  const others = run.family.filter(({ id }) => !attempts.has(id))
  return (
    <section>
      <h2>What led to it, and what it led to</h2>
      <Table
        caption="Runs that led to this one, or that it led to"
        captionHidden
        columns={[
          { head: 'run', cell: ({ id, startedAt }) => <RunLink site={site} root={root} id={id}><When at={startedAt} zone={zone} now={site.now} /></RunLink>, sort: ({ startedAt }) => startedAt.getTime() },
          { head: 'job', cell: ({ job }) => <JobName site={site} root={root} job={job} /> },
          { head: 'ended', cell: ({ outcome }) => <State state={shownOutcome(outcome)} /> },
          { head: 'took', right: true, cell: ({ durationMs }) => sayMs(durationMs), sort: ({ durationMs }) => durationMs ?? '' },
          { head: 'woken by', cell: ({ trigger }) => trigger, weight: 2 },
        ]}
        rows={others}
        empty="No run of another job, or of another slot, led to this one or followed from it."
      />
    </section>
  )
} // prettier-ignore
