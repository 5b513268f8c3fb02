// `npm run check`: everything but the tests. Each check prints a line with its time; what is wrong follows as file, line
// and what to do. All of them run, whatever the others find; with names only those: `npm run check -- workflows layers`.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { jobs, leagues, leaguesOnByDefault as onByDefault, sources } from '../../src/leagues/index.ts'
import { checkWorkflows } from '../../src/schedule/check-workflows.ts'

import { sameTestNames, unusedExports } from './exports.ts'
import { listProjectFiles, ROOT } from './files.ts'
import { cycleProblems, layerProblems, readLayers } from './layers.ts'
import { readModule } from './modules.ts'
import { secretProblems } from './secrets.ts'

interface Check {
  readonly name: string
  readonly run: () => string[] | Promise<string[]>
}

const files = listProjectFiles()
const modules = files
  .filter((file) => /^(?:src|scripts|tests|dashboards)\/.*\.tsx?$/.test(file))
  .map((file) => readModule(file, readFileSync(join(ROOT, file), 'utf8')))

// By content, so that a fresh checkout's times do not matter.
const CACHED = ['--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/check-prettier']

// The slow ones first, as processes of their own, so that they share the cores with everything below them.
const checks: readonly Check[] = [
  { name: 'types', run: () => (typed ??= askTyped()).types },
  { name: 'lint', run: () => (typed ??= askTyped()).lint },
  {
    name: 'format',
    run: () => runTool('prettier', ['bin/prettier.cjs', '--check', '.', '--log-level=warn', ...CACHED]),
  },
  {
    name: 'layers',
    run: () => layerProblems(modules, readLayers(readFileSync(join(ROOT, 'src/README.md'), 'utf8'), leagues)),
  },
  { name: 'cycles', run: () => cycleProblems(modules) },
  { name: 'unused exports', run: () => unusedExports(modules) },
  { name: 'test names', run: () => sameTestNames(modules) },
  { name: 'workflows', run: () => checkWorkflows(ROOT, { jobs, onByDefault, sources }) },
  { name: 'secrets', run: () => secretProblems(ROOT, files) },
]

const wanted = process.argv.slice(2)
const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
let typed: ReturnType<typeof askTyped> | undefined
const began = performance.now()
const ended = await Promise.all(chosen.map(report))
const bad = ended.filter((problems) => problems > 0).length
console.log(
  `${bad === 0 ? 'all' : `${chosen.length - bad} of`} ${chosen.length} checks pass, ${files.length} files, ${seconds(began)}`,
)
process.exitCode = bad === 0 && chosen.length > 0 ? 0 : 1

async function report({ name, run }: Check): Promise<number> {
  const start = performance.now()
  const problems = await run()
  console.log(`${problems.length === 0 ? '●' : '✕'} ${name.padEnd(16)}${seconds(start)}`)
  for (const problem of problems) console.log(`  ${problem}`)
  return problems.length
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(7)
}

/** Both checks that need types, by one process: it reads the tree once. */
function askTyped(): Record<'types' | 'lint', Promise<string[]>> {
  // A program of this size makes the collector's young space the bottleneck.
  const args = ['--max-semi-space-size=64', '--import', 'tsx', 'tests/checks/typed.ts', ...wanted]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const complaint = text(child.stderr)
  const next = async (): Promise<string[]> => {
    const { value, done } = await answers.next()
    if (done === true) return ['tests/checks/typed.ts broke off:', ...(await complaint).split('\n').filter(Boolean)]
    return JSON.parse(value) as string[]
  }
  const types = next()
  return { types, lint: types.then(next) }
}

/** A tool of node_modules by its own file: npx alone costs 0.7 s. Its output is the problem list. */
async function runTool(packageName: string, [script = '', ...args]: string[]): Promise<string[]> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', packageName, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
  if (code === 0) return []
  return [`${packageName} ended with ${code}:`, ...Buffer.concat(output).toString().split('\n').filter(Boolean)]
}
