// The Overview: the answer in the first line, the five questions without scrolling, the account below.

import type { ViewContext } from '../../../src/views/context.ts'
import type { OverviewView } from '../../../src/views/overview/overview.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Headline } from '../kit/headline.tsx'
import { Frame } from '../kit/layout.tsx'
import { Instant, Relative } from '../kit/time.tsx'

import { DataAsOf, Incidents, WordKept } from './overview/account.tsx'
import { Answers } from './overview/answers.tsx'
import { Objectives } from './overview/objectives.tsx'
import { Today } from './overview/today.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: OverviewView
}

/** `index.html`. */
export function renderOverview(site: ViewContext, view: OverviewView): SiteFile[] {
  const page = (
    <Frame site={site} path="index.html" title="Overview" description={view.headline.sentence}>
      <FirstLine site={site} view={view} />
      <Answers site={site} view={view} />
      <div class="overview">
        <div>
          <Today site={site} rows={view.today} />
          <Objectives objectives={view.objectives} />
        </div>
        <div class="columns account">
          <Incidents site={site} view={view} />
          <WordKept site={site} view={view} />
          <DataAsOf site={site} view={view} />
        </div>
      </div>
    </Frame>
  )
  return [toPage('index.html', page)]
}

/** Where all troubles of a kind stand. */
const WHERE = { incidents: '#incidents', 'late slots': 'slots.html', 'lost slots': '#today' } as const

function FirstLine({ site, view }: Props) {
  const { state, sentence, detail, others, kind } = view.headline
  const [next] = view.coming
  return (
    <>
      <Headline state={state} answers="fine">
        {sentence}
        {next && detail === '' && (
          <>
            {' '}
            Next:{' '}
            <span class="next-up">
              {next.job}, <Instant at={next.dueAt} zone={next.zone} />, <Relative at={next.dueAt} now={site.now} />
            </span>
            .
          </>
        )}
      </Headline>
      {(detail !== '' || others > 0) && (
        <p class="lead">
          {detail}
          {kind && others > 0 && (
            <>
              {' '}
              <a href={WHERE[kind]}>
                And {others} more {others === 1 ? 'trouble' : 'troubles'}.
              </a>
            </>
          )}
        </p>
      )}
      <Paused site={site} view={view} />
    </>
  )
}

/** What is not to run now is no trouble, and not nothing either: nor is what it will cost. */
function Paused({ site, view: { pauses, late } }: Props) {
  if (pauses.length === 0) return null
  return (
    <p>
      Paused:{' '}
      {pauses.map(({ job, until }, i) => (
        <>
          {i > 0 && ', '}
          <a href="#incidents">{job === '*' ? 'every job' : job}</a> until <Instant at={until} zone={site.zone} />
        </>
      ))}
      .
      {late.slots.map(({ job, dueAt, deadlineAt, zone, heldBy }) =>
        heldBy?.by === 'pause' && heldBy.until > deadlineAt ? (
          <>
            {' '}
            Unless it is resumed, {job} misses its slot of <Instant at={dueAt} zone={zone} /> at{' '}
            <Instant at={deadlineAt} zone={zone} />.
          </>
        ) : null,
      )}
    </p>
  )
}
