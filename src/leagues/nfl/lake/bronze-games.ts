// bronze.nfl_games and bronze.files: games as received, one row per revision, and the files they came in. Appended only.

import type { Sql, TransactionSql } from 'postgres'

import { fingerprint, mergeCells, type Cells } from './typed-cells.ts'

/** Who writes, and as of when. */
export interface Stamp {
  readonly runId: string
  readonly asOf: Date
  readonly simulated: boolean
}

export interface LandedFile {
  readonly address: string
  readonly etag: string | null
  readonly hash: string
  readonly rowCount: number
  readonly columns: readonly string[]
  readonly simulated: boolean
}

export interface Landing {
  readonly new: number
  readonly changed: number
  readonly same: number
}

interface Revision {
  readonly game_id: string
  readonly revision: number
  readonly cells: Cells
  readonly fingerprint: string
}

/** The file landed last from `source`. */
export async function findNewestFile(sql: Sql, source: string): Promise<LandedFile | undefined> {
  const [file] = await sql<LandedFile[]>`
    select address, etag, hash, row_count as "rowCount", columns, simulated
    from bronze.files
    where source = ${source}
    order by id desc
    limit 1
  `
  return file
}

/** Keeps that this content was received, unless it is what was received last. */
export async function recordFile(
  tx: TransactionSql,
  file: LandedFile & { source: string; bytes: number },
  stamp: Stamp,
): Promise<void> {
  await tx`
    insert into bronze.files (source, address, hash, etag, bytes, row_count, columns, as_of, run_id, simulated)
    select ${file.source}, ${file.address}, ${file.hash}, ${file.etag}, ${file.bytes}, ${file.rowCount},
      ${[...file.columns]}, ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    where ${file.hash} is distinct from
      (select hash from bronze.files where source = ${file.source} order by id desc limit 1)
  `
}

/** Appends a revision of every game that is new or whose typed values differ from its newest revision. Games that the
 *  file does not hold stay as they are: absence is not deletion. */
export async function landGameRows(tx: TransactionSql, rows: readonly Cells[], stamp: Stamp): Promise<Landing> {
  // Bronze, predict and results may land at the same time: the second waits and finds nothing new.
  await tx`lock table bronze.nfl_games in share row exclusive mode`
  const known = await listFingerprints(tx)
  const received = rows.map((cells) => ({ id: cells['game_id'] ?? '', cells, fingerprint: fingerprint(cells) }))
  const suspects = received.filter((row) => known.get(row.id)?.fingerprint !== row.fingerprint)
  const before = await listCells(
    tx,
    suspects.filter((row) => known.has(row.id)).map((row) => row.id),
  )
  const revisions = suspects.flatMap((row): Revision[] => {
    const cells = mergeCells(before.get(row.id) ?? {}, row.cells)
    const merged = fingerprint(cells)
    const last = known.get(row.id)
    if (last?.fingerprint === merged) return []
    return [{ game_id: row.id, revision: (last?.revision ?? 0) + 1, cells, fingerprint: merged }]
  })
  await insertRevisions(tx, revisions, stamp)
  const added = revisions.filter((row) => row.revision === 1).length
  return { new: added, changed: revisions.length - added, same: rows.length - revisions.length }
}

/** How many games bronze knows. */
export async function countBronzeGames(sql: Sql): Promise<number> {
  const [row] = await sql<
    { games: number }[]
  >`select count(*)::integer as games from bronze.nfl_games where revision = 1`
  return row?.games ?? 0
}

async function listFingerprints(tx: TransactionSql): Promise<Map<string, { revision: number; fingerprint: string }>> {
  const rows = await tx<{ game_id: string; revision: number; fingerprint: string }[]>`
    select game_id, revision, fingerprint from bronze.nfl_games_newest
  `
  return new Map(rows.map((row) => [row.game_id, row]))
}

async function listCells(tx: TransactionSql, ids: readonly string[]): Promise<Map<string, Cells>> {
  if (ids.length === 0) return new Map()
  const rows = await tx<{ game_id: string; cells: Cells }[]>`
    select game_id, cells from bronze.nfl_games_newest where game_id = any(${[...ids]})
  `
  return new Map(rows.map((row) => [row.game_id, row.cells]))
}

async function insertRevisions(tx: TransactionSql, revisions: readonly Revision[], stamp: Stamp): Promise<void> {
  if (revisions.length === 0) return
  await tx`
    insert into bronze.nfl_games (game_id, revision, cells, fingerprint, as_of, run_id, simulated)
    select game_id, revision, cells, fingerprint, ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(revisions as never)})
      as row(game_id text, revision integer, cells jsonb, fingerprint text)
  `
}
