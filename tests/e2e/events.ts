// GitHub's events, in the shape of its own payloads, as far as act and the door read them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

import { ROOT } from '../checks/files.ts'

export interface ActEvent {
  readonly name: string
  readonly payload: Readonly<Record<string, unknown>>
}

const REPOSITORY = {
  id: 17273051,
  name: 'matchday',
  full_name: 'league/matchday',
  private: true,
  fork: false,
  default_branch: 'main',
  owner: { login: 'league', id: 6811672, type: 'Organization' },
}
const SENDER = { login: 'ann', id: 21031067, type: 'User', site_admin: false }

/** GitHub's cron woke the workflow. Whether such an event names its repository has changed over the years: here it does not. */
export function aSchedule(cron: string): ActEvent {
  return { name: 'schedule', payload: { schedule: cron, workflow: '.github/workflows/any.yml' } }
}

/** A parent's workflow ended. */
export function aWorkflowRun(parent: string, wish: Readonly<Record<string, unknown>> = {}): ActEvent {
  const run = {
    id: 289782451,
    name: parent,
    path: `.github/workflows/${parent}.yml`,
    event: 'schedule',
    status: 'completed',
    conclusion: 'success',
    head_branch: 'main',
    head_repository: { id: REPOSITORY.id, full_name: REPOSITORY.full_name },
    head_sha: '3484a3fb816e0859fd6e1cea078d76385ff50625',
    run_number: 163,
    run_attempt: 1,
    ...wish,
  }
  const workflow = { id: 2823525, name: parent, path: run.path, state: 'active' }
  const payload = { action: 'completed', repository: REPOSITORY, sender: SENDER, workflow, workflow_run: run }
  return { name: 'workflow_run', payload }
}

/** A person pressed "Run workflow". What the person left alone has its default, as GitHub sends it: all as text. */
export function aDispatch(
  workflow: string,
  inputs: Readonly<Record<string, string>> = {},
  ref = 'refs/heads/main',
): ActEvent {
  const path = `.github/workflows/${workflow}.yml`
  const { on } = parse(readFileSync(join(ROOT, path), 'utf8')) as {
    on: { workflow_dispatch: { inputs?: Record<string, { default?: unknown }> } | null }
  }
  const declared = Object.entries(on.workflow_dispatch?.inputs ?? {})
  const defaults = Object.fromEntries(declared.map(([name, input]) => [name, String(input.default ?? '')]))
  const payload = { inputs: { ...defaults, ...inputs }, ref, repository: REPOSITORY, sender: SENDER, workflow: path }
  return { name: 'workflow_dispatch', payload }
}

/** Somebody merged. */
export function aPush(commit: string): ActEvent {
  const commits = [{ id: commit, message: 'Change a schedule', modified: ['.github/workflows/nfl-bronze.yml'] }]
  const payload = { ref: 'refs/heads/main', after: commit, commits, repository: REPOSITORY, sender: SENDER }
  return { name: 'push', payload }
}
