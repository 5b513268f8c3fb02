// One run of a workflow: its jobs in their order, each if its condition holds, with the rights that it asks for and no others.

import { writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

import type { FakeToken } from '../github-shapes.ts'
import { contextsOf } from './contexts.ts'
import { holds } from './expressions.ts'
import { runJobSteps, type Machine } from './steps.ts'
import type { HostedJob, Pending, Premises } from './types.ts'
import type { JobFile } from './workflow-files.ts'

const NOTHING = { standing: 'success', exitCode: 0, outputs: {}, log: '', summary: '' } as const

/** Runs it to its end. */
export async function execute(pending: Pending, premises: Premises): Promise<void> {
  const { run, file, seen } = pending
  seen.status = 'in_progress'
  for (const [id, job] of Object.entries(file.jobs)) run.jobs.push(await runJob(id, job, pending, premises))
  const conclusions = run.jobs.map(({ conclusion }) => conclusion)
  const ended = conclusions.every((one) => one === 'skipped') ? 'skipped' : 'success'
  run.conclusion = conclusions.includes('failure') ? 'failure' : ended
  Object.assign(seen, { status: 'completed', conclusion: run.conclusion })
}

async function runJob(id: string, job: JobFile, pending: Pending, premises: Premises): Promise<HostedJob> {
  const { github } = premises.repository
  const parents = pending.run.jobs.filter((one) => [job.needs ?? []].flat().includes(one.id))
  const needs = Object.fromEntries(parents.map(({ id: name, conclusion, outputs }) => [name, { result: conclusion, outputs }])) // prettier-ignore
  const token = `token-${pending.run.id}-${id}`
  const contexts = { ...contextsOf(pending, premises.repository, token), needs }
  const standing = parents.every(({ conclusion }) => conclusion === 'success') ? 'success' : 'failure'
  try {
    if (!holds(job.if, contexts, standing)) return { id, conclusion: 'skipped', ...NOTHING }
  } catch (error) {
    // An expression that cannot be evaluated fails the job before any step.
    return { id, conclusion: 'failure', ...NOTHING, log: (error as Error).message }
  }
  github.tokens.set(token, { actor: 'github-actions[bot]', rights: rightsOf(job) })
  const end = await runJobSteps(job, machineOf(pending, premises, token), contexts)
  github.tokens.delete(token)
  return { id, conclusion: end.standing, ...end }
}

function rightsOf({ permissions = {} }: JobFile): FakeToken['rights'] {
  const { actions = 'none', issues = 'none', contents = 'none' } = permissions
  return { actions, issues, contents }
}

function machineOf(pending: Pending, { repository, options, folder }: Premises, token: string): Machine {
  const { root, github, installs, sites } = repository
  return {
    root,
    folder,
    env: {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: join(folder, 'home'),
      LANG: 'C.UTF-8',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_PATH: eventFile(pending, folder),
      ...variablesOf(contextsOf(pending, repository, token)['github'] as Record<string, string>),
      ...options.env,
      MOVED_CLOCK_MS: String(options.clock.offsetMs()),
      NODE_OPTIONS: `--import tsx --import ${new URL('moved-clock.ts', import.meta.url).href}`,
    },
    installing: (env) => void installs.push(env),
    keeping(action) {
      const needsPages = action === 'actions/upload-pages-artifact' || action === 'actions/deploy-pages'
      if (needsPages && !github.facts.has_pages)
        throw new Error('HttpError: Not Found. Ensure GitHub Pages has been enabled')
      sites.push(action)
    },
  }
}

function eventFile({ run, payload }: Pending, folder: string): string {
  const path = join(folder, `event-${run.id}.json`)
  writeFileSync(path, JSON.stringify(payload))
  return path
}

/** `run_id` is GITHUB_RUN_ID; the event lies in a file, and the token in no variable unless a step asks for it. */
function variablesOf({ token: _, event: __, ...context }: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, value]))
}
