// What set-up says, in sentences: what is in order, and what is missing with the place to mend it. Pure.

import { CLOCK_DAYS } from '../core/windows.ts'
import { sayInstant } from '../core/wording.ts'
import type { Left } from '../ledger/left.ts'
import type { MigrationReport } from '../ledger/migrate.ts'
import type { OutsideClock } from '../ledger/outside-clock.ts'
import type { ScheduleChange } from '../ledger/schedules.ts'
import type { GithubFacts } from './github-facts.ts'

export interface Finding {
  readonly ok: boolean
  readonly sentence: string
}

/** In order. */
export const ok = (sentence: string): Finding => ({ ok: true, sentence })
/** Missing, with the place to mend it. */
export const missing = (sentence: string): Finding => ({ ok: false, sentence })

/** The database: migrated, and whose it is. */
export function adviseDatabase(report: MigrationReport, environment: string): Finding {
  const applied = report.applied.length === 0 ? 'was up to date' : `took ${report.applied.length} migrations`
  return ok(`The database ${applied}; it is at schema ${report.version} and belongs to ${environment}.`)
}

/** How this machine reaches the database. */
export interface Connection {
  /** The sslmode in force and what it means. */
  readonly tls: string
  /** Is it encrypted, as the server sees it? Undefined where the server cannot know. */
  readonly encrypted: boolean | undefined
  /** Parameters of the URL that mean nothing here. */
  readonly leftOut: readonly string[]
}

/** The connection: which sslmode is in force, and what of the URL was left out. */
export function adviseConnection({ tls, encrypted, leftOut }: Connection): Finding[] {
  const now =
    encrypted === undefined ? '' : encrypted ? ' This connection is encrypted.' : ' This connection is not encrypted.'
  const names = leftOut.join(', ')
  return [
    ok(`The connection to the database has ${tls}.${now}`),
    ...(names === '' ? [] : [ok(`Left out of DATABASE_URL, because they mean nothing to this driver or to the server: ${names}.`)]), // prettier-ignore
  ]
}

/** The schedule: which lines are in force now. */
export function adviseSchedule(change: ScheduleChange, expected: number): Finding {
  if (expected === 0)
    return missing('No cron line is in force: switch a league on with the repository variable LEAGUES.')
  const news =
    change.added.length + change.ended.length === 0
      ? 'nothing changed'
      : `${change.added.length} added, ${change.ended.length} ended`
  const back = change.returned === 0 ? '' : `, ${change.returned} that were waived wait again`
  return ok(`${expected} cron lines are in force (${news}; ${change.waived} slots waived${back}).`)
}

/** What was closed of jobs and sources that the code no longer has. */
export function adviseLeft(left: Left): Finding[] {
  const { requests, letters, overrides, breakers } = left
  const counts = [[requests, 'request'], [letters, 'dead letter'], [overrides, 'override'], [breakers, 'breaker']] as const // prettier-ignore
  const said = counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}${n === 1 ? '' : 's'}`)
  if (said.length === 0) return []
  return [ok(`Closed, of jobs and sources that this code no longer has: ${said.join(', ')}. Their past stays.`)]
}

/** GitHub's side: Pages, forks, disabled workflows. */
export function adviseGithub(facts: GithubFacts | { refusal: string } | undefined): Finding[] {
  if (facts === undefined) return [missing('Not on GitHub: Pages and the state of the workflows were not looked at.')]
  if ('refusal' in facts)
    return [missing(`GitHub would not tell about this repository: ${facts.refusal}. Give the job "actions: read".`)]
  return [
    // Nothing names the branch: only what stands outside this repository has to know it.
    ok(`The default branch is "${facts.defaultBranch}": its schedules, chains and merges count. An outside clock dispatches ops-watch.yml with {"ref":"${facts.defaultBranch}"}.`), // prettier-ignore
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

/** Who looks on a quiet day: an outside clock shows in the passes that it has started. */
export function adviseClock({ lastAt, days }: Pick<OutsideClock, 'lastAt' | 'days'>): Finding {
  if (lastAt) return ok(`Passes of ops-watch were started from outside on ${days} of the last ${CLOCK_DAYS} days, last at ${sayInstant(lastAt)}.`) // prettier-ignore
  return missing(
    `No outside clock started ops-watch in the last ${CLOCK_DAYS} days: a quiet day is only as punctual as GitHub's cron. README says how to add one.`,
  )
}
