// What set-up says, in sentences: what is in order, and what is missing with the place to mend it. Pure.

import type { Catalog } from '../schedule/catalog.ts'
import type { MigrationReport } from '../ledger/migrate.ts'
import type { ScheduleChange } from '../ledger/schedules.ts'
import type { GithubFacts } from './github-facts.ts'

export interface Finding {
  readonly ok: boolean
  readonly sentence: string
}

const ok = (sentence: string): Finding => ({ ok: true, sentence })
const missing = (sentence: string): Finding => ({ ok: false, sentence })

/** The database: migrated, and whose it is. */
export function adviseDatabase(report: MigrationReport, environment: string): Finding {
  const applied = report.applied.length === 0 ? 'was up to date' : `took ${report.applied.length} migrations`
  return ok(`The database ${applied}; it is at schema ${report.version} and belongs to ${environment}.`)
}

/** The schedule: which lines are in force now. */
export function adviseSchedule(change: ScheduleChange, expected: number): Finding {
  if (expected === 0)
    return missing('No cron line is in force: switch a league on with the repository variable LEAGUES.')
  const news =
    change.added.length + change.ended.length === 0
      ? 'nothing changed'
      : `${change.added.length} added, ${change.ended.length} ended`
  return ok(`${expected} cron lines are in force (${news}; ${change.waived} slots waived).`)
}

/** GitHub's side: Pages, forks, disabled workflows. */
export function adviseGithub(facts: GithubFacts | { refusal: string } | undefined): Finding[] {
  if (facts === undefined) return [missing('Not on GitHub: Pages and the state of the workflows were not looked at.')]
  if ('refusal' in facts)
    return [missing(`GitHub would not tell about this repository: ${facts.refusal}. Give the job "actions: read".`)]
  return [
    facts.hasPages
      ? ok('Pages is on.')
      : missing('Pages is off: choose Settings → Pages → Source: GitHub Actions, or the site stays an artifact.'),
    ...(facts.fork
      ? [
          missing(
            'This is a fork, and GitHub starts forks with their schedules disabled: use the repository as a template instead.',
          ),
        ]
      : []),
    ...(facts.private
      ? []
      : [ok('The repository is public: everybody can read its logs, so no job prints a secret or licensed data.')]),
    ...facts.disabled.map(({ file, state }) =>
      missing(`${file} is ${state}: enable it in the Actions tab, or its slots will only be served by rescue.`),
    ),
  ]
}

/** What nobody can see from here. */
export function adviseNext(catalog: Catalog): Finding[] {
  const first = catalog.jobs.find((job) => job.parents.length === 0 && leadsSomewhere(job.id, catalog))
  return [
    missing(
      "An outside clock cannot be seen from here: without one, a quiet day is only as punctual as GitHub's cron. README says how to add one.",
    ),
    ...(first
      ? [ok(`To begin now: Actions → ${first.workflow} → Run workflow. What depends on it follows by itself.`)]
      : []),
  ]
}

/** Does the end of this job wake another? */
function leadsSomewhere(id: string, catalog: Catalog): boolean {
  return catalog.jobs.some((job) => job.parents.some((parent) => parent === id))
}
