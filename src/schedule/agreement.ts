// Compares what a workflow and its job each state: the chain and the needs, the dispatch
// inputs and the parameters, the league and its switch, the names. Pure; the files were read by the catalog.

import type { JobId } from '../core/job.ts'
import type { CatalogJob, CatalogReading, JobFacts } from './catalog.ts'
import { longestChainFrom, longestChainTo, MAX_HOPS } from './chains.ts'
import type { Problem, Report } from './workflow-yaml.ts'
import type { Workflow } from './workflow.ts'

/** Inputs that every job understands, as they are written in a workflow: `dry_run` is the parameter `dryRun` is the flag
 *  `--dry-run`. */
const COMMON_INPUTS = ['environment', 'dry_run', 'force', 'cascade', 'retry']
/** By this a run tells which request it answers: without it a dispatch whose answer was lost would run twice. */
const REQUEST_INPUT = 'request'
const SWITCHES = ['dry_run', 'force', 'cascade']
/** The pipeline of the house itself has no league that could be switched off. */
const ALWAYS_ON = 'ops'

interface Pair {
  readonly job: JobFacts
  readonly stated: CatalogJob
  readonly workflow: Workflow
}

/** Problems between the registered jobs and the workflows that were read. */
export function agreementProblems(reading: CatalogReading, jobs: readonly JobFacts[]): Problem[] {
  const problems = jobs.filter((job) => !hasWorkflow(job, reading.workflows)).map(missingWorkflow)
  for (const stated of reading.catalog.jobs) {
    const job = jobs.find(({ id }) => id === stated.id)
    const workflow = reading.workflows.find(({ file }) => file === stated.file)
    if (job === undefined || workflow === undefined) continue
    const report: Report = (line, message) => problems.push({ file: stated.file, line, message })
    const pair = { job, stated, workflow }
    checkNames(pair, report)
    checkParents(pair, reading, report)
    checkNeeds(pair, { reading, jobs }, report)
    checkInputs(pair, report)
    checkLeague(pair, report)
  }
  return problems
}

function hasWorkflow(job: JobFacts, workflows: readonly Workflow[]): boolean {
  return workflows.some(({ scripts }) => scripts.some(({ script }) => script === `scripts/${job.id}.ts`))
}

function workflowName(id: JobId): string {
  return id.replace('/', '-')
}

function missingWorkflow({ id }: JobFacts): Problem {
  const file = `.github/workflows/${workflowName(id)}.yml`
  return {
    file,
    line: 1,
    message: `no workflow runs scripts/${id}.ts; expected this one, for every registered job has one`,
  }
}

function checkNames({ job, stated }: Pair, report: Report): void {
  const expected = workflowName(job.id)
  if (stated.workflow !== expected)
    report(1, `the workflow of ${job.id} is called "${stated.workflow}"; expected "${expected}"`)
  if (stated.file !== `.github/workflows/${expected}.yml`) {
    report(1, `the workflow of ${job.id} is in this file; expected .github/workflows/${expected}.yml`)
  }
}

function checkParents({ job, workflow }: Pair, { catalog }: CatalogReading, report: Report): void {
  for (const { text, line } of workflow.runAfter) {
    const parent = catalog.jobs.find((other) => other.workflow === text)
    if (parent === undefined)
      report(line, `workflow_run names "${text}", which runs no job; expected the workflow of a job`)
    else if (job.needs[parent.id] !== 'fresh') {
      report(
        line,
        `workflow_run names "${text}", but ${job.id} does not need ${parent.id}; expected needs: { '${parent.id}': 'fresh' }`,
      )
    }
  }
}

function checkNeeds(pair: Pair, all: { reading: CatalogReading; jobs: readonly JobFacts[] }, report: Report): void {
  const { job, stated, workflow } = pair
  const line = workflow.yaml.root.keys.get('on')?.line ?? 1
  const registered = new Set<string>(all.jobs.map(({ id }) => id))
  for (const [need, kind] of Object.entries(job.needs)) {
    if (!registered.has(need)) report(line, `${job.id} needs ${need}, which is no registered job; expected one that is`)
    if (kind !== 'fresh' || stated.parents.some((parent) => parent === need)) continue
    const parent = all.reading.catalog.jobs.find(({ id }) => id === need)
    if (parent === undefined || hopsWith(parent.workflow, stated.workflow, all.reading.workflows) > MAX_HOPS) continue
    report(
      line,
      `${job.id} needs ${need} fresh and is not chained to it; expected workflow_run of "${parent.workflow}"`,
    )
  }
}

/** The hops of the longest chain that an edge from parent to child would be part of. */
function hopsWith(parent: string, child: string, workflows: readonly Workflow[]): number {
  return longestChainTo(parent, workflows).length + longestChainFrom(child, workflows).length - 1
}

function checkInputs({ job, stated, workflow }: Pair, report: Report): void {
  if (!stated.inputs.some(({ name }) => name === REQUEST_INPUT)) {
    const line = workflow.yaml.root.keys.get('on')?.line ?? 1
    report(line, `no dispatch input "${REQUEST_INPUT}"; expected one, by which ops-watch tells a run what it answers`)
  }
  const known = [...COMMON_INPUTS, ...Object.keys(job.params as Record<string, unknown>).map(inputOf)]
  for (const { name, type, line } of stated.inputs) {
    if (!known.includes(name) && name !== REQUEST_INPUT)
      report(line, `input "${name}" is no parameter of ${job.id}; expected one of ${known.join(', ')}`)
    if (SWITCHES.includes(name) && type !== 'boolean') report(line, `input "${name}" is a ${type}; expected a boolean`)
  }
}

/** A parameter's name as a dispatch input: dryRun is dry_run. */
function inputOf(param: string): string {
  return param.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function checkLeague({ job, stated, workflow }: Pair, report: Report): void {
  const step = workflow.scripts.find(({ script }) => script === `scripts/${job.id}.ts`)
  const line = step?.job.keys.get('if')?.line ?? step?.job.line ?? 1
  const found = stated.leagueSwitch?.league
  const expected = job.league === ALWAYS_ON ? undefined : job.league
  if (found === expected) return
  const said = (league: string | undefined): string =>
    league === undefined ? 'no league switch' : `the switch of "${league}"`
  report(line, `${job.id} has ${said(found)}; expected ${said(expected)}`)
}
