// The catalog: the schedule as the workflow files state it. When a job runs, in which zone, after what and with which
// inputs is read from there and kept nowhere else.
//
// A workflow is a job's when a step of it runs, through .github/actions/run-job, the script of a registered job:
// scripts/nfl/bronze.ts is nfl/bronze. All other workflows (ci, tools such as scripts/ops/setup.ts) are no jobs, and only
// their names count.

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { ConfigFailure } from '../core/errors.ts'
import type { AnyJob, JobId } from '../core/job.ts'
import { chainProblems } from './chains.ts'
import { readCondition } from './job-condition.ts'
import type { LeagueSwitch } from './league-switch.ts'
import { parseYamlFile, problemSentence, type Problem, type Report } from './workflow-yaml.ts'
import {
  checkTriggers,
  readInputs,
  readSchedules,
  readTimeout,
  toWorkflow,
  type DispatchInput,
  type Schedule,
  type ScriptStep,
  type Workflow,
} from './workflow.ts'

/** What the catalog has to know of a registered job. */
export type JobFacts = Pick<AnyJob, 'id' | 'needs' | 'params' | 'league'> &
  Partial<Pick<AnyJob, 'deadlineMinutes' | 'graceMinutes' | 'title' | 'sources'>>

/** A job as its workflow states it. */
export interface CatalogJob {
  readonly id: JobId
  /** The workflow's name, by which others chain to it. */
  readonly workflow: string
  /** Its path below the root, with forward slashes. */
  readonly file: string
  readonly schedules: readonly Schedule[]
  /** The jobs whose end wakes this one. */
  readonly parents: readonly JobId[]
  readonly inputs: readonly DispatchInput[]
  readonly timeoutMinutes: number
  /** Undefined: always on. */
  readonly leagueSwitch: LeagueSwitch | undefined
}

export interface Catalog {
  readonly jobs: readonly CatalogJob[]
}

/** A catalog with what was read for it and what is wrong with it. */
export interface CatalogReading {
  readonly catalog: Catalog
  readonly workflows: readonly Workflow[]
  readonly problems: readonly Problem[]
}

interface JobWorkflow {
  readonly job: JobFacts
  readonly workflow: Workflow
  readonly step: ScriptStep
}

/** Reads the schedule of the registered jobs from `.github/workflows` below `root`. Throws one ConfigFailure that lists
 *  everything that is not understood, each with file and line. */
export async function readCatalog(root: string, jobs: readonly JobFacts[]): Promise<Catalog> {
  const { catalog, problems } = await readCatalogWithProblems(root, jobs)
  if (problems.length === 0) return catalog
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  throw new ConfigFailure(`the workflow files have ${count}:\n${problems.map(problemSentence).join('\n')}`)
}

/** Like readCatalog, for those who have more to say about the files: problems are returned, not thrown. */
export async function readCatalogWithProblems(root: string, jobs: readonly JobFacts[]): Promise<CatalogReading> {
  const workflows = await readWorkflows(root)
  const problems = [...workflows.flatMap(({ yaml }) => yaml.problems), ...chainProblems(workflows)]
  const found = workflows.flatMap((workflow) => jobWorkflows(workflow, jobs))
  const jobsByWorkflow = new Map(found.map(({ workflow, job }) => [workflow.name, job.id]))
  const read = found.flatMap((each) => {
    const report: Report = (line, message) => problems.push({ file: each.workflow.file, line, message })
    if (found.some((other) => other !== each && (other.job.id === each.job.id || other.workflow === each.workflow))) {
      report(
        each.step.line,
        `${each.step.script} shares a workflow, or is in two; expected one workflow per job and one job per workflow`,
      )
    }
    return readJob(each, jobsByWorkflow, report) ?? []
  })
  return { catalog: { jobs: read }, workflows, problems }
}

async function readWorkflows(root: string): Promise<Workflow[]> {
  const folder = '.github/workflows'
  const names = await readdir(path.join(root, folder)).catch((cause: unknown) => {
    throw new ConfigFailure(`${folder} below "${root}" cannot be read: expected the workflow files there`, { cause })
  })
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort()
  return Promise.all(
    files.map(async (name) => {
      const text = await readFile(path.join(root, folder, name), 'utf8')
      return toWorkflow(parseYamlFile(`${folder}/${name}`, text))
    }),
  )
}

function jobWorkflows(workflow: Workflow, jobs: readonly JobFacts[]): JobWorkflow[] {
  return workflow.scripts.flatMap((step) => {
    const job = jobs.find(({ id }) => step.script === `scripts/${id}.ts`)
    return job ? [{ job, workflow, step }] : []
  })
}

function readJob(
  found: JobWorkflow,
  jobsByWorkflow: ReadonlyMap<string, JobId>,
  report: Report,
): CatalogJob | undefined {
  const { job, workflow, step } = found
  checkTriggers(workflow, report)
  const schedules = readSchedules(workflow, report)
  const inputs = readInputs(workflow, report)
  const timeoutMinutes = readTimeout(step.job, report)
  const leagueSwitch = readCondition(workflow.yaml, step.job, report)
  const parents = workflow.runAfter.flatMap(({ text }) => jobsByWorkflow.get(text) ?? [])
  if (timeoutMinutes === undefined) return undefined
  const { file, name } = workflow
  return { id: job.id, workflow: name, file, schedules, parents, inputs, timeoutMinutes, leagueSwitch }
}
