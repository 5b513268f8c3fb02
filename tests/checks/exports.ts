// Exports that nobody uses, and tests that share a name.

import type { Export, Module } from './modules.ts'

/** Exports that stay although nothing in the project uses them: `file#name` and why. */
const KEPT: Readonly<Record<string, string>> = {
  'tests/leagues/fantasy/history.ts#fillLeague': 'found by its folder, so that the folder can go',
  'src/schedule/cron.ts#latestDue': 'the question of ops-watch and of the review of a schedule',
}

/** A value must be used by another file that is not a test, or by its own file and a test; otherwise it is dead, or has no
 *  reason to be exported. A type may be exported beside the function that it describes. */
export function unusedExports(modules: readonly Module[], kept: Readonly<Record<string, string>> = KEPT): string[] {
  const uses = collectUses(modules)
  return modules.flatMap((module) =>
    module.exports.flatMap((one) => {
      const problem = judge(one, (uses.get(module.file) ?? []).filter(meets(one)))
      if (problem === undefined || kept[`${module.file}#${one.name}`] !== undefined) return []
      return [`${module.file}:${one.line}: ${problem}`]
    }),
  )
}

interface Use {
  readonly names: readonly string[]
  readonly byTest: boolean
}

function collectUses(modules: readonly Module[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const { file, imports } of modules) {
    for (const { target, names } of imports) {
      if (target === undefined) continue
      // Among themselves tests are users like any other; and the programs in tests/checks are programs.
      const byTest = /^tests\/(?!checks\/)/.test(file) && !target.startsWith('tests/')
      uses.set(target, [...(uses.get(target) ?? []), { names, byTest }])
    }
  }
  return uses
}

const meets = (one: Export) => (use: Use) => use.names.includes(one.name) || use.names.includes('*')

function judge(one: Export, uses: readonly Use[]): string | undefined {
  if (uses.some((use) => !use.byTest)) return undefined
  if (one.isType) return one.usedInside || uses.length > 0 ? undefined : `nobody uses the type "${one.name}"; delete it`
  if (uses.length === 0) {
    return `nobody else uses "${one.name}"; ${one.usedInside ? 'take its "export" away' : 'delete it'}`
  }
  return one.usedInside ? undefined : `only tests use "${one.name}"; delete it with its tests, or say in KEPT why not`
}

/** Two tests of one name in one file: a failure could not be told apart. */
export function sameTestNames(modules: readonly Module[]): string[] {
  return modules.flatMap(({ file, tests }) => {
    const first = new Map<string, number>()
    return tests.flatMap(({ name, line }) => {
      const before = first.get(name)
      if (before === undefined) first.set(name, line)
      return before === undefined
        ? []
        : [`${file}:${line}: a test in line ${before} is called "${name}" too; say what differs`]
    })
  })
}
