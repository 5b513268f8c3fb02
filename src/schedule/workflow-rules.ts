// The house's rules for workflow files, as pure functions of their text. GitHub accepts what these refuse; they are what
// the platform's facts, and the nights of others, have taught.

import { Temporal } from 'temporal-polyfill'

import { isZone } from '../core/zone.ts'
import { checkBranches } from './branch-rules.ts'
import { checkCron, parseCron } from './cron-dialect.ts'
import { checkConcurrency } from './group-rules.ts'
import { checkActionInstalls, checkSecrets } from './secret-rules.ts'
import { checkStep, checkUses } from './step-rules.ts'
import {
  jobsOf,
  nodeAt,
  parseYamlFile,
  textOf,
  textsOf,
  type Problem,
  type Report,
  type YamlFile,
} from './workflow-yaml.ts'

/** GitHub's schedules queue up at the hour and its quarters (documentation and support, see also va.gov-team#32702). */
const BUSY_MINUTES = [0, 15, 30, 45]
/** Clocks are moved between one and three at night, almost everywhere that moves them. */
const JUMPY_HOURS = [1, 2, 3]
const MAX_INPUTS = 25
/** Any instant will do: does the zone still move its clocks after it? */
const DAYLIGHT_SINCE = '2026-01-01T00:00Z'

const RULES: readonly ((yaml: YamlFile, report: Report) => void)[] = [
  checkPermissions,
  checkSchedule,
  checkWorkflowRun,
  checkInputCount,
  checkConcurrency,
  checkBranches,
  checkSecrets,
  checkJobs,
]

/** What is wrong with a workflow file by the house's own rules. `file` is only named, not read. */
export function workflowProblems(file: string, text: string): Problem[] {
  const yaml = parseYamlFile(file, text)
  const problems = [...yaml.problems]
  for (const rule of RULES) rule(yaml, (line, message) => problems.push({ file, line, message }))
  return problems
}

/** What is wrong with the steps of a composite action. */
export function actionProblems(file: string, text: string): Problem[] {
  const yaml = parseYamlFile(file, text)
  const problems = [...yaml.problems]
  const report: Report = (line, message) => problems.push({ file, line, message })
  for (const step of nodeAt(yaml.root, 'runs', 'steps')?.items ?? []) checkStep(yaml, step, report)
  checkActionInstalls(yaml, report)
  return problems
}

function checkPermissions(yaml: YamlFile, report: Report): void {
  const top = nodeAt(yaml.root, 'permissions')
  if (top?.kind !== 'map' || top.keys.size > 0)
    report(top?.line ?? 1, 'no "permissions: {}" on top; expected it, and each right at its job')
  for (const [name, job] of jobsOf(yaml)) {
    const rights = nodeAt(job, 'permissions')
    if (rights?.kind === 'scalar')
      report(rights.line, `job "${name}" has rights "${textOf(rights) ?? ''}"; expected each right by name`)
    for (const [right, node] of rights?.keys ?? []) {
      if (/#\s*\S/.test(yaml.lines[node.line - 1] ?? '')) continue
      report(node.line, `right "${right}" of job "${name}" has no reason; expected a comment behind it`)
    }
  }
}

function checkSchedule(yaml: YamlFile, report: Report): void {
  for (const item of nodeAt(yaml.root, 'on', 'schedule')?.items ?? []) {
    const cron = textOf(nodeAt(item, 'cron')) ?? ''
    if (!(yaml.lines[item.line - 2] ?? '').trim().startsWith('#')) {
      report(item.line, `cron "${cron}" has no comment above it; expected what it waits for`)
    }
    if (checkCron(cron) === undefined)
      checkTimes(cron, textOf(nodeAt(item, 'timezone')) ?? 'UTC', (message) => report(item.line, message))
    else report(item.line, checkCron(cron) ?? '')
  }
}

function checkTimes(cron: string, zone: string, say: (message: string) => void): void {
  const { minutes, hours } = parseCron(cron)
  const busy = minutes.filter((minute) => BUSY_MINUTES.includes(minute))
  const jumpy = hours.filter((hour) => JUMPY_HOURS.includes(hour))
  if (busy.length > 0)
    say(`cron "${cron}" is due at minute ${busy.join(', ')}, when everybody is; expected another, such as 7`)
  if (jumpy.length > 0 && hasDaylightSaving(zone)) {
    say(
      `cron "${cron}" is due at ${jumpy.join(', ')} at night in ${zone}, where clocks are moved then; expected another hour or UTC`,
    )
  }
  if (minutes.length * hours.length > 1 && zone !== 'UTC') {
    say(`cron "${cron}" is due several times a day in ${zone}; expected UTC, or one line for each time`)
  }
}

function hasDaylightSaving(zone: string): boolean {
  if (!isZone(zone)) return false // the catalog says so
  return Temporal.Instant.from(DAYLIGHT_SINCE).toZonedDateTimeISO(zone).getTimeZoneTransition('next') !== null
}

function checkWorkflowRun(yaml: YamlFile, report: Report): void {
  const node = nodeAt(yaml.root, 'on', 'workflow_run')
  if (node === undefined) return
  const types = textsOf(nodeAt(node, 'types')).map(({ text }) => text)
  if (types.join() !== 'completed')
    report(node.line, 'workflow_run without "types: [completed]"; expected it, or a parent wakes us three times')
}

function checkInputCount(yaml: YamlFile, report: Report): void {
  const inputs = nodeAt(yaml.root, 'on', 'workflow_dispatch', 'inputs')
  const count = inputs?.keys.size ?? 0
  if (count > MAX_INPUTS)
    report(inputs?.line ?? 1, `${count} dispatch inputs; expected at most ${MAX_INPUTS}, GitHub's limit`)
}

function checkJobs(yaml: YamlFile, report: Report): void {
  for (const [name, job] of jobsOf(yaml)) {
    const steps = nodeAt(job, 'steps')?.items ?? []
    if (steps.length > 0 && nodeAt(job, 'timeout-minutes') === undefined) {
      report(job.line, `job "${name}" has no timeout-minutes; expected one, GitHub's own is six hours`)
    }
    const secrets = nodeAt(job, 'secrets')
    if (secrets?.value === 'inherit') report(secrets.line, `job "${name}" inherits every secret; expected each by name`)
    checkUses(yaml, nodeAt(job, 'uses'), report)
    for (const step of steps) checkStep(yaml, step, report)
  }
}
