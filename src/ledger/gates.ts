// What gates ask of the ledger: when a league plays, and who has paused what.

import type { Sql, TransactionSql } from 'postgres'

import type { Season } from '../core/wake-up.ts'

/** The seasons that a league's own schedule has shown so far. */
export async function listSeasons(sql: Sql, league: string): Promise<Season[]> {
  const rows = await sql<{ season: number; opens_at: Date; closes_at: Date }[]>`
    select season, opens_at, closes_at from ledger.seasons where league = ${league}
  `
  return rows.map((row) => ({ season: row.season, opensAt: row.opens_at, closesAt: row.closes_at }))
}

/** Records a season as a run found it. */
export async function recordSeason(
  tx: TransactionSql,
  league: string,
  season: Season & { runId: string },
): Promise<void> {
  await tx`
    insert into ledger.seasons (league, season, opens_at, closes_at, run_id)
    values (${league}, ${season.season}, ${season.opensAt}, ${season.closesAt}, ${season.runId})
    on conflict (league, season) do update
    set opens_at = excluded.opens_at, closes_at = excluded.closes_at, run_id = excluded.run_id
    where (ledger.seasons.opens_at, ledger.seasons.closes_at) <> (excluded.opens_at, excluded.closes_at)
  `
}

/** The pause in force for a job (or for all jobs) at an instant. */
export async function findPause(
  sql: Sql,
  job: string,
  now: Date,
): Promise<{ reason: string; actor: string; until: Date } | undefined> {
  const [row] = await sql<{ reason: string; actor: string; expires_at: Date }[]>`
    select reason, actor, expires_at from ledger.overrides
    where job in (${job}, '*') and kind = 'pause' and ended_at is null and created_at <= ${now} and expires_at > ${now}
    order by expires_at desc
    limit 1
  `
  return row && { reason: row.reason, actor: row.actor, until: row.expires_at }
}
