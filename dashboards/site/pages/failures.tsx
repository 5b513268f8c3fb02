// The Failures page: what goes wrong, how often, why, and what was done and told about it.

import { FAILURE_WEEKS } from '../../../src/core/windows.ts'
import { count, firstSentence, sayCount } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { FailuresView } from '../../../src/views/failures/failures.ts'
import { toPage, type SiteFile } from '../build.ts'
import { sayCode } from '../kit/codes.ts'
import { LettersTable } from '../kit/dead-letters.tsx'
import { ActiveGauge } from '../kit/gauge.tsx'
import { Headline } from '../kit/headline.tsx'
import { JobName } from '../kit/job-name.tsx'
import { Frame, rootOf } from '../kit/layout.tsx'
import { actionsLink } from '../kit/links.ts'
import { sayShare } from '../kit/numbers.ts'
import { type ShownState } from '../kit/state.tsx'
import { Table } from '../kit/table.tsx'
import { When } from '../kit/when.tsx'
import { forbiddenBy } from '../sharing.ts'

import { Causes, sayCause } from './failures/causes.tsx'
import { OpenIncidents, PastIncidents } from './failures/incidents.tsx'
import { FailedJobs, Rates, RetryFrequency } from './failures/jobs.tsx'
import { endedRuns, troubledRuns, type FailuresProps } from './failures/parts.ts'

/** `failures.html`. */
export function renderFailures(site: ViewContext, view: FailuresView): SiteFile[] {
  const path = 'failures.html'
  const props = { site, view, root: rootOf(path) }
  const { state, text, detail } = sentenceOf(view)
  const page = (
    <Frame site={site} path={path} title="Failures" description={text}>
      <div class="gauged">
        <div>
          <Headline state={state}>{text}</Headline>
          <p class="lead">{detail}</p>
        </div>
        <ActiveGauge running={view.active.running} ended={view.active.ended} />
      </div>
      <OpenIncidents {...props} />
      <Causes {...props} />
      <FailedJobs {...props} />
      <Rates {...props} />
      <RetryFrequency {...props} />
      <Letters {...props} />
      <PastIncidents {...props} />
      <Ghosts {...props} />
    </Frame>
  )
  return [toPage(path, page)]
}

interface Sentence {
  readonly state: ShownState
  readonly text: string
  readonly detail: string
}

/** The worst that is open, or how well it went. */
function sentenceOf(view: FailuresView): Sentence {
  const { open } = view.incidents
  const ended = view.jobs.reduce((all, job) => all + endedRuns(job), 0)
  const troubled = view.jobs.reduce((all, job) => all + troubledRuns(job), 0)
  const missed = view.jobs.reduce((all, job) => all + job.missedSlots, 0)
  const [top] = view.causes.groups
  const often = top ? ` Most often: ${sayCause(top)} (${count(top.runs, 'time')}).` : ''
  const past =
    ended === 0
      ? `No run ended in the last ${FAILURE_WEEKS} weeks.`
      : `In ${FAILURE_WEEKS} weeks ${sayCount(troubled)} of ${count(ended, 'run')} did not end well (${sayShare(troubled / ended)}), and ${missed === 0 ? 'no slot' : count(missed, 'slot')} ${missed > 1 ? 'were' : 'was'} missed.${often}`
  const [worst] = open
  if (view.unseen !== undefined) return { state: 'late', text: view.unseen, detail: past }
  if (!worst && view.late > 0) return { state: 'late', text: `No incident is open, and ${count(view.late, 'slot')} ${view.late === 1 ? 'is' : 'are'} late.`, detail: past } // prettier-ignore
  if (!worst) return { state: 'on time', text: 'Nothing is wrong now.', detail: past }
  const state = worst.severity === 'critical' ? 'failed' : 'late'
  const more = open.length > 1 ? ` And ${count(open.length - 1, 'more open incident')}.` : ''
  return { state, text: `${endOf(worst.title)}${more}`, detail: past }
}

const endOf = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)

function Letters({ site, view, root }: FailuresProps) {
  const jobs = [...view.letters]
  return (
    <section>
      <h2 id="letters">Items that wait for another try</h2>
      {jobs.length === 0 && <p class="empty">No item waits. One that fails stays here until it is tried again with success, or dismissed.</p>}
      {jobs.map(([job, { count: all, newest }]) => (
        <details class="cause">
          <summary>
            <strong>{sayCount(all)}</strong> {job}
            <span class="where">
              newest <When at={newest[0]?.failedAt ?? site.now} zone={site.zone} now={site.now} />:{' '}
              {forbiddenBy(site, job).length === 0 ? firstSentence(newest[0]?.message ?? '', 110) : sayCode(newest[0]?.code ?? '')}
            </span>
          </summary>
          <LettersTable {...{ site, root, job }} zone={site.zone} count={all} letters={newest} />
        </details>
      ))}
    </section>
  )
} // prettier-ignore

/** Runs that never came as far as the ledger. */
function Ghosts({ site, view, root }: FailuresProps) {
  return (
    <section>
      <h2 id="ghosts">Runs that never began</h2>
      <Table
        caption="Runs that GitHub knows and the ledger does not"
        columns={[
          { head: 'created', cell: ({ createdAt }) => <When at={createdAt} zone={site.zone} now={site.now} />, sort: ({ createdAt }) => createdAt.getTime() },
          { head: 'of', cell: ({ job, file }) => (job === undefined ? file : <JobName site={site} root={root} job={job} />) },
          { head: 'conclusion', cell: ({ conclusion }) => conclusion.replaceAll('_', ' ') },
          { head: 'log', cell: ({ github }) => <LogLink href={actionsLink(site, github)} id={github.runId} /> },
        ]}
        rows={view.ghosts}
        empty={`Every run of the last ${FAILURE_WEEKS} weeks that GitHub began came as far as the ledger.`}
      />
    </section>
  )
} // prettier-ignore

/** Never an address that came from outside: where the repository is not known there is only the number. */
function LogLink({ href, id }: { href: string | undefined; id: string }) {
  return href === undefined ? <>run {id}</> : <a href={href}>on GitHub Actions</a>
}
