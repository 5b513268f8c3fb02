// Where an embedded server lives on disk and as which user it runs.
//
// As an ordinary user: below the project's .matchday/. As root, PostgreSQL refuses to run: then as the user `postgres` or
// `nobody`, who often may not enter the project at all, so its files lie in the system's temporary directory.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { ConfigFailure } from '../../core/errors.ts'

/** Whom the server runs as; undefined: as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined

/** The paths of one server. */
export interface Place {
  readonly directory: string
  readonly data: string
  readonly password: string
  readonly log: string
  /** The FIFO that every client holds open for writing. */
  readonly door: string
  readonly lock: string
  /** In the project, for people and for the remembered port. */
  readonly pointer: string
  readonly user: ServerUser
}

/** Works out the paths of a server and makes its directory, for the right user and nobody else. */
export function createPlace(projectRoot: string, name: string): Place {
  if (process.platform === 'win32') {
    throw new ConfigFailure('the embedded PostgreSQL does not run on Windows. Set DATABASE_URL to a PostgreSQL server.')
  }
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) {
    throw new ConfigFailure(
      `"${name}" is not a name for an embedded server: expected small letters, digits and hyphens`,
    )
  }
  const root = resolve(projectRoot)
  const suffix = name === 'local' ? '' : `-${name}`
  const user = process.getuid?.() === 0 ? userForRoot() : undefined
  const directory = user ? directoryForRoot(root, suffix, user) : join(root, '.matchday', `postgres${suffix}`)
  makePrivate(directory, user)
  return {
    directory,
    data: join(directory, 'data'),
    password: join(directory, 'password'),
    log: join(directory, 'server.log'),
    door: join(directory, 'clients'),
    lock: join(directory, 'start.lock'),
    pointer: join(root, '.matchday', `postgres${suffix}.json`),
    user,
  }
}

/** May this user pass through every directory above the path? */
export function isReachableBy(path: string, user: NonNullable<ServerUser>): boolean {
  const parent = dirname(path)
  return (parent === path || isReachableBy(parent, user)) && maySearch(parent, user)
}

/** A temporary directory that this user may enter: TMPDIR may lie in root's own home. */
export function temporaryDirectoryFor(user: NonNullable<ServerUser>): string {
  const found = [tmpdir(), '/tmp', '/var/tmp'].find((candidate) => isUsable(candidate, user))
  if (found !== undefined) return found
  throw new ConfigFailure(
    `no temporary directory is open to user ${user.uid}, as whom the embedded PostgreSQL has to run: tried ${tmpdir()}, ` +
      '/tmp and /var/tmp. Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  )
}

function maySearch(directory: string, user: NonNullable<ServerUser>): boolean {
  const { mode, uid, gid } = statSync(directory)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (mode & bit) !== 0
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

function directoryForRoot(root: string, suffix: string, user: NonNullable<ServerUser>): string {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 12)
  return join(temporaryDirectoryFor(user), `matchday-${hash}${suffix}`)
}

function isUsable(directory: string, user: NonNullable<ServerUser>): boolean {
  try {
    return isReachableBy(join(directory, 'x'), user)
  } catch {
    return false // it does not exist
  }
}

function makePrivate(directory: string, user: ServerUser): void {
  const owner = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const created = mkdirOrSay(directory)
  if (created && user) chownSync(directory, user.uid, user.gid)
  // Names in /tmp can be guessed: what another user put there must not become our database.
  const found = statSync(directory)
  if (found.uid !== owner.uid) {
    throw new ConfigFailure(
      `${directory} belongs to user ${found.uid}, so the embedded PostgreSQL of user ${owner.uid} cannot use it. ` +
        'Remove it or give it back, or set DATABASE_URL to a PostgreSQL server.',
    )
  }
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700)
}

function mkdirOrSay(directory: string): boolean {
  try {
    mkdirSync(dirname(directory), { recursive: true })
    mkdirSync(directory, { mode: 0o700 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new ConfigFailure(
      `the embedded PostgreSQL cannot keep its files in ${directory} (${(error as NodeJS.ErrnoException).code}). ` +
        'Make the project directory writable, or set DATABASE_URL to a PostgreSQL server.',
      { cause: error },
    )
  }
}
