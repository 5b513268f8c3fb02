// The house's rules for where workflows run: what has a script or a secret runs on the default branch, which no file calls by a
// name.

import { readCondition } from './job-condition.ts'
import { runsScript, seesSecret } from './secret-rules.ts'
import { jobsOf, nodeAt, textOf, textsOf, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

const FILTERS = ['branches', 'branches-ignore', 'tags', 'tags-ignore']
/** Every branch and no tag. */
const ANY_BRANCH = '**'
/** With one of these a job runs although what it needs was skipped. */
const STATUS_FUNCTIONS = /\b(?:always|cancelled|failure)\s*\(/

/** Reports branches that are named, and jobs that run on any. */
export function checkBranches(yaml: YamlFile, report: Report): void {
  for (const [trigger, node] of nodeAt(yaml.root, 'on')?.keys ?? []) checkFilters(trigger, node, report)
  for (const [name, job] of jobsOf(yaml)) {
    if (!seesSecret(job) && !(nodeAt(job, 'steps')?.items ?? []).some(runsScript)) continue
    if (nodeAt(job, 'needs') === undefined) readCondition(yaml, job, report)
    else checkDependent(name, job, report)
  }
}

function checkFilters(trigger: string, node: YamlNode, report: Report): void {
  for (const filter of FILTERS) {
    const named = textsOf(nodeAt(node, filter)).filter(({ text }) => text !== ANY_BRANCH)
    const [first] = named
    if (first === undefined) continue
    const names = named.map(({ text }) => text).join(', ')
    report(
      nodeAt(node, filter)?.line ?? first.line,
      `${trigger} names ${names}; expected no branch by name, but "if:" at the job, for a default branch may be called anything`,
    )
  }
}

/** A job behind another is skipped with it. */
function checkDependent(name: string, job: YamlNode, report: Report): void {
  const condition = nodeAt(job, 'if')
  if (!STATUS_FUNCTIONS.test(textOf(condition) ?? '')) return
  report(
    condition?.line ?? job.line,
    `job "${name}" runs although what it needs was skipped, on any branch; expected no always(), cancelled() or failure()`,
  )
}
