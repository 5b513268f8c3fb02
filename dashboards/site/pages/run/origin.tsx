// A run's facts in two columns: what it was for, and where it comes from.

import type { ComponentChildren } from 'preact'

import { sayLateness } from '../../../../src/core/wording.ts'
import type { RunView } from '../../../../src/views/run/run.ts'
import { sayMs } from '../../kit/durations.ts'
import { JobName } from '../../kit/job-name.tsx'
import { actionsLink } from '../../kit/links.ts'
import { shownOutcome } from '../../kit/outcome.ts'
import { State } from '../../kit/state.tsx'
import { When } from '../../kit/when.tsx'

import type { Place } from './headline.ts'

export interface RunProps extends Place {
  readonly run: RunView
  readonly root: string
}

type Fact = readonly [name: string, value: ComponentChildren]

export function Facts(props: RunProps) {
  return (
    <div class="columns">
      <FactList facts={purpose(props)} />
      <FactList facts={origin(props)} />
    </div>
  )
}

function FactList({ facts }: { facts: readonly (Fact | undefined)[] }) {
  return (
    <dl class="facts tight">
      {facts.map(
        (fact) =>
          fact && (
            <>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </>
          ),
      )}
    </dl>
  )
}

function purpose({ run, root, site, zone }: RunProps): (Fact | undefined)[] {
  const { slot } = run
  const when = (at: Date) => <When at={at} zone={zone} now={site.now} placed />
  return [
    ['job', <JobName site={site} root={root} job={run.job} />],
    ['outcome', <State state={shownOutcome(run.outcome)} />],
    ['slot', slot ? when(slot.dueAt) : 'none'],
    slot && ['lateness', sayLateness(run.startedAt.getTime() - slot.dueAt.getTime())],
    slot?.now && ['the slot now', saySlot(slot.now)],
    ['period', run.period ?? 'none'],
    ['started', when(run.startedAt)],
    run.finishedAt && ['ended', when(run.finishedAt)],
    ['took', sayMs(run.durationMs)],
    run.reason !== undefined && run.outcome !== 'running' ? ['reason', run.reason] : undefined,
  ]
}

function saySlot({ state, tries }: NonNullable<NonNullable<RunView['slot']>['now']>): string {
  return tries === 0 ? state : `${state}, after ${tries} failed ${tries === 1 ? 'try' : 'tries'}`
}

function origin({ run, site }: RunProps): (Fact | undefined)[] {
  const { request } = run
  const actions = actionsLink(site, run.github)
  const attempts = Math.max(run.attempt, ...chainOf(run).map(({ attempt }) => attempt))
  return [
    ['woken by', run.trigger],
    request && ['request', `${request.kind}: ${request.reason}${request.actor ? `, asked by ${request.actor}` : ''}`],
    ['attempt', `${run.attempt} of ${attempts}`],
    ['environment', run.environment],
    run.actor !== undefined ? ['who', run.actor] : undefined,
    run.commit !== undefined ? ['commit', <Commit url={site.repositoryUrl} commit={run.commit} />] : undefined,
    actions !== undefined ? ['log', <a href={actions}>on GitHub Actions</a>] : undefined,
    run.cpuMs !== undefined ? ['processor', sayMs(run.cpuMs)] : undefined,
    run.peakMemoryBytes !== undefined
      ? ['memory', `${Math.round(run.peakMemoryBytes / 1024 ** 2)} MiB at most`]
      : undefined,
    run.simulated ? ['simulated', 'yes: nothing here happened in a real league'] : undefined,
    run.dryRun ? ['dry run', 'yes: everything was rolled back'] : undefined,
    ['run', <code>{run.id}</code>],
  ]
}

function Commit({ url, commit }: { url: string | undefined; commit: string }) {
  const short = commit.slice(0, 10)
  return url === undefined ? <code>{short}</code> : <a class="mono" href={`${url}/commit/${commit}`}>{short}</a> // prettier-ignore
}

/** The runs of a run's own chain: tries of one thing by one job, linked by what they try again. */
export function chainOf(run: RunView): RunView['family'] {
  const own = run.family.filter(({ job }) => job === run.job)
  const linked = new Set([run.id])
  for (let size = 0; size !== linked.size;) {
    size = linked.size
    for (const { id, retryOf } of own) {
      if (retryOf !== undefined && (linked.has(id) || linked.has(retryOf))) linked.add(id).add(retryOf)
    }
  }
  return own.filter(({ id }) => linked.has(id))
}
