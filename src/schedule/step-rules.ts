// The house's rules for steps, in workflows and composite actions alike: what they use is pinned, what they run is free of
// expressions, and a checkout leaves no credentials behind.

import { nodeAt, textOf, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

/** Reports what is wrong with one step. */
export function checkStep(yaml: YamlFile, step: YamlNode, report: Report): void {
  checkUses(yaml, nodeAt(step, 'uses'), report)
  checkRun(step, report)
  checkCheckout(step, report)
}

/** Reports an action or a reusable workflow that could change under us. */
export function checkUses(yaml: YamlFile, node: YamlNode | undefined, report: Report): void {
  const uses = textOf(node)
  if (node === undefined || uses === undefined || /^(\.|\$)\//.test(uses)) return
  if (!/^[^@]+@[0-9a-f]{40}$/.test(uses)) {
    report(node.line, `uses "${uses}"; expected a commit of 40 hex digits, or an action of this repository as ./path`)
  } else if (!/#\s*v\d/.test(yaml.lines[node.line - 1] ?? '')) {
    report(node.line, `uses "${uses}" without its version; expected a comment behind it, such as # v7.0.1`)
  }
}

function checkRun(step: YamlNode, report: Report): void {
  const run = nodeAt(step, 'run')
  if (!textOf(run)?.includes('${{')) return
  // An expression is pasted into the script before the shell reads it: whoever controls its value controls the shell.
  report(run?.line ?? step.line, 'an expression ${{ }} in run; expected the value in env and "$NAME" in the script')
}

function checkCheckout(step: YamlNode, report: Report): void {
  if (!textOf(nodeAt(step, 'uses'))?.startsWith('actions/checkout@')) return
  if (nodeAt(step, 'with', 'persist-credentials')?.value === false) return
  report(step.line, 'a checkout that leaves its token on disk; expected with: persist-credentials: false')
}
