// One starter at a time. This only keeps a crowd from doing the same work: if a lock is broken wrongly, PostgreSQL's own
// postmaster.pid still lets one server win, and the loser joins it.

import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'

import { systemNow } from '../clock.ts'
import { isAliveHere, ownIdentity, type ProcessIdentity } from '../process-identity.ts'

/** A start takes seconds; a lock from another host (a shared directory) counts as left behind after this long. */
const FOREIGN_LOCK_MS = 60_000

/** Releases the lock; undefined when another living process has it. */
export function tryStartLock(path: string): (() => void) | undefined {
  breakIfStale(path)
  try {
    sign(path, openSync(path, 'wx', 0o600))
    return () => rmSync(path, { force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  }
}

// A lock that could not be signed (the disk is full) would pass for another host's for a minute.
function sign(path: string, file: number): void {
  try {
    writeSync(file, JSON.stringify(ownIdentity()))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

function breakIfStale(path: string): void {
  const holder = readHolder(path)
  if (holder === 'none' || !isStale(path, holder)) return
  // Rename first: of two breakers only one gets the file, so neither deletes the lock that the other has just made.
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return // the other breaker was first
  }
  rmSync(aside, { force: true })
}

function isStale(path: string, holder: ProcessIdentity | 'unreadable'): boolean {
  const alive = holder === 'unreadable' ? undefined : isAliveHere(holder, ownIdentity())
  return alive === undefined ? ageMs(path) > FOREIGN_LOCK_MS : !alive
}

function readHolder(path: string): ProcessIdentity | 'unreadable' | 'none' {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity
  } catch (error) {
    // A syntax error is a lock between its making and its writing, or one cut short by a kill.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unreadable'
  }
}

function ageMs(path: string): number {
  try {
    return systemNow().getTime() - statSync(path).mtimeMs
  } catch {
    return 0 // just released
  }
}
