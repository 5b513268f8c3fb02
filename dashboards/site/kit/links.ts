// Makes links between pages. A run has a page of its own while it is among the newest of its job; of an older one run.html tells what
// the history says; of one that retention removed there is only its slot.

import type { ViewContext } from '../../../src/views/context.ts'

/** The page of a run, from a page whose root is `root` (see rootOf); undefined where the site knows nothing of it. */
export function runLink(
  site: Pick<ViewContext, 'runsWithPages' | 'runsTold'>,
  root: string,
  runId: string,
): string | undefined {
  if (site.runsWithPages?.has(runId) ?? true) return `${root}runs/${runId}.html`
  return (site.runsTold?.has(runId) ?? true) ? `${root}run.html?id=${runId}` : undefined
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
