// Defines the interface of an executor, which turns a request into a run.

/** A wish that a job be started, as an executor gets it. */
export interface RunRequest {
  /** The job's id, `nfl/bronze`. */
  readonly job: string
  /** Its workflow file's name, `nfl-bronze.yml`. */
  readonly workflow: string
  /** Dispatch inputs by their names in the workflow: `{ season: '2026' }`. All are texts, as GitHub wants them. */
  readonly inputs: Readonly<Record<string, string>>
}

/** A place where a run can happen. Every executor ends in the same door. */
export interface Executor {
  readonly name: 'actions' | 'local'
  /** Resolves once the request is safely handed over, not once the run is done. `reference` is how the run can be asked
   *  about later: GitHub's run id, a process id; undefined where the place does not say. Throws JobFailure: retryable when
   *  it may be temporary. */
  submit(request: RunRequest): Promise<{ readonly reference: string | undefined }>
}
