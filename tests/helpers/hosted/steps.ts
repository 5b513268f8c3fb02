// One job of a workflow run, step by step, as GitHub's runner does it: scripts are real processes in a checkout. Stood in for: the
// checkout and Node are there already, `npm ci` only tells what it could have read, and what keeps or deploys a site notes that.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { fill, holds, type Contexts, type Standing } from './expressions.ts'
import { readAction, type JobFile, type StepFile } from './workflow-files.ts'

export interface Machine {
  /** The checkout that steps run in. */
  readonly root: string
  /** For the files of GitHub's runner. */
  readonly folder: string
  /** What every step has in its environment: GitHub's own variables, and the way to the tests' servers. */
  readonly env: Readonly<Record<string, string>>
  /** Told the environment in which packages are installed, whose scripts could read it. */
  readonly installing: (env: Readonly<Record<string, string>>) => void
  /** Told of a site that is kept as an artifact or handed to Pages. Throws where Pages is off. */
  readonly keeping: (action: string) => void
}

export interface JobEnd {
  readonly standing: Standing
  readonly outputs: Readonly<Record<string, string>>
  /** Of the step that failed. */
  readonly exitCode: number
  readonly log: string
  readonly summary: string
}

interface Work {
  readonly machine: Machine
  readonly contexts: Contexts
  /** The environment of the step that uses a composite action. */
  readonly env: Readonly<Record<string, string>>
  readonly log: string[]
  readonly summaries: string[]
}

interface StepsEnd {
  readonly standing: Standing
  readonly exitCode: number
  readonly steps: Readonly<Record<string, { outputs: Readonly<Record<string, string>> }>>
}

/** Runs a job's steps to their end. */
export async function runJobSteps(job: JobFile, machine: Machine, contexts: Contexts): Promise<JobEnd> {
  const work: Work = { machine, contexts, env: {}, log: [], summaries: [] }
  const { standing, exitCode, steps } = await runSteps(job.steps, work)
  const outputs = mapValues(job.outputs ?? {}, (text) => fill(text, { ...contexts, steps }))
  return { standing, exitCode, outputs, log: work.log.join('\n'), summary: work.summaries.join('\n') }
}

async function runSteps(steps: readonly StepFile[], work: Work): Promise<StepsEnd> {
  const done: Record<string, { outputs: Readonly<Record<string, string>> }> = {}
  let [standing, exitCode]: [Standing, number] = ['success', 0]
  for (const step of steps) {
    const contexts = { ...work.contexts, steps: done }
    if (!holds(step.if, contexts, standing)) continue
    const env = { ...work.env, ...mapValues(step.env ?? {}, (value) => fill(String(value), contexts)) }
    const ended = await runStep(step, { ...work, contexts, env })
    if (step.id !== undefined) done[step.id] = { outputs: ended.outputs }
    if (ended.exitCode !== 0) [standing, exitCode] = ['failure', ended.exitCode]
  }
  return { standing, exitCode, steps: done }
}

interface StepEnd {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
}

const FINE: StepEnd = { exitCode: 0, outputs: {} }

async function runStep(step: StepFile, work: Work): Promise<StepEnd> {
  if (step.run !== undefined) return await runShell(fill(step.run, work.contexts), work)
  const uses = step.uses ?? ''
  if (uses.startsWith('./')) return await runComposite(uses, step, work)
  return useAction(uses, work)
}

function useAction(uses: string, { machine, log }: Work): StepEnd {
  const action = uses.split('@')[0] ?? ''
  if (action === 'actions/checkout' || action === 'actions/setup-node') return FINE
  try {
    machine.keeping(action)
    return FINE
  } catch (error) {
    log.push((error as Error).message)
    return { exitCode: 1, outputs: {} }
  }
}

async function runComposite(uses: string, step: StepFile, work: Work): Promise<StepEnd> {
  const action = readAction(work.machine.root, uses)
  const given = mapValues(step.with ?? {}, (value) => fill(String(value), work.contexts))
  const inputs = { ...mapValues(action.inputs ?? {}, (input) => String(input.default ?? '')), ...given }
  const contexts = { ...work.contexts, inputs }
  const { exitCode, steps } = await runSteps(action.runs.steps, { ...work, contexts })
  return { exitCode, outputs: mapValues(action.outputs ?? {}, ({ value }) => fill(value, { ...contexts, steps })) }
}

async function runShell(text: string, { machine, env, log, summaries }: Work): Promise<StepEnd> {
  const whole = { ...machine.env, ...env }
  if (/^npm ci\b/m.test(text)) {
    machine.installing(whole)
    return FINE
  }
  const folder = mkdtempSync(join(machine.folder, 'step-'))
  const file = (name: string, content = '') => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const [summary, output] = [file('summary'), file('output')]
  const given = { ...whole, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, GITHUB_ENV: file('env'), GITHUB_PATH: file('path') } // prettier-ignore
  const exitCode = await spawnShell(file('script.sh', text), { env: given, cwd: machine.root, log })
  summaries.push(readFileSync(summary, 'utf8'))
  return { exitCode, outputs: readOutputs(readFileSync(output, 'utf8')) }
}

function spawnShell(
  script: string,
  { env, cwd, log }: { env: Readonly<Record<string, string>>; cwd: string; log: string[] },
): Promise<number> {
  const shell = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => void log.push(part.trimEnd()))
  return new Promise((resolve, reject) => {
    shell.once('error', reject)
    shell.once('close', (code) => resolve(code ?? 1))
  })
}

/** `name=value`, or `name<<END` with lines until END. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name = '', , body = ''] of text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)) outputs[name] = body
  for (const [, name = '', value = ''] of text.matchAll(/^([\w-]+)=(.*)$/gm)) outputs[name] ??= value
  return outputs
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, to: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]))
}
