// The house's rules for concurrency groups. In a group one run waits at most, and a newer one replaces it, whatever it was asked
// for; GitHub decides on the group before it looks at any "if:", so that a run of another branch, which is skipped, would
// replace one that is not. A group therefore says all that was asked, by name.

import { jobsOf, nodeAt, textOf, type Problem, type Report, type YamlFile, type YamlNode } from './workflow-yaml.ts'

/** Says which wish a run answers, and changes nothing about it. */
const OF_NO_MATTER = ['request']
/** A group of its own for each run. */
const OWN = '${{ github.run_id }}'
const BRANCH = '${{ github.ref_name }}'
const HEAD =
  '${{ github.event.workflow_run.head_repository.full_name || github.repository }} ${{ github.event.workflow_run.head_branch || github.ref_name }}'

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

/** Reports a workflow without a group, a scheduled one that is cut off by the next, and a group in which unlike runs meet. */
export function checkConcurrency(yaml: YamlFile, report: Report): void {
  const node = nodeAt(yaml.root, 'concurrency')
  const group = nodeAt(node, 'group')
  if (group === undefined)
    report(node?.line ?? 1, 'no concurrency group; expected one, with cancel-in-progress beside it')
  else checkWishes(yaml, group, report)
  const cancel = nodeAt(node, 'cancel-in-progress')
  if (nodeAt(yaml.root, 'on', 'schedule') === undefined || cancel?.value === false) return
  report(
    cancel?.line ?? node?.line ?? 1,
    'a scheduled run may be cancelled by the next; expected cancel-in-progress: false',
  )
}

function checkWishes(yaml: YamlFile, node: YamlNode, report: Report): void {
  const group = (textOf(node) ?? '').replace(/\s+/g, ' ')
  const on = nodeAt(yaml.root, 'on')
  if (on?.keys.has('workflow_dispatch') !== true || group.includes(OWN)) return
  if (!group.includes(BRANCH)) report(node.line, `the concurrency group has no branch; expected ${BRANCH} in it`)
  if (on.keys.has('workflow_run') && !group.includes(HEAD))
    report(node.line, `the concurrency group does not say whose end woke it; expected ${HEAD} in it`)
  for (const [name, input] of nodeAt(on, 'workflow_dispatch', 'inputs')?.keys ?? []) {
    const forms = OF_NO_MATTER.includes(name) ? [] : formsOf(name, input)
    if (forms.length === 0 || forms.some((form) => group.includes(form))) continue
    report(node.line, `the concurrency group does not say "${name}"; expected ${forms.join(' or ')} in it`)
  }
}

/** How a group says what an input is. One that was left alone reads as on a schedule, where there is none. The last form gives
 *  each run with the input a group of its own: where its text may be longer than a group's name, which GitHub limits to 400. */
function formsOf(name: string, input: YamlNode): string[] {
  const standard = textOf(nodeAt(input, 'default')) ?? ''
  if (textOf(nodeAt(input, 'type')) === 'boolean') return [`\${{ inputs.${name} && '${name}' || '' }}`]
  if (name === 'environment') return [`-\${{ inputs.${name} || '${standard}' }}`]
  const value = standard === '' ? `inputs.${name}` : `inputs.${name} || '${standard}'`
  return [`${name} \${{ ${value} }}`, `\${{ inputs.${name} && github.run_id || '' }}`]
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
