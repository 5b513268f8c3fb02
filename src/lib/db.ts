// Opens a database with the promises everything else relies on: no statement waits for ever, a lost connection rejects
// what ran on it and nothing more, and nothing that comes over the network can end the process.

import type { Sql } from 'postgres'

import type { Client } from './db/client.ts'
import { parseDatabaseUrl, type DatabaseUrl } from './db/database-url.ts'
import { explainDatabaseError } from './db/explain.ts'
import { connectionError, isLostConnection } from './db/lost.ts'
import { createPool, type Pool } from './db/pool.ts'
import { beginStatement, isPoolersAnswer, rememberPooler, type SessionSettings } from './db/session.ts'
import { createSqlFunction, defaultUser, type Run } from './db/statement.ts'
import { runTransaction, type Work } from './db/transaction.ts'

export type { Sql } from 'postgres'
export { describeUrl, parseDatabaseUrl } from './db/database-url.ts'
export { explainDatabaseError, isFromDatabase } from './db/explain.ts'
export { waitUntilAwake } from './db/wait-until-awake.ts'

export interface DatabaseOptions {
  /** Connections at most. */
  readonly max?: number
  readonly applicationName?: string
  /** How long one statement may take on the server. It waits a third of it for a lock, and as long again for a connection. */
  readonly deadlineMs?: number
}

/** An open database. int8 and numeric columns come as strings (they may exceed what a number holds), timestamps as Date. */
export interface Database extends AsyncDisposable {
  /** Looks like postgres.js's own function; what it throws is the driver's, for `explainDatabaseError` where a person reads it. */
  readonly sql: Sql
  /** Runs the work, and once more if its connection turns out to have ended: only for work that may happen twice. */
  idempotent<T>(work: (sql: Sql) => Promise<T>): Promise<T>
}

const DEADLINE_MS = 30_000
const GOODBYE_SECONDS = 5

/** Opens a database; nothing is connected before the first statement. Throws ConfigFailure for a URL that is none. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 4, applicationName = 'matchday', deadlineMs = DEADLINE_MS } = options
  const parsed = parseDatabaseUrl(url)
  const explain = (code: string, message: string): Error => explainDatabaseError(connectionError(code, message), url)
  const pool = createPool({
    ...{ url: parsed, max, applicationName, deadlineMs },
    unanswered: () => explain('DEADLINE', 'no answer'),
    nothingFree: () => explain('NO_FREE_CONNECTION', 'no connection was free'),
  })
  const sql = createSql(pool, parsed, { applicationName, deadlineMs })
  return {
    sql,
    async idempotent(work) {
      try {
        return await work(sql)
      } catch (error) {
        if (!isLostConnection(error)) throw error
        return await work(sql)
      }
    },
    [Symbol.asyncDispose]: () => pool.end(GOODBYE_SECONDS),
  }
}

function createSql(pool: Pool, url: DatabaseUrl, settings: SessionSettings): Sql {
  const learns = (client: Client, error: unknown): boolean => {
    if (client.pooled || !isPoolersAnswer(error)) return false
    rememberPooler(url)
    return true
  }
  const run: Run = async (recipe) => {
    for (;;) {
      const client = await pool.acquire()
      try {
        return await client.run(recipe)
      } catch (error) {
        if (!learns(client, error)) throw error // else nothing ran: once more, as to a pooler
      } finally {
        pool.release(client)
      }
    }
  }
  return Object.assign(createSqlFunction(run), {
    options: { user: url.user || defaultUser() },
    begin(...args: [...options: string[], work: Work]) {
      const statement = beginStatement(args.length > 1 ? String(args[0]) : '', settings)
      return runTransaction(pool, { url, statement, learns }, args.at(-1) as Work)
    },
    end: ({ timeout = GOODBYE_SECONDS } = {}) => pool.end(timeout),
  }) as unknown as Sql
}
