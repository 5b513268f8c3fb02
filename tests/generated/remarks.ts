// What migrations remark of tables and columns: the comment above a table, and behind a column. The catalogs do not know them.

export interface Remarks {
  /** By `ledger.runs`. */
  readonly tables: ReadonlyMap<string, string>
  /** By `ledger.runs.gate`. */
  readonly columns: ReadonlyMap<string, string>
}

const TABLE = /^(?:create table(?: if not exists)?|alter table) ([\w.]+)/
const COLUMN = /^\s*(?:alter table [\w.]+ )?(?:add column (?:if not exists )?)?(\w+) [^-]*?.*? -- (.*)$/

/** Reads them from the migrations' text, in the order in which they are applied: the last one holds. */
export function readRemarks(migrations: readonly string[]): Remarks {
  const tables = new Map<string, string>()
  const columns = new Map<string, string>()
  for (const text of migrations) {
    let table: string | undefined
    let above: string[] = []
    for (const line of text.split('\n')) {
      const [, named] = TABLE.exec(line) ?? []
      if (named !== undefined && line.startsWith('create') && above.length > 0) tables.set(named, above.join(' '))
      table = named ?? table
      const [, column, remark] = COLUMN.exec(line) ?? []
      if (table !== undefined && column !== undefined && remark !== undefined) columns.set(`${table}.${column}`, remark)
      if (/;\s*(?:--.*)?$/.test(line)) table = undefined
      above = line.startsWith('-- ') ? [...above, line.slice(3)] : []
    }
  }
  return { tables, columns }
}
