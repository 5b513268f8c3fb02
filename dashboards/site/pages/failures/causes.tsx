// Why runs failed: causes, the most frequent first, each with the runs behind it.

import { FAILURE_WEEKS } from '../../../../src/core/windows.ts'
import { count, firstSentence, sayCount } from '../../../../src/core/wording.ts'
import { Sparkline } from '../../kit/chart.tsx'
import { sayCode } from '../../kit/codes.ts'
import { JobName } from '../../kit/job-name.tsx'
import { shownOutcome } from '../../kit/outcome.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { State } from '../../kit/state.tsx'
import { When } from '../../kit/when.tsx'

import type { FailuresProps, Troubled } from './parts.ts'

export function Causes(props: FailuresProps) {
  const { site, view, root } = props
  const { groups, leftOut } = view.causes
  return (
    <section>
      <h2 id="causes">Why runs did not end well</h2>
      {groups.length === 0 && <p class="empty">Every run of the last {FAILURE_WEEKS} weeks ended well. Those that did not are grouped here by what they said.</p>}
      {groups.map((group) => (
        <details class="cause">
          <summary>
            <strong>{sayCount(group.runs)}</strong> {sayCause(group)}
            <Sparkline values={group.weeks} />
            <span class="where">
              {messageOf(group) !== '' && `${sayCode(group.code)} · `}
              {group.jobs.join(', ')} · newest <When at={group.newestAt} zone={site.zone} now={site.now} />
            </span>
          </summary>
          <p class="small faint">
            By week, oldest first: {group.weeks.join(', ')}. Of: {group.jobs.map((job, i) => <>{i > 0 && ', '}<JobName site={site} root={root} job={job} /></>)}.
          </p>
          <RunList {...props} runs={group.newest} all={group.runs} withMessage={group.differ} />
        </details>
      ))}
      {leftOut > 0 && <p class="faint">{count(leftOut, 'rarer cause')} stand in the ledger.</p>}
    </section>
  )
} // prettier-ignore

type Group = FailuresProps['view']['causes']['groups'][number]

const messageOf = ({ newest }: Group) => newest[0]?.message ?? ''

/** The newest message of a cause: `x answered 503, and similar`. */
export function sayCause(group: Group): string {
  const message = messageOf(group)
  if (message === '') return sayCode(group.code)
  return `${firstSentence(message, 110)}${group.differ ? ', and similar' : ''}`
}

export interface RunListProps extends FailuresProps {
  readonly runs: readonly Troubled[]
  /** How many there are in all. */
  readonly all: number
  readonly withMessage: boolean
}

/** The newest runs behind a number. */
export function RunList({ site, root, runs, all, withMessage }: RunListProps) {
  return (
    <ul class="runs">
      {runs.map(({ id, job, outcome, startedAt, attempt, code, message }) => (
        <li>
          <State state={shownOutcome(outcome)} />{' '}
          <RunLink site={site} root={root} id={id}>
            {job} <When at={startedAt} zone={site.zone} now={site.now} />
          </RunLink>
          {attempt > 1 && <span class="faint"> attempt {attempt}</span>}
          {withMessage && (
            <span class="small faint"> {message === '' ? sayCode(code) : firstSentence(message, 160)}</span>
          )}
        </li>
      ))}
      {all > runs.length && <li class="faint small">and {sayCount(all - runs.length)} older</li>}
    </ul>
  )
}
