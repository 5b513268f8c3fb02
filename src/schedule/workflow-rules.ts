// The house's rules for workflow files, as pure functions of their text. GitHub accepts what these refuse; they are what
// the platform's facts, and the nights of others, have taught.

import { Temporal } from 'temporal-polyfill'

import { isZone } from '../core/zone.ts'
import { checkCron, parseCron } from './cron-dialect.ts'
import { checkStep, checkUses } from './step-rules.ts'
import {
  nodeAt,
  parseYamlFile,
  textOf,
  textsOf,
  type Problem,
  type Report,
  type YamlFile,
  type YamlNode,
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
  for (const step of nodeAt(yaml.root, 'runs', 'steps')?.items ?? []) {
    checkStep(yaml, step, (line, message) => problems.push({ file, line, message }))
  }
  return problems
}

/** Concurrency groups are shared by all workflows of a repository: two that begin alike cancel each other's runs. */
export function groupProblems(files: readonly YamlFile[]): Problem[] {
  const groups = files.flatMap((yaml) =>
    groupsOf(yaml).map((node) => ({ yaml, node, prefix: fixedPart(textOf(node) ?? '') })),
  )
  return groups.flatMap(({ yaml, node, prefix }, index) => {
    const first = groups.findIndex((other) => other.prefix === prefix)
    const taken = groups[first]
    if (prefix.includes('github.workflow') || first === index || taken === undefined) return []
    const message = `concurrency group "${prefix}" is that of ${taken.yaml.file} too; expected a name of its own`
    return [{ file: yaml.file, line: node.line, message }]
  })
}

function groupsOf(yaml: YamlFile): YamlNode[] {
  const owners = [yaml.root, ...jobsOf(yaml).map(([, job]) => job)]
  return owners.flatMap((owner) => {
    const node = nodeAt(owner, 'concurrency')
    return (node?.kind === 'map' ? nodeAt(node, 'group') : node) ?? []
  })
}

/** What of a group's name does not depend on the run, as GitHub compares it: case does not count. */
function fixedPart(group: string): string {
  const [fixed = ''] = group.split(/-?\$\{\{(?!\s*github\.workflow\s*\}\})/)
  return fixed.toLowerCase()
}

function jobsOf(yaml: YamlFile): [string, YamlNode][] {
  return [...(nodeAt(yaml.root, 'jobs')?.keys ?? [])]
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
  const branches = textsOf(nodeAt(node, 'branches')).map(({ text }) => text)
  if (types.join() !== 'completed')
    report(node.line, 'workflow_run without "types: [completed]"; expected it, or a parent wakes us three times')
  if (branches.join() !== 'main')
    report(node.line, 'workflow_run without "branches: [main]"; expected it, or any branch wakes us')
}

function checkInputCount(yaml: YamlFile, report: Report): void {
  const inputs = nodeAt(yaml.root, 'on', 'workflow_dispatch', 'inputs')
  const count = inputs?.keys.size ?? 0
  if (count > MAX_INPUTS)
    report(inputs?.line ?? 1, `${count} dispatch inputs; expected at most ${MAX_INPUTS}, GitHub's limit`)
}

function checkConcurrency(yaml: YamlFile, report: Report): void {
  const node = nodeAt(yaml.root, 'concurrency')
  if (nodeAt(node, 'group') === undefined)
    report(node?.line ?? 1, 'no concurrency group; expected one, with cancel-in-progress beside it')
  const cancel = nodeAt(node, 'cancel-in-progress')
  if (nodeAt(yaml.root, 'on', 'schedule') === undefined || cancel?.value === false) return
  report(
    cancel?.line ?? node?.line ?? 1,
    'a scheduled run may be cancelled by the next; expected cancel-in-progress: false',
  )
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
