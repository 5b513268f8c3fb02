// Chooses the user that the server runs as, and finds directories of the machine that are open to that user. PostgreSQL refuses to run as
// root: then it is the user `postgres` or `nobody`.

import { execFileSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { ConfigFailure } from '../../core/errors.ts'

/** Whom the server runs as; undefined: as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined

/** The user of this process's servers. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? userForRoot() : undefined
}

/** The temporary directories in which we may write and which the server's user may enter: TMPDIR may lie in root's own home,
 *  or be read-only. The preferred one comes first. */
export function temporaryDirectoriesFor(user: ServerUser): string[] {
  return [...new Set([tmpdir(), '/tmp', '/var/tmp'])].filter((directory) => isUsable(directory, user))
}

function userForRoot(): NonNullable<ServerUser> {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)]
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid }
  }
  throw new ConfigFailure(
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  )
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined // `id` exits 1 for a user that does not exist
  }
}

function isUsable(directory: string, user: ServerUser): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK)
    return user === undefined || isReachableBy(join(directory, 'x'), user)
  } catch {
    return false // it does not exist, or is not ours to write in
  }
}

/** May this user pass through every directory above the path? */
function isReachableBy(path: string, user: NonNullable<ServerUser>): boolean {
  const parent = dirname(path)
  return (parent === path || isReachableBy(parent, user)) && maySearch(parent, user)
}

function maySearch(directory: string, user: NonNullable<ServerUser>): boolean {
  const { mode, uid, gid } = statSync(directory)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (mode & bit) !== 0
}
