// Who may import whom, as a table; and no cycles. A new folder of src is a line here, with its place.

import type { Import, Module } from './modules.ts'

/** Folders of src and what else of src each may import. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  lib: ['core'],
  schedule: ['core', 'lib'],
  ledger: ['core', 'lib'],
  lake: ['core', 'lib'],
  sources: ['core', 'lib'],
  models: ['core', 'lib'],
  runner: ['core', 'lib', 'schedule', 'ledger'],
  executors: ['core', 'lib', 'schedule', 'ledger'],
  alerts: ['core', 'lib', 'schedule', 'ledger'],
  observe: ['core', 'lib', 'schedule', 'ledger'],
  setup: ['core', 'lib', 'schedule', 'ledger', 'executors'],
  reconcile: ['core', 'lib', 'schedule', 'ledger', 'runner', 'executors', 'alerts', 'observe'],
  // Never ledger, alerts or executors: a job gets what it needs of them from its context.
  pipelines: ['core', 'lib', 'sources', 'lake', 'models'],
  // The jobs' own functions over past seasons, without a database.
  backtest: ['core', 'lib', 'sources', 'lake', 'models'],
  views: ['core', 'schedule', 'ledger', 'lake'],
  server: ['core', 'lib', 'views'],
}

/** What one part of a folder may import beyond it, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'pipelines/ops': ['ledger'], // the ledger is what the house's own jobs keep in order: it is their lake
}

/** They may import every folder of src, and nobody in src may import them. */
const ROOTS = ['app', 'replay']

/** Packages that core may use: neither reads a clock, a file or a socket. */
const CORE_PACKAGES = ['zod', 'temporal-polyfill']

/** Imports that the table forbids, each `file:line: found; expected`. */
export function layerProblems(modules: readonly Module[]): string[] {
  return modules.flatMap((module) =>
    module.imports.flatMap((imported) => {
      const problem = judge(module.file, imported)
      return problem === undefined ? [] : [`${module.file}:${imported.line}: ${problem}`]
    }),
  )
}

function judge(file: string, imported: Import): string | undefined {
  const from = placeOf(file)
  if (imported.target === undefined) return judgePackage(from, imported)
  const to = placeOf(imported.target)
  if (from.top === 'tests') return undefined
  if (to.top === 'tests') return `imports "${imported.target}"; expected nothing from tests outside tests`
  if (from.top === 'scripts') return undefined
  if (to.top === 'scripts')
    return `imports the script "${imported.target}"; expected scripts to import src, not the other way`
  if (from.top === 'dashboards') return judgeDashboard(to, imported)
  if (to.top === 'dashboards') return `imports "${imported.target}"; expected only scripts to build the site`
  return judgeSource(from, to)
}

interface Place {
  readonly top: string
  /** Of src: the folder, or the file's name right below it. */
  readonly layer: string
  /** Of src/pipelines: the sport. */
  readonly part: string | undefined
}

function placeOf(file: string): Place {
  const [top = '', second = '', third, fourth] = file.split('/')
  return { top, layer: second.replace(/\.tsx?$/, ''), part: fourth === undefined ? undefined : third }
}

function judgePackage(from: Place, { specifier, typeOnly }: Import): string | undefined {
  if (from.top !== 'src' || from.layer !== 'core' || typeOnly) return undefined
  const name = specifier.split('/')[0] ?? specifier
  if (CORE_PACKAGES.includes(name)) return undefined
  return `core imports "${specifier}"; expected only ${CORE_PACKAGES.join(' and ')}, for core does no I/O`
}

function judgeDashboard(to: Place, { target, typeOnly }: Import): string | undefined {
  if (to.top === 'dashboards' || (to.layer === 'views' && typeOnly)) return undefined
  return `the site imports "${target}"; expected types of src/views only, for it is handed its data`
}

function judgeSource(from: Place, to: Place): string | undefined {
  if (from.layer === 'app') return undefined
  if (ROOTS.includes(to.layer) && from.layer !== to.layer) {
    return `imports src/${to.layer}; expected only scripts and tests to, for it knows everybody`
  }
  if (ROOTS.includes(from.layer)) return undefined
  if (from.layer === to.layer) return judgePipelines(from, to)
  const allowed = LAYERS[from.layer]
  if (allowed === undefined)
    return `src/${from.layer} has no place in the layers; give it a line in tests/checks/layers.ts`
  const excepted = EXCEPTIONS[`${from.layer}/${from.part ?? ''}`] ?? []
  if (allowed.includes(to.layer) || excepted.includes(to.layer)) return undefined
  return `src/${from.layer} imports src/${to.layer}; expected only ${allowed.join(', ') || 'core itself'}`
}

function judgePipelines(from: Place, to: Place): string | undefined {
  // The registry right below src/pipelines belongs to no sport, and may name them all.
  if (from.layer !== 'pipelines' || from.part === undefined || from.part === to.part) return undefined
  return `the pipeline ${from.part} imports ${to.part ?? 'the registry'}; expected pipelines not to know each other`
}

/** Circles of imports, each told once: `a -> b -> a`. Type imports count: a circle of types is a circle of ideas. */
export function cycleProblems(modules: readonly Module[]): string[] {
  const targets = new Map(modules.map((module) => [module.file, module.imports.flatMap(({ target }) => target ?? [])]))
  const done = new Set<string>()
  const problems: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      const circle = [...path.slice(start), file]
      problems.push(
        `${file}:1: imports itself in a circle: ${circle.join(' -> ')}; move what both need to a third file`,
      )
    }
    if (start >= 0 || done.has(file)) return
    for (const target of targets.get(file) ?? []) walk(target, [...path, file])
    done.add(file)
  }
  for (const file of targets.keys()) walk(file, [])
  return problems
}
