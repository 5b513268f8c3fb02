// The runs of a chain as a tree: each attempt below the one that it tries again.

import { firstSentence } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import { sayMs } from './durations.ts'
import { shownOutcome } from './outcome.ts'
import { RunLink } from './run-link.tsx'
import { State } from './state.tsx'
import { Tree } from './tree.tsx'
import { When } from './when.tsx'

export interface Attempt {
  readonly id: string
  readonly retryOf: string | undefined
  readonly attempt: number
  readonly outcome: string
  readonly trigger: string
  readonly startedAt: Date
  readonly durationMs: number | undefined
  readonly why?: string | undefined
}

export interface AttemptsProps {
  readonly site: ViewContext
  readonly root: string
  readonly zone: string
  readonly attempts: readonly Attempt[]
  /** The run whose page this is: it is no link there. */
  readonly current?: string
}

export function Attempts({ site, root, zone, attempts, current }: AttemptsProps) {
  const nodes = attempts.map((run) => ({
    id: run.id,
    parent: run.retryOf,
    content: (
      <>
        <State state={shownOutcome(run.outcome)} /> {run.id === current ? <strong>attempt {run.attempt}, this run</strong> : <RunLink site={site} root={root} id={run.id}>attempt {run.attempt}</RunLink>}{' '}
        <span class="faint">
          <When at={run.startedAt} zone={zone} now={site.now} />, by {run.trigger}
          {run.durationMs !== undefined && `, ${sayMs(run.durationMs)}`}
        </span>
        {run.why !== undefined && run.why !== '' && <span class="small faint"> {firstSentence(run.why, 110)}</span>}
      </>
    ), // prettier-ignore
  }))
  return <Tree nodes={nodes} />
}
