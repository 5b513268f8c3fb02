// What stories do to a repository (tests/helpers/repository.ts) beside GitHub's own ticks: an outside clock, people, runs
// from the Actions tab, and a schedule that begins at another time and place.

import type { AnyJob } from '../../src/core/job.ts'
import type { RawParams } from '../../src/core/params.ts'
import type { Trigger } from '../../src/core/run.ts'
import { needsOf, registerSchedules, type ScheduleChange } from '../../src/ledger/schedules.ts'
import type { RunReport, RunnerParts } from '../../src/runner/types.ts'

import { anOrigin, at, foreignProcess } from '../helpers/builders.ts'
import type { FakeRun } from '../helpers/github-shapes.ts'
import type { Repository } from '../helpers/repository.ts'

const MINUTE = 60_000

export const instantOf = (when: string | Date): Date => (typeof when === 'string' ? at(when) : when)
export const after = (when: string | Date, minutes: number): Date =>
  new Date(instantOf(when).getTime() + minutes * MINUTE)

/** A job with its cron lines and the zone that they are in. */
export interface Line {
  readonly job: AnyJob
  readonly cron: string
  readonly zone: string
}

export const in_ = (zone: string, job: AnyJob, ...cron: string[]): Line[] =>
  cron.map((line) => ({ job, cron: line, zone }))

/** The schedule becomes these lines. */
export async function merge(
  repository: Repository,
  lines: readonly Line[],
  { when, commit }: { when: string | Date; commit: string },
): Promise<ScheduleChange> {
  const all = lines.map(({ job, cron, zone }) => ({ job: job.id, cron, zone }))
  return await registerSchedules(repository.world.sql, {
    lines: all,
    needs: needsOf(lines.map(({ job }) => job)),
    commit,
    at: instantOf(when),
  })
}

/** Nothing has happened before this instant, and from then on these lines are in force. */
export async function beginAt(repository: Repository, when: string | Date, lines: readonly Line[]): Promise<void> {
  await repository.world.sql`truncate ledger.schedules cascade`
  await repository.runUntil(when)
  await merge(repository, lines, { when, commit: 'c0ffee' })
}

/** Dispatches ops-watch from outside, ten seconds past every so many minutes. */
export function outsideClock(repository: Repository, from: string | Date, until: string | Date, minutes = 5): void {
  const end = instantOf(until).getTime()
  for (let moment = instantOf(from).getTime() + 10_000; moment < end; moment += minutes * MINUTE)
    repository.at(new Date(moment), () => repository.pass())
}

export interface Wake {
  readonly trigger: Trigger
  readonly raw?: RawParams
  readonly parts?: Partial<RunnerParts>
}

/** A run of GitHub's that is neither a tick nor a dispatch of ours; what wakes the children is left to the story. */
export async function wakeNow(repository: Repository, job: AnyJob, wake: Wake): Promise<RunReport> {
  const event = { schedule: 'schedule', chain: 'workflow_run', manual: 'workflow_dispatch', rerun: 'schedule', request: 'workflow_dispatch' } // prettier-ignore
  const run =
    wake.trigger === 'rerun'
      ? againFromTheTab(repository, job)
      : repository.github.addRun({ workflow: fileOf(job), event: event[wake.trigger], status: 'in_progress' })
  const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: run.attempt, actor: 'ann' })
  const report = await repository.world.wake(job, repository.now(), { ...wake, parts: { origin, ...wake.parts } })
  repository.reports.push(report)
  run.status = 'completed'
  run.conclusion = 'success'
  return report
}

/** Plans what wakeNow does. */
export function wakeAt(repository: Repository, job: AnyJob, when: string | Date, wake: Wake): void {
  repository.at(when, () => wakeNow(repository, job, wake))
}

/** "Re-run all jobs" keeps the run's id and event and counts its attempt up. */
function againFromTheTab({ github }: Repository, job: AnyJob): FakeRun {
  const run = github.runs.find(({ workflow }) => workflow.file.endsWith(`/${fileOf(job)}`))
  if (run === undefined) throw new RangeError(`there is no run of ${job.id} to start again`)
  run.attempt += 1
  run.status = 'in_progress'
  return run
}

export const fileOf = (job: AnyJob): string => `${job.id.replace('/', '-')}.yml`

/** How often a job was dispatched. */
export function dispatchesOf({ github }: Repository, job: AnyJob): number {
  return github.dispatches.filter(({ workflow }) => workflow === fileOf(job)).length
}

/** Each run as `schedule succeeded`, a gated one as `schedule nothing_due`. */
export function sayRuns({ reports }: Repository, job?: AnyJob): string[] {
  return reports
    .filter((report) => job === undefined || report.job.id === job.id)
    .map(({ run, outcome, gate }) => `${run.trigger} ${gate?.code ?? outcome}`)
}

/** What people were told, as `failed warning`, in order: the cause and how grave it is now. */
export function sayTold({ told }: Repository, subject?: string): string[] {
  return told
    .filter(({ message }) => subject === undefined || message.incident.subject === subject)
    .map(({ message }) => `${message.incident.cause} ${message.health}`)
}
