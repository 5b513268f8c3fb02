// Runs a workflow of this repository for real, under act in host mode, in a copy of the checkout. Stood in for: actions/checkout
// (act takes the copy itself), actions/setup-node (actions/setup-node), `npm ci` (actions/npm), and what keeps or deploys a
// site (actions/keep, actions/deploy-pages). All else is the real thing.

import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { listProjectFiles, ROOT } from '../checks/files.ts'
import type { ActEvent } from './events.ts'
import { findTool } from './tools.ts'

const STAND_INS = fileURLToPath(new URL('actions', import.meta.url))

export interface Checkout extends Disposable {
  /** The commit that act sees. */
  readonly commit: string
  run(workflow: string, call: ActCall): Promise<ActRun>
}

export interface ActCall {
  readonly event: ActEvent
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

export interface ActRun {
  /** Of the step that ran the script; 0 when the workflow succeeded. */
  readonly exitCode: number
  /** The job summary; empty when there is none. */
  readonly summary: string
  readonly log: string
}

/** Copies what git knows, uncommitted changes included, and commits it on a branch main. */
export function aCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'matchday-act-'))
  const root = join(folder, 'matchday')
  for (const file of listProjectFiles()) cpSync(join(ROOT, file), join(root, file))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('-c', 'user.name=Ann', '-c', 'user.email=ann@league.example', 'commit', '--quiet', '--message=A checkout')
  git('remote', 'add', 'origin', 'https://github.com/league/matchday.git')
  mkdirSync(join(folder, 'home'))
  return {
    commit: git('rev-parse', 'HEAD'),
    run: (workflow, call) => runAct(folder, workflow, call),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function runAct(folder: string, workflow: string, call: ActCall): Promise<ActRun> {
  const eventPath = join(folder, 'event.json')
  writeFileSync(eventPath, JSON.stringify(call.event.payload))
  const args = [
    call.event.name,
    ...['--workflows', `.github/workflows/${workflow}.yml`, '--eventpath', eventPath, '--actor', 'ann'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server', '--pull=false', '--json'],
    ...STOOD_IN_FOR.flatMap(([action, file, folder]) => ['--local-repository', `${asUsed(action, file)}=${join(STAND_INS, folder)}`]), // prettier-ignore
    ...named('--env', { ...call.env, MATCHDAY_E2E_PACKAGES: join(ROOT, 'node_modules') }),
    ...named('--secret', call.secrets),
    ...named('--var', call.vars),
  ]
  const { code, lines } = await spawnAct(args, folder)
  const log = lines.map((line) => line.msg ?? '').join('\n')
  const stepCode = /exit status (\d+)/.exec(log)?.[1]
  return {
    exitCode: code === 0 ? 0 : Number(stepCode ?? code),
    summary: lines.find((line) => line.command === 'summary')?.content ?? '',
    log,
  }
}

/** What act says of a step, as far as we read it. */
interface ActLine {
  readonly msg?: string
  /** A workflow command, or what a step left in a file such as the summary's. */
  readonly command?: string
  readonly content?: string
}

const named = (flag: string, values: Readonly<Record<string, string>> = {}) =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])

const SITE = '.github/workflows/ops-dashboard.yml'
const STOOD_IN_FOR = [
  ['actions/setup-node', '.github/actions/install/action.yml', 'setup-node'],
  ['actions/upload-artifact', SITE, 'keep'],
  ['actions/upload-pages-artifact', SITE, 'keep'],
  ['actions/deploy-pages', SITE, 'deploy-pages'],
] as const

/** `actions/setup-node@<commit>`, as the file has it: act matches the exact text. */
function asUsed(action: string, file: string): string {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return new RegExp(`uses: (${action}@[0-9a-f]{40})`).exec(text)?.[1] ?? action
}

function spawnAct(args: readonly string[], folder: string): Promise<{ code: number; lines: ActLine[] }> {
  // In host mode a step inherits everything, so act itself is given next to nothing.
  const env = {
    PATH: [STAND_INS, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    HOME: join(folder, 'home'),
    LANG: 'C.UTF-8',
  }
  const act = spawn(findTool('act') ?? 'act', args, {
    cwd: join(folder, 'matchday'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [act.stdout, act.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  return new Promise((resolve, reject) => {
    act.once('error', reject)
    act.once('close', (code) => resolve({ code: code ?? 1, lines: text.split('\n').map(toActLine) }))
  })
}

// act itself, unlike its steps, may also speak plainly.
function toActLine(line: string): ActLine {
  return line.startsWith('{') ? (JSON.parse(line) as ActLine) : { msg: line }
}
