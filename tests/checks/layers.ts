// Who may import whom, as src/README.md says; and no cycles. A new folder of src is a row there.

import type { League } from '../../src/core/league.ts'

import type { Import, Module } from './modules.ts'

/** What each folder of src may import of the others, as the table of src/README.md says. */
export interface Layers {
  readonly mayImport: Readonly<Record<string, readonly string[]>>
  /** They may import every folder of src, and nobody in src may import them. */
  readonly roots: readonly string[]
  /** Which leagues a league reads: their tables and their calendar it may import. */
  readonly reads: Readonly<Record<string, readonly string[]>>
}

/** Reads the table, and what leagues say of themselves. Throws where there is no table. */
export function readLayers(readme: string, leagues: readonly Pick<League, 'id' | 'reads'>[]): Layers {
  const rows = [...readme.matchAll(/^\| `([\w/]+)(?:\.ts)?`[^|]*\|[^|]*\| ([^|]*?) *\|$/gm)]
  if (rows.length === 0) throw new Error('src/README.md has no table of folders; expected a row for each')
  const isRoot = (may: string) => may.startsWith('everything')
  const listed = rows.map(([, folder = '', may = '']) => ({ folder, may }))
  const others = listed.filter(({ may }) => !isRoot(may))
  return {
    mayImport: Object.fromEntries(others.map(({ folder, may }) => [folder, may === 'nothing' ? [] : may.split(', ')])),
    roots: listed.filter(({ may }) => isRoot(may)).map(({ folder }) => folder),
    reads: Object.fromEntries(leagues.map(({ id, reads }) => [id, reads])),
  }
}

/** Packages that core may use: neither reads a clock, a file or a socket. */
const CORE_PACKAGES = ['zod', 'temporal-polyfill']

/** Imports that the table forbids, each `file:line: found; expected`. */
export function layerProblems(modules: readonly Module[], layers: Layers): string[] {
  return modules.flatMap((module) =>
    module.imports.flatMap((imported) => {
      const problem = judge(module.file, imported, layers)
      return problem === undefined ? [] : [`${module.file}:${imported.line}: ${problem}`]
    }),
  )
}

function judge(file: string, imported: Import, layers: Layers): string | undefined {
  const from = placeOf(file)
  if (imported.target === undefined) return judgePackage(from, imported)
  const to = placeOf(imported.target)
  if (from.top === 'tests') return undefined
  if (to.top === 'tests') return `imports "${imported.target}"; expected nothing from tests outside tests`
  if (from.top === 'scripts') return undefined
  if (to.top === 'scripts')
    return `imports the script "${imported.target}"; expected scripts to import src, not the other way`
  if (from.top === 'dashboards') return judgeDashboard(to, imported)
  if (isPagePart(file) && imported.target.startsWith('dashboards/site/kit/')) return undefined
  if (to.top === 'dashboards') return `imports "${imported.target}"; expected only scripts to build the site`
  return judgeSource(from, to, layers)
}

/** What a league adds to a page is drawn with the site's parts: `src/leagues/fantasy/pages/part.tsx`. */
const isPagePart = (file: string) => /^src\/leagues\/[^/]+\/pages\//.test(file)

interface Place {
  readonly top: string
  /** Of src: the folder, or the file's name right below it. */
  readonly layer: string
  /** Of src/leagues: the sport. */
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
  if (to.top === 'dashboards' || to.layer === 'core' || (to.layer === 'views' && typeOnly)) return undefined
  return `the site imports "${target}"; expected core and types of src/views only, for it is handed its data`
}

function judgeSource(from: Place, to: Place, { mayImport, roots, reads }: Layers): string | undefined {
  if (from.layer === 'app') return undefined
  if (roots.includes(to.layer) && from.layer !== to.layer) {
    return `imports src/${to.layer}; expected only scripts and tests to, for it knows everybody`
  }
  if (roots.includes(from.layer)) return undefined
  if (from.layer === to.layer) return judgeLeagues(from, to, reads)
  const allowed = mayImport[`${from.layer}/${from.part ?? ''}`] ?? mayImport[from.layer]
  if (allowed === undefined) return `src/${from.layer} has no place in the layers; give it a row in src/README.md`
  if (allowed.includes(to.layer)) return undefined
  return `src/${from.layer} imports src/${to.layer}; expected only ${allowed.join(', ') || 'core itself'}`
}

function judgeLeagues(from: Place, to: Place, reads: Layers['reads']): string | undefined {
  // The registry right below src/leagues belongs to no sport, and may name them all.
  if (from.layer !== 'leagues' || from.part === undefined || from.part === to.part) return undefined
  if (to.part !== undefined && reads[from.part]?.includes(to.part)) return undefined
  return `the league ${from.part} imports ${to.part ?? 'the registry'}; expected leagues to know only those that they read`
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
