// The registry of projection sources other than our own: a new one is a file and a line here.

import { fetchNflCom } from './nfl-com.ts'
import type { ProjectedLine, ProjectionRequest } from './types.ts'

/** By name. Each gives a week's expectations, or undefined while it has none; it throws SourceFailure or DataFailure. */
export const PROJECTION_SOURCES: Readonly<
  Record<string, (request: ProjectionRequest) => Promise<ProjectedLine[] | undefined>>
> = {
  'nfl-com': fetchNflCom,
}
