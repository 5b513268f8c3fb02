// A real PostgreSQL without set-up, for laptops and tests: shared by every process of a project, started by the first,
// stopped when the last is gone, however it went. How: embedded-postgres/pipe.ts and keeper.ts.

import { closeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import postgres from 'postgres'

import { LedgerFailure } from '../core/errors.ts'

import { monotonicMs } from './clock.ts'
import { readPassword, SUPERUSER } from './embedded-postgres/data.ts'
import { enter, isClosing, leave } from './embedded-postgres/pipe.ts'
import { createPlace, type Place } from './embedded-postgres/place.ts'
import { answers } from './embedded-postgres/port.ts'
import { findPostmaster, type Postmaster } from './embedded-postgres/postmaster.ts'
import { tryStartLock } from './embedded-postgres/start-lock.ts'
import { POLL_MS, startServer, waitUntilReady } from './embedded-postgres/start.ts'
import { explainSystemError, OR_DATABASE_URL } from './embedded-postgres/trouble.ts'

/** Recovery after a kill in the middle of heavy writing is the slowest start there is. */
const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 10_000

/** One process's hold of a shared server. Disposing lets go; the server stops when nobody holds it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly directory: string
  readonly port: number
  /** The address of one of its databases, password included. */
  urlOf(database: string): string
  /** Creates the database if it is missing. */
  ensureDatabase(name: string): Promise<void>
  /** Removes it if it is there, and ends its sessions. */
  dropDatabase(name: string): Promise<void>
}

/** Joins the project's server, starting it if nobody has. `name` tells servers of one project apart; `durable: false` (for
 *  tests) trades safety against power cuts for speed, and counts only when this call is the one that starts it. */
export async function joinEmbeddedPostgres(options: {
  projectRoot: string
  durable?: boolean
  name?: string
}): Promise<EmbeddedPostgres> {
  const place = createPlace(options.projectRoot, options.name ?? 'local')
  const { hold, server } = await joinOrStart(place, options.durable ?? true)
  const urlOf = (database: string): string =>
    `postgres://${SUPERUSER}:${readPassword(place)}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`
  let left = false
  return {
    directory: place.directory,
    port: server.port,
    urlOf,
    ensureDatabase: (name) => asAdmin(urlOf('postgres'), (sql) => createIfMissing(sql, name)),
    dropDatabase: (name) => asAdmin(urlOf('postgres'), (sql) => drop(sql, name)),
    async [Symbol.asyncDispose]() {
      if (left) return
      left = true
      if (leave(place, hold)) await waitUntilStopped(place)
    },
  }
}

async function joinOrStart(place: Place, durable: boolean): Promise<{ hold: number; server: Postmaster }> {
  const deadline = monotonicMs() + START_DEADLINE_MS
  while (monotonicMs() < deadline) {
    const hold = enter(place) ?? (isClosing(place) ? undefined : await startInTurn(place, { durable, deadline }))
    if (hold !== undefined) {
      const server = await waitUntilReady(place, () => monotonicMs() < deadline && isHeld(place))
      if (server && (await answers(server.port))) return { hold, server }
      closeSync(hold)
      if (server) refuseIfElsewhere(place, server)
    }
    await pause(POLL_MS)
  }
  throw new LedgerFailure(
    `the embedded PostgreSQL was not ready after ${START_DEADLINE_MS / 1000} s. Its log is ${place.log}; ` +
      `remove ${place.directory} to start afresh, ${OR_DATABASE_URL}`,
    { retryable: false },
  )
}

// Files are shared between network namespaces (containers, unshare -n), ports are not.
function refuseIfElsewhere(place: Place, server: Postmaster): void {
  const now = findPostmaster(place.data)
  if (now?.pid !== server.pid || now.status !== 'ready') return // it just died: the next round starts another
  throw new LedgerFailure(
    `the embedded PostgreSQL in ${place.directory} runs in another network namespace (process ${server.pid}), where this ` +
      'process cannot reach it. End the commands that use it there, or set DATABASE_URL to a PostgreSQL server.',
    { code: 'embedded_elsewhere', retryable: false },
  )
}

async function startInTurn(place: Place, options: { durable: boolean; deadline: number }): Promise<number | undefined> {
  const release = lockOrSay(place)
  if (!release) return undefined
  try {
    return enter(place) ?? (await startServer(place, options))
  } catch (error) {
    throw explainSystemError(error, place)
  } finally {
    release()
  }
}

function lockOrSay(place: Place): (() => void) | undefined {
  try {
    return tryStartLock(place.lock)
  } catch (error) {
    throw explainSystemError(error, place)
  }
}

// A second, short hold tells whether the keeper still listens: our own would not notice that it is gone.
function isHeld(place: Place): boolean {
  const probe = enter(place)
  if (probe === undefined) return false
  closeSync(probe)
  return true
}

async function waitUntilStopped(place: Place): Promise<void> {
  const deadline = monotonicMs() + STOP_DEADLINE_MS
  while (findPostmaster(place.data) && monotonicMs() < deadline) await pause(POLL_MS)
}

/** Works as the superuser, one at a time: a client that was killed may have left the server creating or dropping. */
async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, fetch_types: false })
  try {
    await sql`select pg_advisory_lock(hashtext('matchday databases'))`
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 }) // and the lock goes with the session
  }
}

async function createIfMissing(sql: postgres.Sql, name: string): Promise<void> {
  const [found] = await sql<{ whole: boolean }[]>`
    select datconnlimit <> -2 as whole from pg_database where datname = ${name}
  `
  if (found?.whole) return
  // -2 is PostgreSQL's mark of a database whose removal was cut short: nobody can use it, it can only be removed again.
  if (found) await drop(sql, name)
  await sql`create database ${sql(name)}`
}

async function drop(sql: postgres.Sql, name: string): Promise<void> {
  await sql`drop database if exists ${sql(name)} with (force)`
}
