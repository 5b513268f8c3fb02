// A job by its name, which leads to its page. A job that has left the checkout has none, and its past is still told.

import type { ViewContext } from '../../../src/views/context.ts'

import { jobLink } from './links.ts'

export interface JobNameProps {
  readonly site: Pick<ViewContext, 'jobs'>
  readonly job: string
  /** The site's root as the page reaches it (see rootOf). */
  readonly root?: string
}

export function JobName({ site, job, root = '' }: JobNameProps) {
  return hasJobPage(site, job) ? <a href={jobLink(root, job)}>{job}</a> : <>{job}</>
}

export function hasJobPage({ jobs }: Pick<ViewContext, 'jobs'>, job: string): boolean {
  return jobs.some(({ id }) => id === job)
}
