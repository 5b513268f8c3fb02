// What every view is told beside the database: the instant of the build, and what code and workflow files say of the jobs.

import type { AnyJob } from '../core/job.ts'
import type { LeagueSource } from '../core/league.ts'
import type { Period } from '../core/period.ts'
import type { CatalogJob } from '../schedule/catalog.ts'

/** A source that a league declares, with what may be shown of it. */
export type SourceTerms = Pick<LeagueSource, 'name' | 'terms'>

export interface ViewContext {
  /** The instant that the site shows: "now" on every page. */
  readonly now: Date
  readonly environment: string
  /** In the registry's order: parents before children. */
  readonly jobs: readonly ViewJob[]
  /** Of all leagues. */
  readonly sources: readonly SourceTerms[]
  /** `https://github.com/owner/name`, where it is known. */
  readonly repositoryUrl: string | undefined
  readonly commit: string | undefined
  /** Local times without a zone of their own are said in this one. */
  readonly zone: string
  /** Does anything on the site come from the simulator? */
  readonly simulated: boolean
  /** The runs that have a page of their own: see run-pages.ts. Undefined: not worked out yet. */
  readonly runsWithPages?: ReadonlySet<string>
  /** The runs that are told of on one page for all, those above among them; no other run can be linked to. */
  readonly runsTold?: ReadonlySet<string>
  /** The jobs whose errors pages may quote: see quoting.ts. Undefined: not worked out, all are. */
  readonly quotableJobs?: ReadonlySet<string>
}

/** A job as pages know it. */
export interface ViewJob {
  readonly id: string
  readonly league: string
  readonly title: string
  readonly graceMinutes: number
  readonly deadlineMinutes: number
  /** Job ids it needs, with how. */
  readonly needs: Readonly<Record<string, 'fresh' | 'any'>>
  readonly sources: readonly string[]
  /** What a slot due at an instant is about, of a job that runs only while its league has a season; undefined: it runs all
   *  year. */
  readonly seasonalPeriod: ((dueAt: Date) => Period) | undefined
  /** Undefined: no workflow of this checkout runs it. */
  readonly workflow: ViewWorkflow | undefined
}

export interface ViewWorkflow extends Pick<CatalogJob, 'file' | 'schedules' | 'timeoutMinutes'> {
  /** Lines of the file that the ledger does not hold anybody to: not registered yet, or of a league that is switched off. */
  readonly unregistered?: CatalogJob['schedules']
}

/** A job and its workflow as one; `isInForce` tells the lines that are registered. */
export function toViewJob(
  job: AnyJob,
  stated: CatalogJob | undefined,
  isInForce: (line: CatalogJob['schedules'][number]) => boolean = () => true,
): ViewJob {
  return {
    id: job.id,
    league: job.league,
    title: job.title,
    graceMinutes: job.graceMinutes,
    deadlineMinutes: job.deadlineMinutes,
    needs: job.needs,
    sources: job.sources ?? [],
    seasonalPeriod: job.seasonal ? (dueAt) => job.period(dueAt) : undefined,
    workflow: stated && {
      file: stated.file,
      schedules: stated.schedules.filter(isInForce),
      unregistered: stated.schedules.filter((line) => !isInForce(line)),
      timeoutMinutes: stated.timeoutMinutes,
    },
  }
}
