// What a test sees of a repository whose workflow files are run for real (repository.ts).

import type { FakeRun, Github } from '../github-shapes.ts'
import type { MovedClock } from './clock.ts'
import type { JobEnd } from './steps.ts'
import type { WorkflowFile } from './workflow-files.ts'

export interface HostedOptions {
  readonly clock: MovedClock
  readonly branch?: string
  readonly isPrivate?: boolean
  /** Whether a run that a workflow's own token has dispatched wakes what is chained to it. */
  readonly chainsBelowToken?: boolean
  /** What every process finds in its environment, beside GitHub's own: where the providers are. */
  readonly env?: Readonly<Record<string, string>>
}

export interface HostedJob extends JobEnd {
  readonly id: string
  readonly conclusion: 'success' | 'failure' | 'skipped'
}

export interface HostedRun {
  readonly id: string
  /** The workflow's name: nfl-bronze. */
  readonly workflow: string
  readonly event: string
  readonly actor: string
  readonly at: Date
  /** How many hops of `workflow_run` it is below the first. */
  readonly depth: number
  conclusion: 'success' | 'failure' | 'skipped' | 'cancelled' | undefined
  readonly jobs: HostedJob[]
}

export interface HostedRepository extends AsyncDisposable {
  readonly github: Github
  readonly secrets: Record<string, string>
  readonly vars: Record<string, string>
  /** All runs, in the order in which they came. */
  readonly runs: HostedRun[]
  /** Sites that were kept as an artifact or handed to Pages, by the action that did. */
  readonly sites: string[]
  /** The environments in which packages were installed. */
  readonly installs: Readonly<Record<string, string>>[]
  /** The folder that runs see as their checkout. */
  readonly root: string
  /** Somebody pushed these files to a branch; the default branch unless told. */
  push(files: readonly string[], branch?: string): void
  /** A person pressed "Run workflow". */
  press(workflow: string, inputs?: Readonly<Record<string, string>>): void
  /** GitHub's cron fires a workflow that has lines; one that is disabled sleeps on. */
  tick(workflow: string): void
  /** Lets everything run that waits, and what comes of it. Returns the runs. */
  settle(): Promise<HostedRun[]>
}

/** A run that waits or works, with all that its workflow file may ask for. */
export interface Pending {
  readonly run: HostedRun
  readonly file: WorkflowFile
  /** The same run as GitHub's API shows it. */
  readonly seen: FakeRun
  readonly payload: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, unknown>>
  readonly branch: string
  /** Dispatched by a workflow's own token. */
  readonly byToken: boolean
}

/** What runs are made in. */
export interface Premises {
  readonly repository: HostedRepository
  readonly options: HostedOptions
  /** For files that are nobody's checkout. */
  readonly folder: string
}
