// Watermarks: the end of the unbroken prefix known to be saved, per stage and key. Forward only.

import type { Sql, TransactionSql } from 'postgres'

/** Where a stage stands; undefined before its first save. */
export async function findWatermark(sql: Sql, stage: string, key: string): Promise<string | undefined> {
  const [row] = await sql<{ value: string }[]>`
    select value from ledger.watermarks where stage = ${stage} and key = ${key}
  `
  return row?.value
}

/** Moves a watermark forward, comparing as text in the C collation, so values of one key must sort so: ISO days, or ids
 *  of one length. False when it stands at or past `to` already. */
export async function advanceWatermark(
  tx: TransactionSql,
  mark: { stage: string; key: string; to: string },
): Promise<boolean> {
  const done = await tx`
    insert into ledger.watermarks (stage, key, value) values (${mark.stage}, ${mark.key}, ${mark.to})
    on conflict on constraint watermarks_key
    do update set value = excluded.value, updated_at = clock_timestamp()
    where ledger.watermarks.value collate "C" < excluded.value collate "C"
  `
  return done.count === 1
}
