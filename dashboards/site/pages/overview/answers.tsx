// The four short answers under the first line: what is late, what failed and why, what runs next, how good the predictions
// are. Always in sight, however many jobs there are.

import type { ComponentChildren } from 'preact'

import { sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { OverviewView } from '../../../../src/views/overview/overview.ts'
import type { LeagueScore } from '../../../../src/views/overview/season-score.ts'
import { JobName } from '../../kit/job-name.tsx'
import { sayBrier, sayShare } from '../../kit/numbers.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { Instant, Relative } from '../../kit/time.tsx'

const SHOWN = 2

interface Props {
  readonly site: ViewContext
  readonly view: OverviewView
}

/** The strip of answers. */
export function Answers(props: Props) {
  return (
    <dl class="answers">
      <Answer to="late" question="Late">
        <Late {...props} />
      </Answer>
      <Answer to="failed" question="Failed">
        <Failed {...props} />
      </Answer>
      <Answer to="next" question="Next">
        <Next {...props} />
      </Answer>
      <Answer to="predictions" question="Predictions">
        <Predictions {...props} />
      </Answer>
    </dl>
  )
}

function Answer({ to, question, children }: { to: string; question: string; children: ComponentChildren }) {
  return (
    <div data-answers={to}>
      <dt>{question}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Late({ site, view: { late } }: Props) {
  if (late.count === 0) return <p>Nothing.</p>
  return (
    <>
      {late.slots.slice(0, SHOWN).map((slot) => (
        <p>
          <JobName site={site} job={slot.job} />, due <Instant at={slot.dueAt} zone={slot.zone} />,{' '}
          <Relative at={slot.dueAt} now={site.now} />
          <Hold slot={slot} />
        </p>
      ))}
      <More count={late.count - SHOWN} href="slots.html" />
    </>
  )
}

/** Why nothing starts it, or what was asked for it. */
function Hold({ slot: { heldBy, asked } }: { slot: OverviewView['late']['slots'][number] }) {
  if (heldBy?.by === 'pause') return <>: paused by {heldBy.actor}</>
  if (heldBy?.by === 'parents') return <>: waits for {heldBy.jobs.join(' and ')}</>
  return asked ? <>: {asked.kind} {asked.sentAt ? 'sent' : 'asked for'}</> : null // prettier-ignore
}

function Failed({ site, view: { failures, today } }: Props) {
  const open = failures.filter(({ slot }) => slot === 'open')
  const missed = today.flatMap(({ job, slot }) => (slot?.state === 'missed' ? [{ job, slot }] : []))
  const all = [
    ...missed.map(({ job, slot }) => (
      <p>
        <JobName site={site} job={job} /> missed <Instant at={slot.dueAt} zone={slot.zone} />:{' '}
        {slot.reason ?? 'its deadline passed'}
      </p>
    )),
    ...open.map((failure) => <Failure site={site} failure={failure} />),
  ]
  if (all.length === 0) {
    const [last] = failures
    return (
      <>
        <p>Nothing.</p>
        {last && <Failure site={site} failure={last} prefix="Last: " suffix={SINCE[last.slot]} />}
      </>
    )
  }
  return (
    <>
      {all.slice(0, SHOWN)}
      <More count={all.length - SHOWN} href="failures.html" of="in 7 days" />
    </>
  )
}

/** Why nobody waits for a failed run any more. */
const SINCE: Readonly<Record<OverviewView['failures'][number]['slot'], string>> = {
  open: '.',
  served: '; its slot was served since.',
  settled: '; its slot is not wanted any more.',
  none: '; it had no slot.',
}

interface FailureProps {
  readonly site: ViewContext
  readonly failure: OverviewView['failures'][number]
  readonly prefix?: string
  readonly suffix?: string
}

function Failure({ site, failure, prefix = '', suffix = '' }: FailureProps) {
  const { job, runId, finishedAt, error } = failure
  return (
    <p class={prefix && 'faint'}>
      {prefix}
      <RunLink site={site} root="" id={runId}>
        {job}
      </RunLink>{' '}
      <Relative at={finishedAt} now={site.now} />: {shorten(error)}
      {suffix}
    </p>
  )
}

const LONGEST = 90

function shorten(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line
}

/** More than is shown: the page's script moves on to what is still to come when the site is read (client/next.ts). */
function Next({ site, view: { coming, running } }: Props) {
  // What is due every five minutes is not to hide what else comes.
  const firsts = coming.filter(({ job }, i) => coming.findIndex((one) => one.job === job) === i).slice(0, SHOWN)
  return (
    <>
      {running.slice(0, SHOWN).map(({ job, runId }) => (
        <p>
          <RunLink site={site} root="" id={runId}>
            {job}
          </RunLink>{' '}
          is running
        </p>
      ))}
      {coming.map((slot) => (
        <p class="coming" hidden={!firsts.includes(slot)}>
          <JobName site={site} job={slot.job} /> <Relative at={slot.dueAt} now={site.now} />,{' '}
          <Instant at={slot.dueAt} zone={slot.zone} />
        </p>
      ))}
      {coming.length === 0 && (
        <p>
          {site.jobs.some(({ workflow }) => (workflow?.schedules.length ?? 0) > 0)
            ? 'Nothing soon: what is scheduled is waived or out of season.'
            : 'Nothing is scheduled: cron lines appear once they are merged.'}
        </p>
      )}
    </>
  )
}

function Predictions({ view: { scores } }: Props) {
  return (
    <>
      {scores.map((one) => (
        <Score {...one} />
      ))}
    </>
  )
}

function Score({ score, grader }: LeagueScore) {
  if (score === undefined) return <p>None graded yet: {grader} grades them when games are over.</p>
  const { league, season, games, modelAccuracy, marketAccuracy, modelBrier, marketBrier, prospective } = score
  return (
    <>
      <p>
        Model {sayShare(modelAccuracy)}, Brier {sayBrier(modelBrier)}
      </p>
      <p>
        Market {marketAccuracy === null ? '–' : sayShare(marketAccuracy)}, Brier {sayBrier(marketBrier)}
      </p>
      <p class="faint">
        <a href="predictions.html">
          {league} {season}, who wins, {sayCount(games)} games
        </a>
        {prospective < games && `, ${sayCount(games - prospective)} of them backfilled`}
      </p>
    </>
  )
}

function More({ count, href, of }: { count: number; href: string; of?: string }) {
  if (count <= 0) return null
  return (
    <p>
      <a href={href}>
        and {sayCount(count)} more{of && ` ${of}`}
      </a>
    </p>
  )
}
