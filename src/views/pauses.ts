// Lists what people have paused: one job, or all of them.

import type { Sql } from 'postgres'

import { ALL_JOBS } from '../ledger/overrides.ts'

export interface Pause {
  /** A job's id, or `*` for every job. */
  readonly job: string
  readonly reason: string
  readonly actor: string
  readonly until: Date
}

/** The pauses in force, by job. */
export async function listPauses(sql: Sql, now: Date): Promise<Pause[]> {
  return await sql<Pause[]>`
    select job, reason, actor, expires_at as until from ledger.overrides
    where kind = 'pause' and slot_due_at is null and ended_at is null and created_at <= ${now} and expires_at > ${now}
    order by job, expires_at desc
  `
}

/** What keeps a job from running the longest: its own pause or everybody's, as the gate judges (src/ledger/overrides.ts). */
export function pauseOf(pauses: readonly Pause[], job: string): Pause | undefined {
  const own = pauses.filter((pause) => pause.job === job || pause.job === ALL_JOBS)
  return own.sort((a, b) => b.until.getTime() - a.until.getTime())[0]
}
