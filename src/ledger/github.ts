// Keeps what GitHub said that the ledger could not know: runs that never wrote themselves down, and workflows that are disabled.

import type { Sql } from 'postgres'

export interface Ghost {
  readonly githubRunId: string
  readonly githubAttempt: number
  readonly file: string
  readonly job: string
  readonly event: string
  readonly conclusion: string
  readonly createdAt: Date
  readonly url: string
}

export interface WatchTimes {
  readonly listedAt: Date | undefined
  readonly listedUntil: Date | undefined
  readonly statesAt: Date | undefined
  /** When active workflows were last enabled, so that they stay so. */
  readonly keptAwakeAt: Date | undefined
  /** When the first schedule was registered. */
  readonly registeredAt: Date | undefined
}

/** When GitHub was last asked for its runs and for the workflows' states, and since when anything is expected of it. */
export async function findWatchTimes(sql: Sql): Promise<WatchTimes> {
  const [row] = await sql<
    {
      listed_at: Date | null
      listed_until: Date | null
      states_at: Date | null
      kept_awake_at: Date | null
      registered_at: Date | null
    }[]
  >`
    select listed_at, listed_until, states_at, kept_awake_at, (select min(valid_from) from ledger.schedules) as registered_at
    from ledger.watch
  `
  return {
    listedAt: row?.listed_at ?? undefined,
    listedUntil: row?.listed_until ?? undefined,
    statesAt: row?.states_at ?? undefined,
    keptAwakeAt: row?.kept_awake_at ?? undefined,
    registeredAt: row?.registered_at ?? undefined,
  }
}

/** Of these GitHub runs, the ids that some run of the ledger carries, each as `id/attempt`. */
export async function listKnownGithubRuns(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ github_run_id: string; github_attempt: number }[]>`
    select github_run_id, coalesce(github_attempt, 1) as github_attempt from ledger.runs
    where github_run_id = any(${sql.array([...ids])}::bigint[])
  `
  return new Set(rows.map((row) => `${row.github_run_id}/${row.github_attempt}`))
}

/** Keeps ghosts that are new, and up to when GitHub's runs have been compared. Returns how many are new. */
export async function keepGhosts(
  sql: Sql,
  ghosts: readonly Ghost[],
  compared: { at: Date; until: Date },
): Promise<number> {
  return await sql.begin(async (tx) => {
    await tx`update ledger.watch set listed_at = ${compared.at}, listed_until = ${compared.until}`
    let kept = 0
    for (const ghost of ghosts) {
      const done = await tx`
        insert into ledger.ghosts (github_run_id, github_attempt, file, job, event, conclusion, created_at, seen_at, url)
        values (${ghost.githubRunId}, ${ghost.githubAttempt}, ${ghost.file}, ${ghost.job}, ${ghost.event},
          ${ghost.conclusion}, ${ghost.createdAt}, ${compared.at}, ${ghost.url})
        on conflict (github_run_id, github_attempt) do nothing
      `
      kept += done.count
    }
    return kept
  })
}

/** Keeps what GitHub says of each workflow, with when it changed, the age of the last commit and whether the repository is
 *  public. That it was asked is a mark of
 *  its own (markStatesRead): what it did not answer is asked again by the next pass. */
export async function keepWorkflowStates(
  sql: Sql,
  states: readonly { file: string; state: string }[],
  seen: { at: Date; lastCommitAt: Date | undefined; publicRepository: boolean | undefined },
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      update ledger.watch
      set last_commit_at = coalesce(${seen.lastCommitAt ?? null}, last_commit_at),
        public_repository = coalesce(${seen.publicRepository ?? null}, public_repository)
    `
    for (const { file, state } of states) {
      await tx`
        insert into ledger.workflow_states as old (file, state, since_at, seen_at)
        values (${file}, ${state}, ${seen.at}, ${seen.at})
        on conflict (file) do update
        set state = excluded.state, seen_at = excluded.seen_at,
          since_at = case when old.state = excluded.state then old.since_at else excluded.since_at end
      `
    }
  })
}

/** Writes down that GitHub has answered everything about the workflows' states. */
export async function markStatesRead(sql: Sql, at: Date): Promise<void> {
  await sql`update ledger.watch set states_at = ${at}`
}

/** Writes down that active workflows were enabled all the same. */
export async function markKeptAwake(sql: Sql, at: Date): Promise<void> {
  await sql`update ledger.watch set kept_awake_at = ${at}`
}

/** The workflow files that GitHub will not start because a person, or the fork, has switched them off. */
export async function listSwitchedOff(sql: Sql): Promise<{ file: string; state: string }[]> {
  return await sql<{ file: string; state: string }[]>`
    select file, state from ledger.workflow_states where state in ('disabled_manually', 'disabled_fork')
  `
}

/** Gives up the waiting slots of a job whose workflow is switched off. Returns how many. */
export async function waiveOfJob(sql: Sql, job: string, why: { reason: string; now: Date }): Promise<number> {
  const done = await sql`
    with waiting as (
      select due_at from ledger.slots where job = ${job} and state = 'due' and due_at <= ${why.now} order by due_at for update
    )
    update ledger.slots s set state = 'waived', reason = ${why.reason}, changed_at = ${why.now}
    from waiting
    where s.job = ${job} and s.due_at = waiting.due_at and s.state = 'due'
  `
  return done.count
}

/** Leaves the reason on a job's overdue slots; a deadline that passes keeps it. Returns how many. */
export async function explainOverdue(sql: Sql, job: string, why: { reason: string; now: Date }): Promise<number> {
  const done = await sql`
    with overdue as (
      select due_at from ledger.slots
      where job = ${job} and state = 'due' and grace_until < ${why.now} and reason is distinct from ${why.reason}
      order by due_at
      for update
    )
    update ledger.slots s set reason = ${why.reason}
    from overdue
    where s.job = ${job} and s.due_at = overdue.due_at and s.state = 'due'
  `
  return done.count
}
