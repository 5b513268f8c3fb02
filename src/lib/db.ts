// Opens a database with the promises everything else relies on: no statement waits for ever, a lost connection rejects
// what ran on it and nothing more, and the driver cannot crash the process.

import type { Sql } from 'postgres'

import { createClient, type Client } from './db/client.ts'
import { parseDatabaseUrl } from './db/database-url.ts'
import { isLostConnection, withDeadlines } from './db/deadline.ts'
import { guardAgainstDriverCrash } from './db/driver-guard.ts'
import { explainDatabaseError } from './db/explain.ts'

export type { Sql } from 'postgres'
export { describeUrl } from './db/database-url.ts'
export { explainDatabaseError, isFromDatabase } from './db/explain.ts'

export interface DatabaseOptions {
  /** Connections at most. */
  readonly max?: number
  readonly applicationName?: string
  /** How long one statement may take, on the server and in all. */
  readonly deadlineMs?: number
}

/** An open database. int8 and numeric columns come as strings (they may exceed what a number holds), timestamps as Date. */
export interface Database extends AsyncDisposable {
  /** postgres.js's own function; what it throws is the driver's, for `explainDatabaseError` where a person reads it. */
  readonly sql: Sql
  /** Runs the work, and once more if its connection turns out to have ended: only for work that may happen twice. */
  idempotent<T>(work: (sql: Sql) => Promise<T>): Promise<T>
}

const DEADLINE_MS = 30_000
const GOODBYE_SECONDS = 5
/** For connecting, and for the answer to travel. */
const MARGIN_MS = 500

/** Opens a database; nothing is connected before the first statement. Throws ConfigFailure for a URL that is none. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 4, applicationName = 'matchday', deadlineMs = DEADLINE_MS } = options
  const parsed = parseDatabaseUrl(url)
  guardAgainstDriverCrash()
  const clients = createClients(() => createClient(parsed, { max, applicationName, deadlineMs }))
  const sql = withDeadlines(() => clients.current().sql, {
    // More than the server's own limit, so that a server that lives gets to say so itself.
    deadlineMs: deadlineMs + Math.max(MARGIN_MS, deadlineMs / 10),
    expire(client, sent) {
      clients.replace(client, { cut: sent })
      return explainDatabaseError(Object.assign(new Error('no answer'), { code: 'DEADLINE' }), url)
    },
    connectTimedOut: (client) => clients.replace(client, { cut: false }),
    end: ({ timeout = GOODBYE_SECONDS } = {}) => clients.end(timeout),
  })
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
    [Symbol.asyncDispose]: () => clients.end(GOODBYE_SECONDS),
  }
}

interface Clients {
  current(): Client
  /** Sends whatever comes next through a fresh client: the old one may hold connections that it will never use again. Cut,
   *  if a statement on the wire got no answer; else left alone, for its transactions may be healthy and only its queue long. */
  replace(sql: Sql, how: { cut: boolean }): void
  end(timeoutSeconds: number): Promise<void>
}

function createClients(open: () => Client): Clients {
  let current = open()
  const old = new Set<Client>()
  let ended: Promise<unknown> | undefined
  return {
    current: () => current,
    replace(sql, { cut }) {
      const replaced = current.sql === sql ? current : [...old].find((client) => client.sql === sql)
      if (replaced === undefined || ended) return
      if (replaced === current) current = open()
      old.add(replaced)
      if (cut) void replaced.end(0).finally(() => old.delete(replaced))
    },
    async end(timeoutSeconds) {
      ended ??= Promise.all([current.end(timeoutSeconds), ...[...old].map((client) => client.end(0))])
      await ended
    },
  }
}
