// The PostgreSQL that tests run on and its migrated template: one server for a whole run, or, for a single file that is
// run directly, whichever is there.

import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import postgres from 'postgres'

import { ConfigFailure, LedgerFailure } from '../../src/core/errors.ts'
import { joinEmbeddedPostgres, type EmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { listMigrations, migrate } from '../../src/ledger/migrate.ts'

export const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface TestServer extends AsyncDisposable {
  /** An address with the right to create databases. */
  readonly adminUrl: string
  /** The migrated database that tests clone. */
  readonly template: string
}

/** The run's server, told by the environment; or, without a run, TEST_DATABASE_URL or the embedded one. */
export async function findTestServer(env = process.env): Promise<TestServer> {
  const [adminUrl, template] = [env['MATCHDAY_TEST_SERVER'], env['MATCHDAY_TEST_TEMPLATE']]
  if (adminUrl && template) return { adminUrl, template, [Symbol.asyncDispose]: () => Promise.resolve() }
  return openTestServer(env)
}

/** Starts or finds the server and makes sure of its template. */
export async function openTestServer(env = process.env): Promise<TestServer> {
  const given = env['TEST_DATABASE_URL']
  if (given)
    return { adminUrl: given, template: await ensureTemplate(given), [Symbol.asyncDispose]: () => Promise.resolve() }
  const server = await joinTestServer()
  try {
    const adminUrl = server.urlOf('postgres')
    const template = await ensureTemplate(adminUrl)
    return { adminUrl, template, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

// A run with the network closed cannot reach the server of one beside it that has it open, and gets its own for once.
async function joinTestServer(): Promise<EmbeddedPostgres> {
  const options = { projectRoot: PROJECT_ROOT, durable: false }
  try {
    return await joinEmbeddedPostgres({ ...options, name: 'test' })
  } catch (error) {
    if (!(error instanceof LedgerFailure) || error.code !== 'embedded_elsewhere') throw error
  }
  const server = await joinEmbeddedPostgres({ ...options, name: `test-${process.pid}` })
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(server.directory, { recursive: true, force: true })
      rmSync(join(PROJECT_ROOT, '.matchday', `postgres-test-${process.pid}.json`), { force: true })
    },
  }
}

/** The address of another database as tests use it: through the run's pooler, if it has one. */
export function urlForTests(adminUrl: string, database: string, env = process.env): string {
  const url = new URL(urlOnServer(adminUrl, database))
  url.port = env['MATCHDAY_TEST_POOLER_PORT'] ?? url.port
  return url.href
}

/** The address of another database on the same server. */
function urlOnServer(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  return url.href
}

/** A connection for creating and dropping databases. */
export async function withAdmin<T>(adminUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined, fetch_types: false })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

// Named after what it is made from, so that the next run finds it ready and a changed migration makes a new one.
async function ensureTemplate(adminUrl: string): Promise<string> {
  const name = `matchday_template_${migrationsHash()}`
  await withAdmin(adminUrl, async (admin) => {
    if (await exists(admin, name)) return
    const fresh = `${name}_${process.pid}`
    await admin`drop database if exists ${admin(fresh)} with (force)`
    await admin`create database ${admin(fresh)}`
    await migrateDatabase(urlOnServer(adminUrl, fresh))
    await takeName(admin, fresh, name)
    await dropOldTemplates(admin, name)
  })
  return name
}

async function exists(admin: postgres.Sql, name: string): Promise<boolean> {
  const found = await admin`select 1 from pg_database where datname = ${name}`
  return found.length > 0
}

// Only a finished template gets the name; another process that was first is as good.
async function takeName(admin: postgres.Sql, fresh: string, name: string): Promise<void> {
  try {
    await admin`alter database ${admin(fresh)} rename to ${admin(name)}`
  } catch (error) {
    if (!(await exists(admin, name))) throw error
    await admin`drop database if exists ${admin(fresh)} with (force)`
  }
}

async function dropOldTemplates(admin: postgres.Sql, current: string): Promise<void> {
  const old = await admin<{ datname: string }[]>`
    select datname from pg_database where datname ~ '^matchday_template_[0-9a-f]+$' and datname <> ${current}
  `
  for (const { datname } of old) {
    // Not forced: a run of an older commit may be cloning it right now, and then it stays.
    await admin`drop database if exists ${admin(datname)}`.catch(() => undefined)
  }
}

function migrationsHash(): string {
  const hash = createHash('sha256').update(readFileSync(new URL('../../src/ledger/migrate.ts', import.meta.url)))
  for (const { name, checksum } of listMigrations()) hash.update(name).update(checksum)
  return hash.digest('hex').slice(0, 12)
}

async function migrateDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await migrate(sql, { environment: 'test' })
  } catch (cause) {
    throw new ConfigFailure('the template database for tests could not be migrated', { cause })
  } finally {
    await sql.end({ timeout: 5 })
  }
}
