// `npm run check`: everything but the tests. Each check prints a line with its time; what is wrong follows as file, line
// and what to do. All of them run, whatever the others find; with names only those: `npm run check -- workflows layers`.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { jobs, leagues, leaguesOnByDefault as onByDefault } from '../../src/leagues/index.ts'
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

// By content, so that a fresh checkout's times do not matter. Not for eslint: what its typed rules say of a file depends on others.
const CACHED = ['--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/check-prettier']

const INCREMENTAL = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc/check.tsbuildinfo']

// The slow ones first, as processes of their own, so that they share the cores with everything below them.
const checks: readonly Check[] = [
  { name: 'lint', run: () => runTool('eslint', ['bin/eslint.js', '.', '--max-warnings=0']) },
  { name: 'types', run: () => runTool('typescript', ['lib/tsc.js', '--pretty', 'false', ...INCREMENTAL]) },
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
  { name: 'workflows', run: () => checkWorkflows(ROOT, { jobs, onByDefault }) },
  { name: 'secrets', run: () => secretProblems(ROOT, files) },
]

const wanted = process.argv.slice(2)
const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
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
