// What every part of the Failures page is given.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { FailuresView, TroubledRun } from '../../../../src/views/failures/failures.ts'

export interface FailuresProps {
  readonly site: ViewContext
  readonly view: FailuresView
  readonly root: string
}

export type Troubled = TroubledRun

/** Runs of a job that did not end well. */
export function troubledRuns({ ended }: FailuresView['jobs'][number]): number {
  const { failed = 0, abandoned = 0, cancelled = 0, partial = 0 } = ended
  return failed + abandoned + cancelled + partial
}

/** Runs of a job that ended, and were to do something. */
export function endedRuns({ ended }: FailuresView['jobs'][number]): number {
  return Object.values(ended).reduce((all, runs) => all + runs, 0)
}
