// The registry of projection sources other than our own: a new one is a file and a line here. Each is loaded when it is asked.

import type { ProjectedLine, ProjectionRequest } from './types.ts'

type Fetch = (request: ProjectionRequest) => Promise<ProjectedLine[] | undefined>

/** By name. Each gives a week's expectations, or undefined while it has none; it throws SourceFailure or DataFailure. */
export const PROJECTION_SOURCES: Readonly<Record<string, Fetch>> = {
  'nfl-com': async (request) => (await import('./nfl-com.ts')).fetchNflCom(request),
}
