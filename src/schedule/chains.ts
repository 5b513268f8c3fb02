// The chains that workflow_run makes: whether every name resolves, nothing goes round in a circle, and nothing is deeper
// than GitHub follows.

import type { Problem } from './workflow-yaml.ts'
import type { Workflow } from './workflow.ts'

/** GitHub starts at most three levels after the first workflow; deeper ones silently never start (docs, read 2026-11). */
export const MAX_HOPS = 3

/** Problems of names and chains, over all workflows of a repository. */
export function chainProblems(workflows: readonly Workflow[]): Problem[] {
  return [...nameProblems(workflows), ...workflows.flatMap((workflow) => depthProblems(workflow, workflows))]
}

/** The longest chain of workflow names that ends with this one. A name that comes a second time ends the walk. */
export function longestChainTo(name: string, workflows: readonly Workflow[]): string[] {
  return longestChain(
    name,
    [],
    (current) => workflows.find((w) => w.name === current)?.runAfter.map((p) => p.text) ?? [],
  )
}

/** The longest chain of workflow names that begins with this one, the beginning last. */
export function longestChainFrom(name: string, workflows: readonly Workflow[]): string[] {
  return longestChain(name, [], (current) =>
    workflows.filter((w) => w.runAfter.some((p) => p.text === current)).map((w) => w.name),
  )
}

function longestChain(name: string, later: readonly string[], neighbours: (name: string) => string[]): string[] {
  if (later.includes(name)) return [name]
  const chains = neighbours(name).map((next) => longestChain(next, [...later, name], neighbours))
  const longest = chains.reduce<string[]>((best, chain) => (chain.length > best.length ? chain : best), [])
  return [...longest, name]
}

function nameProblems(workflows: readonly Workflow[]): Problem[] {
  const names = workflows.map((workflow) => workflow.name)
  const twice = workflows.filter((workflow, index) => names.indexOf(workflow.name) < index)
  return [
    ...twice.map(({ file, name }) => ({
      file,
      line: 1,
      message: `name "${name}" is also that of ${workflows.find((w) => w.name === name)?.file ?? ''}; expected each name once`,
    })),
    ...workflows.flatMap(({ file, runAfter }) =>
      runAfter
        .filter(({ text }) => !names.includes(text))
        .map(({ text, line }) => ({
          file,
          line,
          message: `workflow_run names "${text}", which no workflow is called; expected one of ${names.join(', ')}`,
        })),
    ),
  ]
}

function depthProblems(workflow: Workflow, workflows: readonly Workflow[]): Problem[] {
  const [first] = workflow.runAfter
  if (first === undefined) return []
  const chain = longestChainTo(workflow.name, workflows)
  const shown = chain.join(' -> ')
  const { file } = workflow
  if (chain.indexOf(workflow.name) < chain.length - 1) {
    return [
      {
        file,
        line: first.line,
        message: `${shown} goes round in a circle; expected a chain that begins at a schedule`,
      },
    ]
  }
  if (new Set(chain).size < chain.length || chain.length - 1 <= MAX_HOPS) return []
  const hops = `${shown} is ${chain.length - 1} hops of workflow_run`
  return [{ file, line: first.line, message: `${hops}; expected at most ${MAX_HOPS}, GitHub never starts deeper ones` }]
}
