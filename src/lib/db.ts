// Opens a database with the promises everything else relies on.

import postgres from 'postgres'

import { parseDatabaseUrl } from './db/database-url.ts'

export type { Sql, TransactionSql as Tx } from 'postgres'
export { describeUrl } from './db/database-url.ts'
export { explainDatabaseError } from './db/explain.ts'

/** An open database. */
export interface Database extends AsyncDisposable {
  readonly sql: postgres.Sql
}

/** Opens a database; nothing is connected before the first statement. int8 and numeric come as strings, timestamps as Date. */
export function openDatabase(url: string, options: { max?: number; applicationName?: string } = {}): Database {
  const { forDriver, pooled, ssl } = parseDatabaseUrl(url)
  const sql = postgres(forDriver, {
    max: options.max ?? 4,
    ssl,
    prepare: !pooled,
    onnotice: () => undefined,
    connection: { application_name: options.applicationName ?? 'matchday', statement_timeout: 30_000 },
  })
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) }
}
