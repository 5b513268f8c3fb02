// Answers what gates ask of the ledger: when a league plays, and who has paused what.

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

/** Replaces what is known of a league's games from an instant on. */
export async function recordGames(
  tx: TransactionSql,
  league: string,
  games: { from: Date; windows: readonly { opensAt: Date; closesAt: Date }[]; runId: string },
): Promise<void> {
  await tx`
    with known as (
      select opens_at from ledger.live_windows where league = ${league} and opens_at >= ${games.from} order by opens_at for update
    )
    delete from ledger.live_windows w using known where w.league = ${league} and w.opens_at = known.opens_at
  `
  const windows = games.windows.map(({ opensAt, closesAt }) => ({ opens_at: opensAt, closes_at: closesAt }))
  await tx`
    insert into ledger.live_windows (league, opens_at, closes_at, run_id)
    select ${league}, opens_at, max(closes_at), ${games.runId}::uuid
    from jsonb_to_recordset(${tx.json(windows)}::jsonb) as game (opens_at timestamptz, closes_at timestamptz)
    where opens_at >= ${games.from}
    group by opens_at
    order by opens_at
    on conflict (league, opens_at) do nothing
  `
}

/** Until when games of a league are on, if they are at this instant. */
export async function findGamesUntil(sql: Sql, league: string, now: Date): Promise<Date | undefined> {
  const [row] = await sql<{ until: Date | null }[]>`
    select max(closes_at) as until from ledger.live_windows
    where league = ${league} and opens_at <= ${now} and closes_at > ${now}
  `
  return row?.until ?? undefined
}
