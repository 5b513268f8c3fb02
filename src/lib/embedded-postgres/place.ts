// Chooses the directories of an embedded server.
//
// As an ordinary user: below the project's .matchday/. The user that the server runs as instead of root may often not enter
// the project at all, and some projects are read-only: then its files lie in the system's temporary directory.

import { createHash } from 'node:crypto'
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { ConfigFailure } from '../../core/errors.ts'

import { serverUser, temporaryDirectoriesFor, type ServerUser } from './server-user.ts'
import { adviceFor, OR_DATABASE_URL } from './trouble.ts'

/** The paths of one server. */
export interface Place {
  readonly directory: string
  readonly data: string
  readonly password: string
  readonly log: string
  /** The FIFO that every client holds open for writing. */
  readonly pipe: string
  readonly lock: string
  /** In the project, for people and for the remembered port. */
  readonly pointer: string
  readonly user: ServerUser
  /** The directory lies in the system's temporary directory, which TMPDIR moves. */
  readonly isTemporary: boolean
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
  const user = serverUser()
  const own = join(root, '.matchday', `postgres${suffix}`)
  const isTemporary = user !== undefined || !canHold(own)
  const directory = isTemporary ? temporaryFor(root, suffix, user) : own
  makePrivate({ directory, isTemporary, user })
  return {
    directory,
    data: join(directory, 'data'),
    password: join(directory, 'password'),
    log: join(directory, 'server.log'),
    pipe: join(directory, 'clients'),
    lock: join(directory, 'start.lock'),
    pointer: `${own}.json`,
    user,
    isTemporary,
  }
}

// A project that has a database keeps it: another one elsewhere would hide that this one cannot be written.
function canHold(own: string): boolean {
  if (existsSync(own)) return true
  const above = dirname(own)
  try {
    accessSync(existsSync(above) ? above : dirname(above), constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false // read-only, or somebody else's
  }
}

function temporaryFor(root: string, suffix: string, user: ServerUser): string {
  const [found] = temporaryDirectoriesFor(user)
  if (found === undefined) {
    throw new ConfigFailure(
      `no temporary directory is open to user ${user?.uid ?? process.getuid?.()}, as whom the embedded PostgreSQL has to run: ` +
        `tried ${tmpdir()}, /tmp and /var/tmp. Point TMPDIR to one, ${OR_DATABASE_URL}`,
    )
  }
  // One directory for each user: a project may be shared, its database is not.
  const owner = user ? root : `${process.getuid?.()} ${root}`
  return join(found, `matchday-${createHash('sha256').update(owner).digest('hex').slice(0, 12)}${suffix}`)
}

type Home = Pick<Place, 'directory' | 'isTemporary' | 'user'>

function makePrivate(home: Home): void {
  const { directory, user } = home
  const owner = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  mkdirOrSay(home)
  // Ours and not yet given: just made, or by a process that was killed in between.
  if (user && statSync(directory).uid === process.getuid?.()) giveTo(directory, user)
  // Names in /tmp can be guessed: what another user put there must not become our database.
  const found = statSync(directory)
  if (found.uid !== owner.uid) {
    throw new ConfigFailure(
      `${directory} belongs to user ${found.uid}, so the embedded PostgreSQL of user ${owner.uid} cannot use it. ` +
        `Remove it or give it back, ${OR_DATABASE_URL}`,
    )
  }
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700)
}

// Root of a container or a user namespace may lack the right to be anybody else.
function giveTo(directory: string, user: NonNullable<ServerUser>): void {
  try {
    chownSync(directory, user.uid, user.gid)
  } catch (cause) {
    throw new ConfigFailure(
      `PostgreSQL refuses to run as root, and this root may not act as user ${user.uid} (${codeOf(cause)}). ` +
        `Run as an ordinary user, ${OR_DATABASE_URL}`,
      { cause },
    )
  }
}

function mkdirOrSay(home: Home): void {
  const { directory } = home
  try {
    mkdirSync(dirname(directory), { recursive: true })
    mkdirSync(directory, { mode: 0o700 })
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'EEXIST') return
    const advice = adviceFor(code, home) ?? `Make it a directory that this user may write, ${OR_DATABASE_URL}`
    throw new ConfigFailure(`the embedded PostgreSQL cannot make ${directory} (${code}). ${advice}`, { cause })
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
