// The data directory: made once, all or nothing, with a password that only its owner can read.

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { ConfigFailure, LedgerFailure } from '../../core/errors.ts'

import type { Binaries } from './binaries.ts'
import { serverEnvironment } from './keeper.ts'
import type { Place } from './place.ts'
import { sharedMemorySettings, toArguments } from './settings.ts'
import { adviceFor, lastLines, OR_DATABASE_URL } from './trouble.ts'

/** The superuser of every embedded server. */
export const SUPERUSER = 'postgres'

/** Makes the data directory if there is none. Only under the start lock. */
export async function ensureData(place: Place, binaries: Binaries, durable: boolean): Promise<void> {
  if (existsSync(join(place.data, 'PG_VERSION'))) return
  clearLeftovers(place)
  writePassword(place)
  const fresh = `${place.data}.new-${process.pid}`
  await runInitdb(place, binaries.initdb, [
    ...['-D', fresh, '-U', SUPERUSER, `--pwfile=${place.password}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--no-instructions'],
    ...toArguments(sharedMemorySettings('/dev/shm')),
    ...(durable ? [] : ['--no-sync']),
  ])
  // Only a finished directory ever gets the name: a kill at any earlier line leaves rubbish, never half a database.
  renameSync(fresh, place.data)
}

/** The superuser's password. */
export function readPassword(place: Place): string {
  try {
    return readFileSync(place.password, 'utf8').trim()
  } catch (cause) {
    throw new ConfigFailure(
      `the password of the embedded PostgreSQL is missing from ${place.directory}. Remove that directory to start afresh.`,
      { cause },
    )
  }
}

function clearLeftovers(place: Place): void {
  for (const entry of readdirSync(place.directory)) {
    if (entry.startsWith('data.new-'))
      rmSync(join(place.directory, entry), { recursive: true, force: true, maxRetries: 3 })
  }
}

// A password and not trust: other users of the machine can reach the port.
function writePassword(place: Place): void {
  if (existsSync(place.password)) rmSync(place.password)
  writeFileSync(place.password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (place.user) chownSync(place.password, place.user.uid, place.user.gid)
}

async function runInitdb(place: Place, initdb: string, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(initdb, args, { ...place.user, cwd: place.directory, env: serverEnvironment() })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    const said = lastLines(stderr?.trim() || message)
    const advice = adviceFor(said, place) ?? `Free space or rights there, ${OR_DATABASE_URL}`
    throw new LedgerFailure(
      `the embedded PostgreSQL could not make its data directory in ${place.directory}: ${said}. ${advice}`,
      { retryable: false },
    )
  }
}
