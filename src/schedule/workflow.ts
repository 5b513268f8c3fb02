// One workflow file as a workflow: its name, what wakes it, and which scripts its steps run. Reading is strict for job
// workflows (they are the schedule) and asks of the others only a name.

import { isZone } from '../core/zone.ts'
import { checkCron } from './cron-dialect.ts'
import { nodeAt, textOf, textsOf, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

/** One cron line of a workflow. `line` is where it stands in the file. */
export interface Schedule {
  readonly cron: string
  readonly zone: string
  readonly line: number
}

type InputType = 'string' | 'boolean' | 'choice' | 'number' | 'environment'

/** One input of workflow_dispatch. */
export interface DispatchInput {
  readonly name: string
  readonly type: InputType
  readonly options: readonly string[]
  readonly line: number
}

/** A step that runs a script of this repository, with the job it is in. */
export interface ScriptStep {
  readonly script: string
  readonly line: number
  readonly job: YamlNode
}

export interface Workflow {
  readonly file: string
  readonly name: string
  readonly yaml: YamlFile
  /** The workflows whose end wakes this one, by name. */
  readonly runAfter: readonly { text: string; line: number }[]
  readonly scripts: readonly ScriptStep[]
}

const RUN_JOB = /^(\.|\$)\/\.github\/actions\/run-job$/
const INPUT_TYPES: readonly InputType[] = ['string', 'boolean', 'choice', 'number', 'environment']
const INPUT_KEYS = ['description', 'required', 'type', 'options', 'default']
const JOB_TRIGGERS = ['schedule', 'workflow_run', 'workflow_dispatch']

/** What every workflow has. A workflow without a name gets its path, as on GitHub. */
export function toWorkflow(yaml: YamlFile): Workflow {
  const jobs = [...(nodeAt(yaml.root, 'jobs')?.keys.values() ?? [])]
  return {
    file: yaml.file,
    name: textOf(nodeAt(yaml.root, 'name')) ?? yaml.file,
    yaml,
    runAfter: textsOf(nodeAt(yaml.root, 'on', 'workflow_run', 'workflows')),
    scripts: jobs.flatMap((job) => (nodeAt(job, 'steps')?.items ?? []).flatMap((step) => findScript(step, job))),
  }
}

/** Reports triggers that a job's workflow does not have: anything but the schedule, a chain and people. */
export function checkTriggers(workflow: Workflow, report: Report): void {
  const on = nodeAt(workflow.yaml.root, 'on')
  if (on?.kind !== 'map') {
    report(on?.line ?? 1, `"on" is not a map of triggers; expected ${JOB_TRIGGERS.join(', ')}`)
    return
  }
  for (const [name, node] of on.keys) {
    if (!JOB_TRIGGERS.includes(name))
      report(node.line, `trigger "${name}" in a job's workflow; expected only ${JOB_TRIGGERS.join(', ')}`)
  }
}

/** The cron lines of a job's workflow; what is wrong with one is reported and the line left out. */
export function readSchedules(workflow: Workflow, report: Report): Schedule[] {
  const node = nodeAt(workflow.yaml.root, 'on', 'schedule')
  if (node === undefined || node.items.length === 0) {
    const line = node?.line ?? nodeAt(workflow.yaml.root, 'on')?.line ?? 1
    report(line, 'no cron line; expected one at least, so that a lost event is always noticed')
    return []
  }
  const schedules = node.items.flatMap((item) => readSchedule(item, report) ?? [])
  schedules.forEach((schedule, index) => {
    const first = schedules.findIndex((other) => sameText(other.cron, schedule.cron))
    if (first === index) return
    const where = schedules[first]?.line ?? 0
    // github.event.schedule carries the string alone, so that two equal ones could not be told apart.
    report(
      schedule.line,
      `cron "${schedule.cron}" stands on line ${where} already; expected each cron string once in a file`,
    )
  })
  return schedules
}

/** The dispatch inputs of a job's workflow; what is not understood is reported. */
export function readInputs(workflow: Workflow, report: Report): DispatchInput[] {
  const node = nodeAt(workflow.yaml.root, 'on', 'workflow_dispatch', 'inputs')
  return [...(node?.keys ?? [])].flatMap(([name, input]) => readInput(name, input, report) ?? [])
}

/** How long the job may take. A job without a time-out would hold a runner for six hours. */
export function readTimeout(job: YamlNode, report: Report): number | undefined {
  const node = nodeAt(job, 'timeout-minutes')
  if (typeof node?.value === 'number' && Number.isInteger(node.value) && node.value > 0) return node.value
  const found = node === undefined ? 'the job has no timeout-minutes' : `timeout-minutes is "${textOf(node) ?? ''}"`
  report(node?.line ?? job.line, `${found}; expected a whole number of minutes`)
  return undefined
}

function findScript(step: YamlNode, job: YamlNode): ScriptStep[] {
  if (!RUN_JOB.test(textOf(nodeAt(step, 'uses')) ?? '')) return []
  const script = nodeAt(step, 'with', 'script')
  return [{ script: textOf(script) ?? '', line: script?.line ?? step.line, job }]
}

function readSchedule(item: YamlNode, report: Report): Schedule | undefined {
  const unknown = [...item.keys].filter(([key]) => key !== 'cron' && key !== 'timezone')
  for (const [key, node] of unknown) report(node.line, `"${key}" beside a cron line; expected cron and timezone only`)
  const cron = nodeAt(item, 'cron')?.value
  if (typeof cron !== 'string') {
    report(item.line, "a schedule without a cron line in quotes; expected such as - cron: '7 14 * * 2'")
    return undefined
  }
  const line = nodeAt(item, 'cron')?.line ?? item.line
  const wrong = checkCron(cron)
  if (wrong !== undefined) report(line, wrong)
  const zoneNode = nodeAt(item, 'timezone')
  const zone = zoneNode === undefined ? 'UTC' : (textOf(zoneNode) ?? '')
  // Intl also takes offsets such as +05:00, which are no IANA names.
  const known = /^[A-Za-z]/.test(zone) && isZone(zone)
  if (!known)
    report(zoneNode?.line ?? line, `time zone "${zone}" is unknown; expected an IANA name such as America/New_York`)
  return wrong === undefined && known ? { cron, zone, line } : undefined
}

function sameText(a: string, b: string): boolean {
  return a.toUpperCase().split(/ +/).join(' ') === b.toUpperCase().split(/ +/).join(' ')
}

function readInput(name: string, node: YamlNode, report: Report): DispatchInput | undefined {
  for (const [key, child] of node.keys) {
    if (!INPUT_KEYS.includes(key)) report(child.line, `"${key}" at input "${name}"; expected ${INPUT_KEYS.join(', ')}`)
  }
  const typeNode = nodeAt(node, 'type')
  const type = INPUT_TYPES.find((known) => known === (textOf(typeNode) ?? 'string'))
  if (type === undefined) {
    report(
      typeNode?.line ?? node.line,
      `input "${name}" has type "${textOf(typeNode) ?? ''}"; expected ${INPUT_TYPES.join(', ')}`,
    )
    return undefined
  }
  const options = textsOf(nodeAt(node, 'options')).map(({ text }) => text)
  if ((type === 'choice') !== options.length > 0) {
    report(
      node.line,
      `input "${name}" is a ${type} with ${options.length} options; expected options at a choice, and only there`,
    )
  }
  return { name, type, options, line: node.line }
}
