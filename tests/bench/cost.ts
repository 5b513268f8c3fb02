// What a piece of work asks of the server: its statements, its commits that wait for the disk, and how long the disk takes.

import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { openDatabase, type Database, type Sql } from '../../src/lib/db.ts'

import { toFigure, type Cost, type Figure } from './figures.ts'

/** Where the server can be looked at from outside: a database and the server's directory. */
export interface Looked {
  readonly url: string
  readonly directory: string
}

/** Counts what `runs` pieces of work on one new connection cost the server, each on average. Counting takes time of its own. */
export async function countCost(
  { url, directory }: Looked,
  runs: number,
  work: (database: Database) => Promise<unknown>,
): Promise<Cost> {
  const log = join(directory, 'server.log')
  const [from, before] = [statSync(log).size, await ask(url, readSyncs)]
  {
    await using counted = openDatabase(url, { max: 1, applicationName: COUNTED })
    await counted.sql`set track_wal_io_timing = on`
    await counted.sql`set log_statement = 'all'`
    for (let i = 0; i < runs; i += 1) await work(counted)
  }
  const after = await ask(url, readSyncs)
  const statements =
    readFileSync(log)
      .subarray(from)
      .toString()
      .match(/ LOG: {2}(execute|statement)/g) ?? []
  return {
    statements: statements.length / runs,
    syncs: (after.syncs - before.syncs) / runs,
    syncMs: (after.ms - before.ms) / runs,
  }
}

const COUNTED = 'matchday bench'

async function ask<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  await using database = openDatabase(url, { max: 1 })
  return await work(database.sql)
}

/** Only of sessions that are over: a session hands in its counts when it ends. */
async function readSyncs(sql: Sql): Promise<{ syncs: number; ms: number }> {
  for (;;) {
    const [row] = await sql<{ open: number; syncs: number; ms: number }[]>`
      select (select count(*) from pg_stat_activity where application_name = ${COUNTED})::int as open,
        fsyncs::int as syncs, fsync_time as ms
      from pg_stat_io where object = 'wal' and context = 'normal' and backend_type = 'client backend'
    `
    if (row?.open === 0) return row
  }
}

/** One write of 8 KiB that is on the disk when it returns, as a commit needs it. */
export function measureDisk(directory: string, runs = 300): Figure {
  const path = join(directory, `fdatasync-${process.pid}`)
  const file = openSync(path, 'wx')
  const block = Buffer.alloc(8192, 1)
  const times: number[] = []
  try {
    for (let i = 0; i < runs; i += 1) {
      const start = performance.now()
      writeSync(file, block, 0, block.length, 0)
      fdatasyncSync(file)
      times.push(performance.now() - start)
    }
  } finally {
    closeSync(file)
    rmSync(path)
  }
  return toFigure('the disk: one write of 8 KiB, synced', times)
}
