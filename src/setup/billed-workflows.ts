// Lists the workflows that use a month's minutes, as the workflow files say it.

import { readCatalogWithProblems, type CatalogJob, type JobFacts } from '../schedule/catalog.ts'
import { findKeptLine } from '../schedule/job-condition.ts'
import { jobsOf, nodeAt } from '../schedule/workflow-yaml.ts'
import { readSchedules, type Workflow } from '../schedule/workflow.ts'
import type { BilledWorkflow } from './minutes.ts'

const WITHOUT_SLOTS = { 'ops-watch': 'watch', 'ops-dashboard': 'site' } as const

/** Those that a schedule wakes, below `root`. What is switched off is skipped, and unbilled. */
export async function readBilledWorkflows(
  root: string,
  jobs: readonly JobFacts[],
  isOn: (job: CatalogJob) => boolean,
): Promise<BilledWorkflow[]> {
  const { catalog, workflows } = await readCatalogWithProblems(root, jobs)
  return workflows.flatMap((workflow) => {
    const job = catalog.jobs.find(({ file }) => file === workflow.file)
    const kind = job ? 'job' : WITHOUT_SLOTS[workflow.name as keyof typeof WITHOUT_SLOTS]
    return kind === undefined || (job && !isOn(job)) ? [] : [toBilled(workflow, kind)]
  })
}

function toBilled(workflow: Workflow, kind: BilledWorkflow['kind']): BilledWorkflow {
  const jobs = [...jobsOf(workflow.yaml)].map(([, job]) => job)
  // A job behind another deploys to Pages, and is skipped where there are none.
  const jobsForPages = jobs.filter((job) => nodeAt(job, 'needs') !== undefined).length
  return {
    name: workflow.name,
    lines: readSchedules(workflow, () => undefined),
    keptLine: jobs.flatMap((job) => findKeptLine(workflow.yaml, job) ?? [])[0],
    after: workflow.runAfter.map(({ text }) => text),
    jobs: jobs.length - jobsForPages,
    jobsForPages,
    kind,
  }
}
