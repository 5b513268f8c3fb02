// Where pages lie. A run has a page of its own while it is among the newest of its job; of an older one run.html tells what
// the history says.

import type { ViewContext } from '../../../src/views/context.ts'

/** The page of a run, from a page whose root is `root` (see rootOf). */
export function runLink(site: Pick<ViewContext, 'runsWithPages'>, root: string, runId: string): string {
  const hasPage = site.runsWithPages?.has(runId) ?? true
  return hasPage ? `${root}runs/${runId}.html` : `${root}run.html?id=${runId}`
}

/** The page of a job, from a page whose root is `root`. */
export function jobLink(root: string, job: string): string {
  return `${root}jobs/${job}.html`
}

/** The Actions page of a GitHub run's attempt, with its log; undefined where the repository is not known. */
export function actionsLink(
  site: Pick<ViewContext, 'repositoryUrl'>,
  github: { readonly runId: string; readonly attempt: number | undefined } | undefined,
): string | undefined {
  if (site.repositoryUrl === undefined || github === undefined) return undefined
  return `${site.repositoryUrl}/actions/runs/${github.runId}/attempts/${github.attempt ?? 1}`
}
