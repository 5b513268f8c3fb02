// Starts the server: its data directory, its port, its keeper; or finds a new keeper for one whose keeper was killed.

import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import { LedgerFailure } from '../../core/errors.ts'
import { monotonicMs } from '../clock.ts'

import { findBinaries } from './binaries.ts'
import { ensureData } from './data.ts'
import { startKeeper } from './keeper.ts'
import { makePipe } from './pipe.ts'
import type { Place } from './place.ts'
import { choosePort, rememberPort } from './port.ts'
import { findPostmaster, type Postmaster } from './postmaster.ts'
import { serverSettings, toArguments } from './settings.ts'
import { adviceFor, lastLines, OR_DATABASE_URL } from './trouble.ts'

export const POLL_MS = 5

/** One try, under the start lock. The hold of the pipe, or undefined: try again (another server is ending, or the port
 *  was taken between our looking and its binding). */
export async function startServer(
  place: Place,
  options: { durable: boolean; deadline: number },
): Promise<number | undefined> {
  makePipe(place)
  const running = findPostmaster(place.data)
  if (running?.status === 'stopping') return undefined
  if (running) return startKeeper(place, { adopt: running.pid }).hold
  removeForeignPidFile(place)
  const port = await choosePort(place)
  const binaries = await findBinaries(place)
  await ensureData(place, binaries, options.durable)
  keepLastLog(place)
  const { keeper, hold } = startKeeper(place, {
    command: [
      ...[binaries.postgres, '-D', place.data],
      ...toArguments(serverSettings({ port, durable: options.durable })),
    ],
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
  const said = lastLines(log) || 'it left no message'
  const advice = adviceFor(said, place) ?? `Remove ${place.directory} if nothing in it is needed, ${OR_DATABASE_URL}`
  throw new LedgerFailure(`the embedded PostgreSQL did not start: ${said}. Its log is ${place.log}. ${advice}`, {
    retryable: false,
  })
}
