// Starts the server: its data directory, its port, its keeper; or finds a new keeper for one whose keeper was killed.

import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { LedgerFailure } from '../../core/errors.ts'
import { monotonicMs } from '../clock.ts'

import { findBinaries } from './binaries.ts'
import { ensureData, lastLines } from './data.ts'
import { hangDoor } from './door.ts'
import { startKeeper } from './keeper.ts'
import type { Place } from './place.ts'
import { findPostmaster, type Postmaster } from './postmaster.ts'

export const POLL_MS = 5

/** One try, under the start lock. The hold of the door, or undefined: try again (another server is ending, or the port
 *  was taken between our looking and its binding). */
export async function startServer(
  place: Place,
  options: { durable: boolean; deadline: number },
): Promise<number | undefined> {
  hangDoor(place)
  const running = findPostmaster(place.data)
  if (running?.status === 'stopping') return undefined
  if (running) return startKeeper(place, { adopt: running.pid }).hold
  removeForeignPidFile(place)
  const binaries = await findBinaries(place.user)
  await ensureData(place, binaries, options.durable)
  const port = await choosePort(place)
  keepLastLog(place)
  const { keeper, hold } = startKeeper(place, {
    command: commandLine(place, { postgres: binaries.postgres, port, ...options }),
  })
  if (!(await isReady(place, keeper, options.deadline))) {
    closeSync(hold)
    return explainEnd(place, options.durable)
  }
  rememberPort(place, port)
  return hold
}

/** Waits for the server to say "ready"; undefined when it ends instead, or the deadline passes. */
export async function waitUntilReady(place: Place, goOn: () => boolean): Promise<Postmaster | undefined> {
  for (;;) {
    const server = findPostmaster(place.data)
    if (server?.status === 'ready') return server
    if (!goOn()) return undefined
    await pause(POLL_MS)
  }
}

async function isReady(place: Place, keeper: ChildProcess, deadline: number): Promise<boolean> {
  let ended = false
  keeper.once('exit', () => (ended = true)).once('error', () => (ended = true))
  return (await waitUntilReady(place, () => !ended && monotonicMs() < deadline)) !== undefined
}

// PostgreSQL judges by the pid alone, and refuses to start when an unrelated process has it by now.
function removeForeignPidFile(place: Place): void {
  rmSync(`${place.data}/postmaster.pid`, { force: true })
}

function commandLine(place: Place, options: { postgres: string; port: number; durable: boolean }): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // TCP only: a socket's path may be no longer than 107 characters, and a project's path may.
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Safe against the death of any process, only not against a power cut. synchronous_commit=off is not: it lost
    // hundreds of acknowledged commits when the server was killed.
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return [
    options.postgres,
    '-D',
    place.data,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ]
}

async function choosePort(place: Place): Promise<number> {
  const last = rememberedPort(place)
  return (last && (await listenOnce(last))) || (await listenOnce(0)) || 0
}

// Listening for a moment is the only true answer to "is this port free"; 0 lets the system choose.
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

function rememberedPort(place: Place): number | undefined {
  try {
    const { port } = JSON.parse(readFileSync(place.pointer, 'utf8')) as { port?: unknown }
    return typeof port === 'number' && port > 0 && port < 65_536 ? port : undefined
  } catch {
    return undefined // first start, or the file was damaged: any port will do
  }
}

function rememberPort(place: Place, port: number): void {
  try {
    mkdirSync(dirname(place.pointer), { recursive: true })
    const fresh = `${place.pointer}.${process.pid}`
    writeFileSync(fresh, `${JSON.stringify({ directory: place.directory, port }, null, 2)}\n`)
    renameSync(fresh, place.pointer)
  } catch {
    return // a read-only project: the next start takes another port, nothing else is lost
  }
}

function keepLastLog(place: Place): void {
  if (existsSync(place.log)) renameSync(place.log, `${place.log}.1`)
}

// Three ends pass by themselves; every other one is for a person.
function explainEnd(place: Place, durable: boolean): undefined {
  const log = existsSync(place.log) ? readFileSync(place.log, 'utf8') : ''
  if (/Address already in use|still in use|postmaster\.pid" already exists/.test(log)) return undefined
  if (!durable && /PANIC|invalid (primary )?checkpoint|invalid magic|could not locate/.test(log)) {
    // What a power cut does to a server without fsync. Nothing in it was meant to last.
    rmSync(place.data, { recursive: true, force: true })
    return undefined
  }
  throw new LedgerFailure(
    `the embedded PostgreSQL did not start: ${lastLines(log) || 'it left no message'}. Its log is ${place.log}. ` +
      `Remove ${place.directory} if nothing in it is needed, or set DATABASE_URL to use another server.`,
    { retryable: false },
  )
}
