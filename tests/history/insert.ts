// Rows by the thousand, each a plain object by column names: the database turns the texts into its own types.

import type { Sql } from '../../src/lib/db.ts'

export type Row = Readonly<Record<string, unknown>>

const AT_ONCE = 2_000

/** Inserts rows that all have the same columns; columns that are left out keep their defaults. */
export async function insertRows(sql: Sql, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const names = columns.map((column) => `"${column}"`).join(', ')
  const system = columns.includes('id') ? 'overriding system value' : ''
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE)
    await sql`
      insert into ${sql.unsafe(`${table} (${names}) ${system}`)}
      select ${sql.unsafe(names)} from jsonb_populate_recordset(null::${sql.unsafe(table)}, ${sql.json(part as never)})
    `
  }
  if (columns.includes('id')) await moveIdentity(sql, table)
}

/** What is inserted by somebody else later must not meet our ids. */
async function moveIdentity(sql: Sql, table: string): Promise<void> {
  const [found] = await sql<{ sequence: string | null }[]>`select pg_get_serial_sequence(${table}, 'id') as sequence`
  if (found?.sequence) await sql.unsafe(`select setval('${found.sequence}', (select max(id) from ${table}))`)
}
