// Runs that have stopped speaking: found by the database's own clock, asked about, and given up in ledger/runs.ts.

import type { Sql } from 'postgres'

import type { ProcessIdentity } from '../lib/process-identity.ts'

export interface SilentRun {
  readonly runId: string
  readonly job: string
  readonly silentSeconds: number
  readonly identity: ProcessIdentity
  readonly githubRunId: string | undefined
  readonly githubAttempt: number | undefined
  /** Was GitHub asked about it less than five minutes ago? */
  readonly askedLately: boolean
}

/** Running runs that have been silent for longer than this. */
export async function listSilentRuns(sql: Sql, seconds: number): Promise<SilentRun[]> {
  const rows = await sql<
    {
      id: string
      job: string
      silent: number
      host: string
      pid: number
      process_start: string
      github_run_id: string | null
      github_attempt: number | null
      asked_lately: boolean
    }[]
  >`
    select id, job, extract(epoch from clock_timestamp() - heartbeat_at)::double precision as silent, host, pid,
      process_start, github_run_id, github_attempt,
      coalesce(asked_at > clock_timestamp() - interval '5 minutes', false) as asked_lately
    from ledger.runs
    where outcome = 'running' and heartbeat_at <= clock_timestamp() - make_interval(secs => ${seconds})
    order by heartbeat_at
  `
  return rows.map((row) => ({
    runId: row.id,
    job: row.job,
    silentSeconds: row.silent,
    identity: { host: row.host, pid: row.pid, startedTicks: row.process_start },
    githubRunId: row.github_run_id ?? undefined,
    githubAttempt: row.github_attempt ?? undefined,
    askedLately: row.asked_lately,
  }))
}

/** Writes down that GitHub is asked about a run now. */
export async function markAsked(sql: Sql, runId: string): Promise<void> {
  await sql`update ledger.runs set asked_at = clock_timestamp() where id = ${runId} and outcome = 'running'`
}
