// Keeps the version that was accepted last of what only ops-setup may write, so that no old run of it that somebody starts again undoes it.

import type { Sql, TransactionSql } from 'postgres'

import { ConfigFailure } from '../core/errors.ts'
import { sayInstant } from '../core/wording.ts'

/** What a write to shared state says of itself. */
export interface Version {
  /** GITHUB_RUN_NUMBER: it grows with every run of a workflow, and a run that is started again keeps its own. */
  readonly number: number
  readonly commit: string
  /** Is its commit the default branch's newest? Undefined: GitHub did not say. */
  readonly isHead: boolean | undefined
}

const SCHEDULES = 'schedules'
const short = (commit: string) => commit.slice(0, 12)

/** Accepts what is no older than the last, or what the default branch shows now: so that a database that moved to a new repository,
 *  where numbers begin anew, locks nobody out. Throws ConfigFailure. Whoever calls it holds a lock until its transaction ends. */
export async function acceptSchedules(tx: TransactionSql, version: Version, at: Date): Promise<void> {
  const { number, commit, isHead } = version
  const [last] = await tx<{ number: string; commit: string; accepted_at: Date }[]>`
    select number, commit, accepted_at from ledger.versions where subject = ${SCHEDULES}
  `
  if (last && number < Number(last.number) && isHead !== true) {
    const found = isHead === false ? 'its commit is not the newest of the default branch' : 'GitHub did not say whether its commit is the newest of the default branch' // prettier-ignore
    throw new ConfigFailure(
      `ops-setup run ${number} (commit ${short(commit)}) is older than run ${last.number} (commit ${short(last.commit)}), which wrote the schedule ${sayInstant(last.accepted_at)}, and ${found}. The schedule was not changed. Start a new run instead of this one again: Actions → ops-setup → Run workflow, on the default branch.`,
      { code: 'older_version' },
    )
  }
  await tx`
    insert into ledger.versions (subject, number, commit, accepted_at) values (${SCHEDULES}, ${number}, ${commit}, ${at})
    on conflict (subject) do update
    set number = excluded.number, commit = excluded.commit, accepted_at = excluded.accepted_at
  `
}

/** The commit whose schedule is in force; undefined: none said which it was. */
export async function findScheduleCommit(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ commit: string }[]>`select commit from ledger.versions where subject = ${SCHEDULES}`
  return row?.commit
}
