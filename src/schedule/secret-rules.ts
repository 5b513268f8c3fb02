// The house's rules for secrets in workflows: packages are installed before anything sees one. What a package brings along (and
// what a poisoned release would) runs with the environment of the step that installs it.

import { jobsOf, nodeAt, textOf, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

const RUN_JOB = /^[.$]\/\.github\/actions\/run-job$/
const INSTALL = /^[.$]\/\.github\/actions\/install$/
const PACKAGE_MANAGER = /(?:^|[\s;&|(])(?:npm\s+(?:ci|i|install|exec|add)\b|npx\s|pnpm\s|yarn\b)/
const SECRET = /\$\{\{[^}]*\b(?:secrets\b|github\s*\.\s*token\b)/

/** Does a step run a script of ours, through run-job? */
export function runsScript(step: YamlNode): boolean {
  return RUN_JOB.test(textOf(nodeAt(step, 'uses')) ?? '')
}

/** Does anything below a node name a secret, or the run's token? */
export function seesSecret(node: YamlNode | undefined): boolean {
  if (node === undefined) return false
  return SECRET.test(textOf(node) ?? '') || [...node.items, ...node.keys.values()].some(seesSecret)
}

/** Reports what could show a secret to packages that are being installed. */
export function checkSecrets(yaml: YamlFile, report: Report): void {
  if (seesSecret(nodeAt(yaml.root, 'env')))
    report(nodeAt(yaml.root, 'env')?.line ?? 1, `a secret in the whole workflow's env; expected it in the env of the step that needs it`) // prettier-ignore
  for (const [name, job] of jobsOf(yaml)) {
    const env = nodeAt(job, 'env')
    if (env !== undefined && seesSecret(env))
      report(env.line, `a secret in the env of every step of job "${name}"; expected it in the env of the step that needs it`) // prettier-ignore
    checkSteps(nodeAt(job, 'steps')?.items ?? [], report)
  }
}

/** Reports a composite action that installs packages and does something else: its caller's env is that of all its steps. */
export function checkActionInstalls(yaml: YamlFile, report: Report): void {
  const steps = nodeAt(yaml.root, 'runs', 'steps')?.items ?? []
  const other = steps.find((step) => nodeAt(step, 'run') !== undefined && !installs(step))
  if (!steps.some(installs) || other === undefined) return
  report(
    other.line,
    `an action that installs packages and runs something else; expected two actions, for all its steps see one env`,
  )
}

function checkSteps(steps: readonly YamlNode[], report: Report): void {
  const first = steps.findIndex(installs)
  steps.forEach((step, index) => {
    if (installs(step) && seesSecret(step))
      report(step.line, 'a step that installs packages and sees a secret; expected no secret before they are installed')
    if (runsScript(step) && (first === -1 || index < first))
      report(step.line, 'run-job before its packages are there; expected the step ./.github/actions/install before it')
  })
}

function installs(step: YamlNode): boolean {
  return INSTALL.test(textOf(nodeAt(step, 'uses')) ?? '') || PACKAGE_MANAGER.test(textOf(nodeAt(step, 'run')) ?? '')
}
