// GitHub as we use it: every call that Matchday makes of its REST API, behind one interface.

/** A workflow run as GitHub lists it. */
export interface GithubRun {
  readonly id: string
  readonly attempt: number
  /** The workflow's file, `.github/workflows/nfl-bronze.yml`. */
  readonly file: string
  readonly event: string
  /** queued, in_progress, completed, waiting, pending, requested ... */
  readonly status: string
  /** Of a completed run: success, failure, cancelled, startup_failure, timed_out, skipped ... */
  readonly conclusion: string | undefined
  readonly createdAt: Date
  readonly url: string
}

export interface GithubIssue {
  readonly number: number
  readonly open: boolean
  readonly labels: readonly string[]
  readonly url: string
}

export interface GithubRepository {
  readonly defaultBranch: string
  readonly private: boolean
  readonly fork: boolean
  readonly hasPages: boolean
  readonly hasIssues: boolean
}

/** Throws SourceFailure (source `github`): retryable for rate limits (with the seconds GitHub asks to wait), 5xx,
 *  time-outs and lost connections; permanent for 401, 403 without a limit, 404 and 422. Messages name the call, never
 *  the token. */
export interface GithubApi {
  /** Calls made so far, for the account of a pass. */
  readonly calls: number
  /** What time it is by GitHub's last answer; undefined before it gave one. */
  clock(): Date | undefined
  /** Asked once and kept. */
  readRepository(): Promise<GithubRepository>
  /** Starts a workflow on the default branch; the run's id where GitHub tells it. */
  dispatchWorkflow(workflow: string, inputs: Readonly<Record<string, string>>): Promise<string | undefined>
  /** A run, or undefined when GitHub knows none of this id. */
  findRun(id: string): Promise<GithubRun | undefined>
  /** Runs created at or after an instant, newest first; at most `limit` (GitHub lists no more than 1,000). */
  listRunsSince(since: Date, limit: number): Promise<readonly GithubRun[]>
  /** Did any run of a workflow, started by this event, ever succeed? Runs are kept for 400 days. */
  hasSucceeded(workflow: string, event: string): Promise<boolean>
  listWorkflows(): Promise<readonly { readonly file: string; readonly state: string }[]>
  enableWorkflow(file: string): Promise<void>
  /** When the default branch's newest commit was committed. */
  lastCommitAt(): Promise<Date | undefined>
  /** The default branch's newest commit. */
  headCommit(): Promise<string | undefined>
  createIssue(issue: { title: string; body: string; labels: readonly string[] }): Promise<GithubIssue>
  findIssue(number: number): Promise<GithubIssue | undefined>
  updateIssue(number: number, change: { state?: 'open' | 'closed'; title?: string; body?: string }): Promise<void>
  commentOnIssue(number: number, body: string): Promise<void>
}
