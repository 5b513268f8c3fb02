// A repository on a GitHub that runs its workflow files for real: triggers, conditions, rights, secrets and concurrency are what the
// files say, scripts are processes, and GitHub's rules are kept. Who acts by a run's own token is github-actions[bot], and such a
// run's end wakes nobody (`chainsBelowToken` is a GitHub where it does); skipped jobs run nothing; what is disabled refuses
// dispatches; of one concurrency group one run waits, and a newer one takes its place.
//
// Runs come one after the other. Time goes on by itself, a run's way to its runner takes some seconds, and a test moves the clock
// ahead over the hours in between.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { listProjectFiles, ROOT } from '../../checks/files.ts'
import { aGithub } from '../github-server.ts'
import { projectWorkflows, type FakeRun } from '../github-shapes.ts'
import { aboutParent, aboutRepository, COMMIT, contextsOf } from './contexts.ts'
import { fill } from './expressions.ts'
import { execute } from './run.ts'
import type { HostedOptions, HostedRepository, HostedRun, Pending } from './types.ts'
import { inputsOf, readWorkflows, type WorkflowFile } from './workflow-files.ts'

/** From an event to the first step: GitHub finds a runner, which checks out and installs. */
const TO_THE_RUNNER_MS = 25_000
/** GitHub starts at most three levels of workflow_run (documentation of events). */
const DEEPEST = 3
/** What is not run here: CI itself would be this test again. */
const LEFT_OUT = ['ci']

interface Arrival {
  readonly event: string
  readonly actor: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly inputs?: Readonly<Record<string, string>>
  readonly branch?: string
  readonly depth?: number
  readonly seen?: FakeRun
}

/** A repository that was just made from the template: nothing is set, and nothing has run. */
export async function aHostedRepository(options: HostedOptions): Promise<HostedRepository> {
  const { clock, branch = 'main' } = options
  const folder = mkdtempSync(join(tmpdir(), 'matchday-hosted-'))
  const root = copyProject(folder)
  const files = readWorkflows(root)
  const github = await aGithub({
    now: () => clock.now(),
    repository: 'league/matchday',
    workflows: projectWorkflows(),
  })
  Object.assign(github.facts, { default_branch: branch, private: options.isPrivate ?? false })
  github.lastCommitAt = clock.now()
  const queue: Pending[] = []
  const repository: HostedRepository = {
    github,
    secrets: {},
    vars: {},
    runs: [],
    sites: [],
    installs: [],
    root,
    push(changed, to = branch) {
      const commits = [{ id: COMMIT, message: 'A change', modified: changed }]
      const payload = { ref: `refs/heads/${to}`, after: COMMIT, commits }
      for (const file of files.filter((one) => isPushed(one, changed, to)))
        enqueue(file, { event: 'push', actor: 'ann', branch: to, payload })
    },
    press(workflow, inputs = {}) {
      const file = fileOf(workflow)
      if (!isActive(file)) throw new Error(`${file.file} is disabled: there is no button`)
      enqueue(file, aDispatch(file, 'ann', inputs))
    },
    tick(workflow) {
      const file = fileOf(workflow)
      const [line] = file.on.schedule ?? []
      if (line === undefined) throw new RangeError(`${workflow} has no cron line`)
      if (isActive(file)) enqueue(file, { event: 'schedule', actor: 'ann', payload: { schedule: line.cron } })
    },
    async settle() {
      const done: HostedRun[] = []
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        await clock.moveTo(new Date(clock.now().getTime() + TO_THE_RUNNER_MS))
        await execute(next, { repository, options, folder })
        queue.shift()
        done.push(next.run)
        wakeChained(next)
      }
      return done
    },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  github.onDispatch = ({ workflow, inputs, actor }, seen) => {
    const file = fileOf(workflow.replace(/\.yml$/, ''))
    enqueue(file, { ...aDispatch(file, actor, inputs), seen })
  }

  function aDispatch(file: WorkflowFile, actor: string, inputs: Readonly<Record<string, string>>): Arrival {
    const texts = Object.entries(inputsOf(file, inputs)).map(([name, value]) => [name, String(value)] as const)
    const payload = { inputs: Object.fromEntries(texts), ref: `refs/heads/${branch}` }
    return { event: 'workflow_dispatch', actor, inputs, payload }
  }

  function enqueue(file: WorkflowFile, arrival: Arrival): void {
    const { event, actor, depth = 0, inputs = {} } = arrival
    const seen = arrival.seen ?? github.addRun({ workflow: file.file, event, status: 'queued', conclusion: null })
    const run: HostedRun = { id: seen.id, workflow: file.name, event, actor, at: clock.now(), depth, conclusion: undefined, jobs: [] } // prettier-ignore
    repository.runs.push(run)
    const byToken = event === 'workflow_dispatch' && actor.endsWith('[bot]')
    const sender = { login: actor, type: byToken ? 'Bot' : 'User' }
    // GitHub's cron tells of no repository and no sender (codeql-action#1211, metadata-action#184).
    const payload =
      event === 'schedule' ? arrival.payload : { ...arrival.payload, repository: aboutRepository(github), sender }
    const pending = { run, file, seen, payload, inputs: inputsOf(file, inputs), branch: arrival.branch ?? branch, byToken } // prettier-ignore
    makeRoom(pending)
    queue.push(pending)
  }

  /** One of a group runs and one waits: what waited until now is cancelled, and never begins. */
  function makeRoom(newest: Pending): void {
    const waiting = queue.filter((one) => groupOf(one) === groupOf(newest)).slice(1)
    for (const { run, seen } of waiting) {
      run.conclusion = 'cancelled'
      Object.assign(seen, { status: 'completed', conclusion: 'cancelled' })
    }
    const kept = queue.filter((one) => !waiting.includes(one))
    queue.splice(0, queue.length, ...kept)
  }

  function groupOf(pending: Pending): string {
    const { concurrency } = pending.file
    return concurrency === undefined
      ? pending.run.id
      : fill(concurrency.group, contextsOf(pending, repository)).toLowerCase()
  }

  /** A run has ended: whoever is chained to its workflow begins, if GitHub's rules let it. */
  function wakeChained({ run, byToken, branch: on }: Pending): void {
    if ((byToken && options.chainsBelowToken !== true) || run.depth >= DEEPEST) return
    const payload = aboutParent(run, on, github.repository)
    for (const file of files.filter(({ on: triggers }) => triggers.workflow_run?.workflows.includes(run.workflow))) {
      const { branches } = file.on.workflow_run ?? {}
      if (isActive(file) && (branches === undefined || branches.includes(on)))
        enqueue(file, { event: 'workflow_run', actor: run.actor, payload, depth: run.depth + 1 })
    }
  }

  function fileOf(workflow: string): WorkflowFile {
    const found = files.find(({ file }) => file === `${workflow}.yml`)
    if (found === undefined) throw new RangeError(`there is no workflow ${workflow}`)
    return found
  }

  const isActive = ({ file }: WorkflowFile) =>
    github.workflows.find((workflow) => workflow.file === `.github/workflows/${file}`)?.state === 'active'

  return repository
}

/** What git knows of this checkout, uncommitted changes included. */
function copyProject(folder: string): string {
  const root = join(folder, 'checkout')
  for (const file of listProjectFiles()) cpSync(join(ROOT, file), join(root, file))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  mkdirSync(join(folder, 'home'))
  return root
}

function isPushed({ name, on: { push } }: WorkflowFile, changed: readonly string[], branch: string): boolean {
  if (push === undefined || LEFT_OUT.includes(name)) return false
  if (push?.branches && !push.branches.some((pattern) => matches(branch, pattern))) return false
  return push?.paths === undefined || changed.some((path) => push.paths?.some((pattern) => matches(path, pattern)))
}

/** `**` and `.github/workflows/**`, as far as our files use patterns. */
const matches = (text: string, pattern: string) =>
  pattern.endsWith('**') ? text.startsWith(pattern.slice(0, -2)) : text === pattern
