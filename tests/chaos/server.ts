// A PostgreSQL of the chaos suite's own, to be stopped, killed and started at will, with few connections to give.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import postgres from 'postgres'

import { findBinaries, type Binaries } from '../../src/lib/embedded-postgres/binaries.ts'
import { ensureData, readPassword, SUPERUSER } from '../../src/lib/embedded-postgres/data.ts'
import { serverEnvironment } from '../../src/lib/embedded-postgres/keeper.ts'
import { createPlace, type Place } from '../../src/lib/embedded-postgres/place.ts'
import { aFreePort } from '../helpers/broken-servers.ts'

/** Enough for a few processes of four connections each, and few enough to be used up. */
const CONNECTIONS = 40
const STARTS_WITHIN_MS = 60_000
const POLL_MS = 50

/** Whom the jobs connect as: no superuser, so that the connections which are kept for superusers stay ours. */
export const OWNER = 'league'

export interface ChaosServer extends AsyncDisposable {
  readonly port: number
  readonly password: string
  readonly place: Place
  urlOf(database: string, at?: { host?: string; port?: number }): string
  /** Runs the work on a superuser's connection of its own. */
  asAdmin<T>(work: (sql: postgres.Sql) => Promise<T>, database?: string): Promise<T>
  /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: a crash. */
  stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>
  start(): Promise<void>
}

/** Makes a server with fresh data, and the role that owns what the jobs write. */
export async function aChaosServer(): Promise<ChaosServer> {
  const root = mkdtempSync(join(tmpdir(), 'matchday-chaos-'))
  const place = createPlace(root, 'chaos')
  const binaries = await findBinaries(place)
  await ensureData(place, binaries, false)
  const [port, password] = [await aFreePort(), readPassword(place)]
  let running: ChildProcess | undefined
  const server: ChaosServer = {
    port,
    password,
    place,
    urlOf: (database, at = {}) =>
      `postgres://${OWNER}:${password}@${at.host ?? '127.0.0.1'}:${at.port ?? port}/${database}?sslmode=disable`,
    asAdmin: (work, database = 'postgres') => withAdmin({ port, password, database }, work),
    async stop(signal) {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      const ended = once(running, 'exit')
      running.kill(signal)
      await ended
    },
    async start() {
      running = spawnServer(place, binaries, port)
      await waitUntilReady(server)
    },
    async [Symbol.asyncDispose]() {
      await server.stop('SIGQUIT')
      for (const directory of [place.directory, root]) rmSync(directory, { recursive: true, force: true })
    },
  }
  await server.start()
  await server.asAdmin((sql) => sql.unsafe(`create role ${OWNER} login password '${password}'`))
  return server
}

function spawnServer(place: Place, { postgres: program }: Binaries, port: number): ChildProcess {
  const log = openSync(place.log, 'a', 0o600)
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(CONNECTIONS),
    shared_buffers: '64MB',
    // As in src/lib/embedded-postgres/start.ts: safe against the death of any process, only not against a power cut.
    fsync: 'off',
    full_page_writes: 'off',
    timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  return spawn(program, ['-D', place.data, ...flags], {
    stdio: ['ignore', log, log],
    cwd: place.directory,
    env: serverEnvironment(),
    ...place.user,
  })
}

async function waitUntilReady(server: ChaosServer): Promise<void> {
  for (let waited = 0; waited < STARTS_WITHIN_MS; waited += POLL_MS) {
    try {
      await server.asAdmin((sql) => sql`select 1`)
      return
    } catch {
      await wait(POLL_MS) // not yet: starting, or recovering from a crash
    }
  }
  throw new Error(`the chaos server did not start within ${STARTS_WITHIN_MS / 1000} s: see ${server.place.log}`)
}

async function withAdmin<T>(
  { port, password, database }: { port: number; password: string; database: string },
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const connection = { host: '127.0.0.1', port, user: SUPERUSER, password, database }
  const sql = postgres({ ...connection, max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 0 })
  }
}
