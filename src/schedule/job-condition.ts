// The one form of `if:` that a job with a script or a secret has: the switch of its league, if it has one, and then where it may
// run, a clause for each event that wakes its workflow. No clause names a branch: a repository calls its default branch as it
// likes.
//
// GitHub's schedule is always the default branch's. Its payload long carried no `repository` (actions that compared with
// repository.default_branch skipped every scheduled run: ossf/scorecard-action#73, docker/metadata-action#184,
// letsencrypt/boulder#6209, github/codeql-action#1211), so that nothing is compared there. A workflow_run's own ref is the
// default branch whoever ran the parent; its head is the parent's.

import { findLeagueSwitch, SWITCH_FORM, type LeagueSwitch } from './league-switch.ts'
import { nodeAt, textOf, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

const ON_DEFAULT_BRANCH = `github.ref == format('refs/heads/{0}', github.event.repository.default_branch)`

/** By trigger, in this order. */
const CLAUSES: readonly (readonly [trigger: string, clause: string, withEnvironments?: string])[] = [
  ['schedule', `github.event_name == 'schedule'`],
  [
    'workflow_run',
    `github.event_name == 'workflow_run' && github.event.workflow_run.head_branch == github.event.repository.default_branch && github.event.workflow_run.head_repository.full_name == github.repository`,
  ],
  ['push', `github.event_name == 'push' && ${ON_DEFAULT_BRANCH}`],
  [
    'workflow_dispatch',
    `github.event_name == 'workflow_dispatch' && ${ON_DEFAULT_BRANCH}`,
    // A branch may be tried on the database of development; it never sees production's secret.
    `github.event_name == 'workflow_dispatch' && (inputs.environment == 'development' || ${ON_DEFAULT_BRANCH})`,
  ],
]

/** Of ops-watch alone, whose passes are no slots that somebody expects: where an outside clock asks, only one of its cron lines
 *  is run. */
const SPARING =
  /^(github\.event_name == 'schedule') && \(github\.event\.schedule == '([^']+)' \|\| vars\.OUTSIDE_CLOCK != 'true'\)(?= \|\||$)/

/** The cron line that is run although an outside clock asks; undefined: the condition spares none. */
export function findKeptLine(yaml: YamlFile, job: YamlNode): string | undefined {
  const [, , kept] = SPARING.exec(plain(textOf(nodeAt(job, 'if')) ?? '')) ?? []
  const lines = (nodeAt(yaml.root, 'on', 'schedule')?.items ?? []).map((item) => textOf(nodeAt(item, 'cron')))
  return yaml.file.endsWith('/ops-watch.yml') && lines.includes(kept) ? kept : undefined
}

/** The switch of a job's league; undefined without one. Reports a condition that is not of the form, or none at all. */
export function readCondition(yaml: YamlFile, job: YamlNode, report: Report): LeagueSwitch | undefined {
  const node = nodeAt(job, 'if')
  const [written, where] = [plain(textOf(node) ?? ''), whereOf(yaml)]
  const found = findKeptLine(yaml, job) === undefined ? written : written.replace(SPARING, '$1')
  if (found === where) return undefined
  const switchText = where !== '' && found.endsWith(` && (${where})`) ? found.slice(0, -` && (${where})`.length) : found
  const leagueSwitch = findLeagueSwitch(switchText)
  if (leagueSwitch !== undefined && switchText !== found) return leagueSwitch
  const said = node === undefined ? 'no "if:", so that any branch runs it' : `if: "${found}" is not where it may run`
  report(node?.line ?? job.line, `${said}; expected ${where}, behind ${SWITCH_FORM} && (...) where it has a league`)
  return leagueSwitch
}

/** Where a workflow's jobs may run, by what wakes it. */
function whereOf(yaml: YamlFile): string {
  const on = nodeAt(yaml.root, 'on')
  const environments = nodeAt(on, 'workflow_dispatch', 'inputs', 'environment') !== undefined
  return CLAUSES.filter(([trigger]) => on?.keys.has(trigger))
    .map(([, clause, withEnvironments]) => (environments ? (withEnvironments ?? clause) : clause))
    .join(' || ')
}

/** Lines and indents are for readers. */
function plain(condition: string): string {
  return condition
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\( | \)/g, (bracket) => bracket.trim())
}
