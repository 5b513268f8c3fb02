// What the local GitHub of the tests (github-server.ts) has and sends: its things as a test sees them, and in the shapes
// that GitHub's own have (API of 2022-11-28).

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { nodeAt, parseYamlFile } from '../../src/schedule/workflow-yaml.ts'
import { readInputs, toWorkflow, type DispatchInput } from '../../src/schedule/workflow.ts'
import { PROJECT_ROOT } from './test-server.ts'

export interface FakeWorkflow {
  readonly id: number
  /** `.github/workflows/nfl-bronze.yml` */
  readonly file: string
  readonly name: string
  state: 'active' | 'disabled_fork' | 'disabled_inactivity' | 'disabled_manually'
  dispatchable: boolean
  /** Undefined: any. */
  inputs: readonly Pick<DispatchInput, 'name' | 'options'>[] | undefined
}

export interface FakeRun {
  readonly id: string
  readonly workflow: FakeWorkflow
  attempt: number
  event: string
  status: string
  conclusion: string | null
  at: Date
}

export interface FakeIssue {
  readonly number: number
  state: 'open' | 'closed'
  title: string
  body: string
  labels: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown
}

export interface FakeDispatch {
  /** The file's name. */
  readonly workflow: string
  readonly ref: string
  readonly inputs: Readonly<Record<string, string>>
  readonly at: Date
  readonly runId: string
  /** Whose token sent it: who acts in the run. */
  readonly actor: string
}

export interface TroubleOptions {
  /** 1 unless told; Infinity until forgiven. */
  readonly times?: number
  /** Matched against `POST /repos/acme/league/issues`. */
  readonly only?: RegExp
}

type Level = 'none' | 'read' | 'write'

export interface Rights {
  actions: Level
  issues: Level
  contents: Level
}

/** Who acts by a token, and what it may do. */
export interface FakeToken {
  readonly actor: string
  readonly rights: Rights
}

/** What a test sees of it. */
export interface Github extends AsyncDisposable {
  readonly url: string
  readonly repository: string
  readonly token: string
  /** Other tokens than `token`, which is a workflow's own: by what they say. */
  readonly tokens: Map<string, FakeToken>
  readonly now: () => Date
  readonly facts: { default_branch: string; private: boolean; fork: boolean; has_pages: boolean; has_issues: boolean }
  readonly rights: Rights
  readonly workflows: FakeWorkflow[]
  readonly dispatches: FakeDispatch[]
  readonly runs: FakeRun[]
  readonly issues: FakeIssue[]
  readonly comments: { issue: number; body: string; at: Date }[]
  readonly requests: { readonly method: string; readonly path: string; readonly query: string; readonly at: Date }[]
  readonly calls: number
  /** Undefined: a repository without a commit. */
  lastCommitAt: Date | undefined
  headCommit: string
  tooOldForRunDetails: 400 | 422 | undefined
  onDispatch: ((dispatch: FakeDispatch, run: FakeRun) => void | Promise<void>) | undefined
  /** A run that is there; completed, successful, scheduled and now unless told. `workflow` is a file's name. */
  addRun(parts?: Partial<Omit<FakeRun, 'workflow'>> & { workflow?: string | FakeWorkflow }): FakeRun
  refuseNext(answer: Answer, options?: TroubleOptions): void
  hang(options?: TroubleOptions): void
  reset(options?: TroubleOptions): void
  loseAnswer(options?: TroubleOptions): void
  garble(options?: TroubleOptions): void
  limitFor(seconds: number): void
  limitSecondary(seconds?: number, options?: TroubleOptions): void
  forgive(): void
}

/** `documentation_url` differs by call; nobody reads it. */
export function refusal(status: number, message: string): { status: number; body: object } {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } }
}

const iso = (instant: Date) => instant.toISOString().replace(/\.\d{3}Z$/, 'Z')

export function workflowShape(workflow: FakeWorkflow, repository: string): object {
  const page = `https://github.test/${repository}`
  return {
    id: workflow.id,
    node_id: `W_${workflow.id}`,
    name: workflow.name,
    path: workflow.file,
    state: workflow.state,
    created_at: '2024-08-01T12:00:00.000Z',
    updated_at: '2024-08-01T12:00:00.000Z',
    url: `https://api.github.test/repos/${repository}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/main/${workflow.file}`,
    badge_url: `${page}/workflows/${workflow.name}/badge.svg`,
  }
}

export function runShape(run: FakeRun, repository: string): object {
  const url = `https://api.github.test/repos/${repository}/actions/runs/${run.id}`
  return {
    id: Number(run.id),
    name: run.workflow.name,
    node_id: `WFR_${run.id}`,
    head_branch: 'main',
    head_sha: '0'.repeat(40),
    path: run.workflow.file,
    display_title: run.workflow.name,
    run_number: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    url,
    html_url: `https://github.test/${repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: iso(run.at),
    updated_at: iso(run.at),
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: iso(run.at),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    previous_attempt_url: null,
  }
}

export function issueShape(issue: FakeIssue, repository: string): object {
  return {
    id: 1_000_000 + issue.number,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    labels: issue.labels.map((name, id) => ({ id, name, color: 'ededed', default: false })),
    locked: false,
    url: `https://api.github.test/repos/${repository}/issues/${issue.number}`,
    html_url: `https://github.test/${repository}/issues/${issue.number}`,
  }
}

/** This project's own workflows, with the inputs that they declare. */
export function projectWorkflows(): FakeWorkflow[] {
  const folder = '.github/workflows'
  return readdirSync(join(PROJECT_ROOT, folder)).map((name, index) => {
    const file = `${folder}/${name}`
    const workflow = toWorkflow(parseYamlFile(file, readFileSync(join(PROJECT_ROOT, file), 'utf8')))
    return aWorkflow({
      id: 7001 + index,
      file,
      name: workflow.name,
      dispatchable: nodeAt(workflow.yaml.root, 'on', 'workflow_dispatch') !== undefined,
      inputs: readInputs(workflow, () => undefined),
    })
  })
}

/** An active workflow that takes any input. */
export function aWorkflow(parts: Partial<FakeWorkflow> & { id: number; file: string }): FakeWorkflow {
  const name = basename(parts.file, '.yml')
  return { name, state: 'active', dispatchable: true, inputs: undefined, ...parts }
}
