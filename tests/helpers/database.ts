// A database of its own for a test file: cloned from the migrated template in 25 ms, dropped afterwards, kept with its name
// printed when a test failed.

import { basename } from 'node:path'
import { after, afterEach } from 'node:test'

import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { pidIsAlive } from '../../src/lib/process-identity.ts'

import { findTestServer, urlForTests, withAdmin } from './test-server.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly sql: Sql
  readonly url: string
  readonly name: string
}

let failed = false
let made = 0

/** Clones the template. Call it once per test file, at its top or in `before`; disposing drops it, unless a test failed.
 *  `empty: true` gives a database without any tables; `patient: true` statements that may take minutes, for rows so large that
 *  a busy machine needs them. */
export async function aDatabase(options: { empty?: boolean; patient?: boolean } = {}): Promise<TestDatabase> {
  const server = await findTestServer()
  const prefix = `t_${testFileName()}`
  const name = `${prefix}_${process.pid}_${++made}`
  await withAdmin(server.adminUrl, async (admin) => {
    const all = await admin<{ datname: string }[]>`select datname from pg_database where datname like 't\_%'`
    for (const old of leftBehind(
      all.map((row) => row.datname),
      prefix,
    )) {
      await admin`drop database if exists ${admin(old)} with (force)`
    }
    const template = options.empty ? 'template0' : server.template
    await admin`create database ${admin(name)} template ${admin(template)} strategy file_copy`
  })
  const url = urlForTests(server.adminUrl, name)
  const database = openDatabase(url, options.patient ? { deadlineMs: 600_000 } : {})
  let closed = false
  return {
    sql: database.sql,
    url,
    name,
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      await database[Symbol.asyncDispose]()
      if (failed) console.error(`# kept the database of the failed test: ${name}`)
      else await withAdmin(server.adminUrl, (admin) => admin`drop database if exists ${admin(name)} with (force)`)
      await server[Symbol.asyncDispose]()
    },
  }
}

/** As aDatabase, and disposed of by the runner after the file's last test. */
export async function aDatabaseForThisFile(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const database = await aDatabase(options)
  after(() => database[Symbol.asyncDispose]())
  return database
}

// Registered once per file: node:test offers no "did anything fail" at the end.
afterEach((context) => {
  const { error } = context as { error?: unknown }
  if (error !== undefined && error !== null) failed = true
})

function testFileName(): string {
  const file = process.argv.find((argument) => argument.endsWith('.test.ts')) ?? 'unnamed'
  return basename(file, '.test.ts').replace(/[^a-z0-9]+/gi, '_').toLowerCase().slice(0, 40) // prettier-ignore
}

// Databases of this file whose process is gone: kept by an earlier failure, or left by a kill.
function leftBehind(names: readonly string[], prefix: string): string[] {
  return names.filter((name) => {
    const pid = name.startsWith(`${prefix}_`) ? /^(\d+)_\d+$/.exec(name.slice(prefix.length + 1))?.[1] : undefined
    return pid !== undefined && !pidIsAlive(Number(pid))
  })
}
