// A disk of 24 MB for the largest table of the lake, so that it can be filled: a tablespace on a tmpfs, which only root may
// mount.

import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { ChaosServer } from './server.ts'

const MEGABYTES = 24
const FILLER = 'filler'

export interface SmallDisk extends Disposable {
  /** Moves the lake's largest table of a database to it. */
  take(database: string): Promise<void>
  fill(): Promise<void>
  free(): Promise<void>
}

/** Undefined where this process may not mount anything. */
export function aSmallDisk(server: ChaosServer): SmallDisk | undefined {
  const path = join(server.place.directory, 'small-disk')
  mkdirSync(path)
  if (!run('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'matchday-chaos', path])) return undefined
  const tablespace = join(path, 'tablespace')
  mkdirSync(tablespace)
  if (server.place.user) chownSync(tablespace, server.place.user.uid, server.place.user.gid)
  const filler = join(path, FILLER)
  return {
    async take(database) {
      const made = await server.asAdmin((sql) => sql`select 1 from pg_tablespace where spcname = 'small'`)
      if (made.length === 0)
        await server.asAdmin((sql) => sql.unsafe(`create tablespace small location '${tablespace}'`))
      await server.asAdmin((sql) => sql.unsafe('alter table bronze.nfl_games set tablespace small'), database)
    },
    fill() {
      try {
        writeFileSync(filler, Buffer.alloc(MEGABYTES * 1024 * 1024))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error // that is the aim
      }
      return Promise.resolve()
    },
    free() {
      rmSync(filler, { force: true })
      return Promise.resolve()
    },
    [Symbol.dispose]: () => void run('umount', ['-l', path]),
  }
}

function run(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false // not root, or a container that may not mount
  }
}
