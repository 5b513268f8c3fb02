import { LOST, SERVED, type SlotShown } from '../../../../src/core/slot-shown.ts'
// Below today: what is open, how old the data is, and how the schedule kept its word.

import { CRON_DAYS, GAP_MINUTES, WORD_DAYS } from '../../../../src/core/windows.ts'
import { sayCount, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { OverviewView } from '../../../../src/views/overview/overview.ts'
import { sayShare } from '../../kit/numbers.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { State } from '../../kit/state.tsx'
import { Instant, Relative } from '../../kit/time.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: OverviewView
}

/** Open incidents with their detail, or since when there is none. */
export function Incidents({ site, view: { incidents, wellSince, pauses } }: Props) {
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">Open incidents</h2>
      {incidents.length === 0 && (
        <p>
          None
          {wellSince ? (
            <>
              {' '}
              since <Instant at={wellSince} zone={site.zone} />
            </>
          ) : (
            ' yet'
          )}
          .
        </p>
      )}
      {incidents.map(({ severity, title, detail, openedAt, acknowledged, runId }) => (
        <article class="incident">
          <p>
            <State state={severity === 'critical' ? 'failed' : severity === 'warning' ? 'late' : 'waiting'} wordless />
            <strong>{severity}</strong>{' '}
            {runId ? (
              <RunLink site={site} root="" id={runId}>
                {title}
              </RunLink>
            ) : (
              title
            )}
          </p>
          <p class="faint">
            {detail} Open since <Instant at={openedAt} zone={site.zone} />
            {acknowledged && `; ${acknowledged.by} looks after it`}.
          </p>
        </article>
      ))}
      {pauses.map(({ job, reason, until }) => (
        <p>
          <State state="gated" wordless />
          {job === '*' ? 'Every job' : job} is paused until <Instant at={until} zone={site.zone} />: {reason}
        </p>
      ))}
    </section>
  )
}

/** How old each data set is. */
export function DataAsOf({ site, view: { dataSets } }: Props) {
  return (
    <section aria-labelledby="data">
      <h2 id="data">Data as of</h2>
      <dl class="facts short">
        {dataSets.map(({ name, changedAt, checkedAt }) => (
          <>
            <dt>{name}</dt>
            <dd>
              {changedAt ? <Relative at={changedAt} now={site.now} /> : <span class="faint">nothing yet</span>}
              {checkedAt && changedAt && checkedAt.getTime() - changedAt.getTime() > 60 * 60_000 && (
                <span class="faint">
                  , checked <Relative at={checkedAt} now={site.now} />
                </span>
              )}
            </dd>
          </>
        ))}
      </dl>
    </section>
  )
}

const SHARES = [...SERVED, ...LOST]

/** The last WORD_DAYS: shares of slots, GitHub's cron alone, the worst gap, the error budget. */
export function WordKept({ site, view: { word, worstGap } }: Props) {
  return (
    <section aria-labelledby="word">
      <h2 id="word">Word kept ({WORD_DAYS} days)</h2>
      {word.slots === 0 ? (
        <p class="empty">No slot has ended yet: shares appear with the first one.</p>
      ) : (
        <dl class="facts short">
          {SHARES.filter((state) => isWorthSaying(state, word.byState[state])).map((state) => (
            <>
              <dt>
                <State state={state} />
              </dt>
              <dd>
                {sayShare((word.byState[state] ?? 0) / word.slots)}{' '}
                <span class="faint">
                  {sayCount(word.byState[state] ?? 0)} of {sayCount(word.slots)}
                </span>
              </dd>
            </>
          ))}
          <dt>GitHub’s cron alone</dt>
          <dd>
            {word.judged === 0 ? (
              <span class="faint">known once a deadline is over</span>
            ) : (
              <>
                {sayShare(word.cronInTime / word.judged)}{' '}
                <span class="faint">
                  <a href="slots.html#cron">in time</a>, {sayCount(word.cronInTime)} of {sayCount(word.judged)} in{' '}
                  {CRON_DAYS} days
                </span>
              </>
            )}
          </dd>
          <dt>Worst wake-up gap</dt>
          <dd>
            {worstGap ? (
              <>
                <a href="slots.html#gaps">{sayMinutes(Math.round(worstGap.minutes))}</a>{' '}
                <span class="faint">
                  from <Instant at={worstGap.beganAt} zone={site.zone} />
                </span>
              </>
            ) : (
              `none of more than ${GAP_MINUTES} m`
            )}
          </dd>
        </dl>
      )}
    </section>
  )
}

/** None missed is worth saying; none partial is not. */
function isWorthSaying(state: SlotShown, count: number | undefined): boolean {
  return (count ?? 0) > 0 || state === 'on time' || state === 'late' || state === 'rescued' || state === 'missed'
}
