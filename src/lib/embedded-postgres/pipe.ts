// The pipe of a server: a FIFO that each client holds open for writing while it lives. The kernel closes it for a process
// that dies in any way, so the keeper, who reads it, knows when the last one is gone.

import { execFileSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'

import { LedgerFailure } from '../../core/errors.ts'

import type { Place } from './place.ts'
import { adviceFor, OR_DATABASE_URL } from './trouble.ts'

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants

/** Goes in: an open descriptor that counts as one client, or undefined when no keeper listens. */
export function enter(place: Place): number | undefined {
  const hold = openForWriting(place.pipe)
  if (hold === undefined) return undefined
  // The keeper takes the pipe away before its last look whether somebody came in. Being inside the pipe that is still
  // in its place, and knocking, is what it cannot overlook.
  if (isStillInPlace(place.pipe, hold) && knock(hold)) return hold
  closeSync(hold)
  return undefined
}

/** Leaves; true when nobody else is inside, so that the server is about to stop. */
export function leave(place: Place, hold: number): boolean {
  const listener = openListener(place.pipe)
  closeSync(hold)
  if (listener === undefined) return false
  try {
    return nobodyInside(place, listener)
  } finally {
    closeSync(listener)
  }
}

/** Does a keeper still hold the pipe that it took away (it is about to stop the server)? */
export function isClosing(place: Place): boolean {
  const probe = openForWriting(closingPath(place))
  if (probe === undefined) return false
  closeSync(probe)
  return true
}

/** Puts the pipe in its place, for a new keeper. Only under the start lock, and only when no keeper lives.
 *  A pipe that a killed keeper left is kept: living clients of the last server are still inside it. */
export function makePipe(place: Place): void {
  if (existsSync(place.pipe)) return
  if (existsSync(closingPath(place))) {
    renameSync(closingPath(place), place.pipe)
    return
  }
  makeFifo(place)
  if (place.user) chownSync(place.pipe, place.user.uid, place.user.gid)
}

function makeFifo(place: Place): void {
  try {
    execFileSync('mkfifo', ['-m', '600', place.pipe], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    const said = stderr?.trim() || message
    const advice = adviceFor(said, place) ?? `Remove ${place.directory}, ${OR_DATABASE_URL}`
    throw new LedgerFailure(`the embedded PostgreSQL cannot make a named pipe: ${said}. ${advice}`, {
      retryable: false,
    })
  }
}

/** The keeper's reading end and our own hold, both open before the keeper exists: if we die now it reads the end of file. */
export function openBothEnds(place: Place): { listen: number; hold: number } {
  const both = openSync(place.pipe, O_RDWR | O_NONBLOCK)
  const listen = openSync(place.pipe, O_RDONLY)
  const hold = openSync(place.pipe, O_WRONLY | O_NONBLOCK)
  closeSync(both)
  return { listen, hold }
}

/** Where the keeper puts the pipe while it looks for the last time. */
function closingPath(place: Place): string {
  return `${place.pipe}.closing`
}

function openForWriting(path: string): number | undefined {
  try {
    return openSync(path, O_WRONLY | O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENXIO' || code === 'ENOENT') return undefined // nobody reads it; no pipe
    throw error
  }
}

function openListener(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NONBLOCK)
  } catch {
    return undefined // the pipe is gone: the server is already stopping, or its directory was removed
  }
}

function isStillInPlace(path: string, hold: number): boolean {
  try {
    const [inside, outside] = [fstatSync(hold), statSync(path)]
    return inside.ino === outside.ino && inside.dev === outside.dev
  } catch {
    return false // taken away since
  }
}

function knock(hold: number): boolean {
  try {
    return writeSync(hold, '\n') === 1
  } catch {
    return false // EPIPE: the keeper left since
  }
}

// Reading a FIFO without waiting: "again" means somebody holds it, the end of file that nobody does.
function nobodyInside(place: Place, listener: number): boolean {
  let knocked = false
  try {
    while (readSync(listener, Buffer.alloc(1)) > 0) knocked = true
    return true
  } catch {
    return false // EAGAIN
  } finally {
    if (knocked) giveBackKnock(place)
  }
}

// A knock that the keeper had not read yet: it may be waiting for it, to let somebody else stay.
function giveBackKnock(place: Place): void {
  const hold = openForWriting(place.pipe) ?? openForWriting(closingPath(place))
  if (hold === undefined) return
  knock(hold)
  closeSync(hold)
}
