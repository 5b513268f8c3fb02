// Brings a database to this code's schema: numbered plain SQL files, each in its own transaction and in turn, each
// recorded with its checksum, never edited after landing. What all share comes first, then each league's own, which name nothing
// of another league's, so that a league can come and go. Also stamps the database with its environment.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'

import type { Sql, TransactionSql } from 'postgres'

import { ConfigFailure, LedgerFailure } from '../core/errors.ts'
import { inTurn } from './turn.ts'

const SHARED = new URL('./migrations/', import.meta.url)
const LEAGUES = new URL('../leagues/', import.meta.url)
/** "insufficient_privilege" */
const NO_RIGHT = '42501'
/** "undefined_table" */
const NO_TABLE = '42P01'
/** Somebody else made the table at the same moment: "duplicate_table", "duplicate_object", or a name in the catalog. */
const MADE_MEANWHILE = ['42P07', '42710', '23505']
/** For another migration's end, and for tables that somebody reads: all who come later wait behind us meanwhile. */
const WAIT_MS = 15_000

/** What a migration may take: a big table's new index needs longer than any statement of a run. */
export const MIGRATION_DEADLINE_MS = 15 * 60_000

export interface Migration {
  /** Whose it is; undefined: all leagues share it. */
  readonly league?: string
  readonly number: number
  /** `0001_ledger.sql`, and a league's `nfl/0001_lake.sql`. */
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

export interface MigrationReport {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[]
  /** The number of the shared schema afterwards. */
  readonly version: number
}

/** Every migration of this code, in the order in which they are applied. */
export function listMigrations(): Migration[] {
  return [
    ...migrationsIn(SHARED),
    ...listLeagues().flatMap((league) => migrationsIn(folderOf(league)).map((own) => ({ ...own, league, name: `${league}/${own.name}` }))), // prettier-ignore
  ]
}

const folderOf = (league: string) => new URL(`${league}/migrations/`, LEAGUES)

/** The leagues that have tables of their own. */
function listLeagues(): string[] {
  return readdirSync(LEAGUES).filter((name) => existsSync(folderOf(name))).sort() // prettier-ignore
}

function listFiles(folder: URL): string[] {
  return readdirSync(folder).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort() // prettier-ignore
}

function migrationsIn(folder: URL): Migration[] {
  return listFiles(folder).map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n') // as Git checks out on Windows
    return { number: numberOf(name), name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

const numberOf = (name: string | undefined) => Number(name?.slice(0, 4) ?? 0)

/** Applies what is missing and stamps the environment. Several callers at once are safe: they take turns. A migration
 *  that fails, or does not get its locks within `waitMs`, is rolled back whole and named; those before it stay. Throws
 *  LedgerFailure or ConfigFailure. */
export async function migrate(
  sql: Sql,
  options: { environment: string; migrations?: readonly Migration[]; waitMs?: number },
): Promise<MigrationReport> {
  const { migrations = listMigrations(), waitMs = WAIT_MS } = options
  await createBookkeeping(sql)
  await refuseOtherEnvironment(sql, options.environment)
  const applied: string[] = []
  for (const migration of migrations) {
    if (await applyOne(sql, migration, waitMs)) applied.push(migration.name)
  }
  await stamp(sql, options.environment)
  return { applied, version: await schemaVersion(sql) }
}

/** The highest migration applied of those that all share; 0 for a database that has none. */
export async function schemaVersion(sql: Sql): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    select coalesce(max(number), 0) as version from matchday_migrations
  `
  return row?.version ?? 0
}

/** Checks what a run needs of the database before it touches anything: migrated at least to this code's schema, leagues
 *  included, and stamped with the run's environment. An older run on a newer schema is fine. Throws ConfigFailure. */
export async function checkDatabase(sql: Sql, environment: string): Promise<void> {
  const state = await findState(sql)
  const older = findOlder(state)
  if (older !== undefined) {
    const { of, version, needed } = older
    throw new ConfigFailure(
      `the database is at ${of} ${version} and this code needs ${needed}: run the workflow ops-setup (or: npm run migrate) first. Nothing was changed.`,
      { code: 'schema_too_old', context: { of, version, needed } },
    )
  }
  if (state.stamped !== environment) throw wrongEnvironment(state.stamped, environment)
}

interface State {
  readonly version: number
  readonly stamped: string | undefined
  /** By league. */
  readonly leagues: Readonly<Record<string, number>>
}

/** The first schema that this code needs newer. */
function findOlder({ version, leagues }: State): { of: string; version: number; needed: number } | undefined {
  const last = (folder: URL) => numberOf(listFiles(folder).at(-1))
  return [
    { of: 'schema', version, needed: last(SHARED) },
    ...listLeagues().map((league) => ({ of: `the schema of ${league}`, version: leagues[league] ?? 0, needed: last(folderOf(league)) })), // prettier-ignore
  ].find((one) => one.version < one.needed)
}

/** In one statement, for every run asks it; a database from before it could be answered is asked for its number alone. */
async function findState(sql: Sql): Promise<State> {
  try {
    const [row] = await sql<{ version: number; stamped: string | null; leagues: Record<string, number> | null }[]>`
      select (select coalesce(max(number), 0) from matchday_migrations) as version,
        (select environment from ledger.stamp) as stamped,
        (select jsonb_object_agg(league, number)
          from (select league, max(number) as number from ledger.league_migrations group by league) of_leagues) as leagues
    `
    return { version: row?.version ?? 0, stamped: row?.stamped ?? undefined, leagues: row?.leagues ?? {} }
  } catch (error) {
    if (!isNoTable(error)) throw error
    return { version: await schemaVersion(sql).catch(noneWithoutTable), stamped: undefined, leagues: {} }
  }
}

const isNoTable = (error: unknown) => (error as { code?: string }).code === NO_TABLE

function noneWithoutTable(error: unknown): number {
  if (!isNoTable(error)) throw error
  return 0 // the first migration makes it
}

/** What everything else takes turns on, made without a lock: of two that make it at once one is refused, and then it is there. */
async function createBookkeeping(sql: Sql): Promise<void> {
  try {
    await sql`
      create table if not exists matchday_migrations (
        number integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default clock_timestamp()
      )
    `
  } catch (error) {
    const { code } = error as { code?: string }
    if (MADE_MEANWHILE.includes(code ?? '')) return
    if (code !== NO_RIGHT) throw error
    throw new LedgerFailure(
      `the database refused to create a table for user "${sql.options.user}": give that user CREATE on the database and its public schema, or use one that has it`,
      { code: 'no_rights', retryable: false, cause: error },
    )
  }
}

async function applyOne(sql: Sql, migration: Migration, waitMs: number): Promise<boolean> {
  const turn = { what: `migration ${migration.name}`, table: 'matchday_migrations', waitMs } as const
  return await inTurn(sql, turn, async (tx) => {
    const done = await findChecksum(tx, migration)
    if (done !== undefined && done !== migration.checksum) {
      throw new ConfigFailure(
        `migration ${migration.name} was changed after it had been applied to this database: migrations are never edited, add a new one instead`,
        { code: 'migration_edited', context: { migration: migration.name } },
      )
    }
    if (done !== undefined) return false
    await run(tx, migration)
    await record(tx, migration)
    return true
  })
}

/** Of the migration as it was applied; undefined: it was not. */
async function findChecksum(tx: TransactionSql, { league, number }: Migration): Promise<string | undefined> {
  const [done] = await (league === undefined
    ? tx<{ checksum: string }[]>`select checksum from matchday_migrations where number = ${number}`
    : tx<{ checksum: string }[]>`
        select checksum from ledger.league_migrations where league = ${league} and number = ${number}
      `)
  return done?.checksum
}

async function record(tx: TransactionSql, { league, number, name, checksum }: Migration): Promise<void> {
  if (league === undefined)
    await tx`insert into matchday_migrations (number, name, checksum) values (${number}, ${name}, ${checksum})`
  else
    await tx`
      insert into ledger.league_migrations (league, number, name, checksum) values (${league}, ${number}, ${name}, ${checksum})
    `
}

async function run(tx: TransactionSql, migration: Migration): Promise<void> {
  try {
    await tx.unsafe(migration.sql)
  } catch (error) {
    throw new LedgerFailure(
      `migration ${migration.name} failed and was rolled back whole, the database is as it was before it: mend its cause, then run it again`,
      { code: 'migration_failed', retryable: false, cause: error, context: { migration: migration.name } },
    )
  }
}

async function stamp(sql: Sql, environment: string): Promise<void> {
  await sql`insert into ledger.stamp (environment) values (${environment}) on conflict do nothing`
  await refuseOtherEnvironment(sql, environment)
}

/** Before anything is applied: somebody else's database must stay exactly as it is. */
async function refuseOtherEnvironment(sql: Sql, environment: string): Promise<void> {
  const [table] = await sql<{ present: boolean }[]>`select to_regclass('ledger.stamp') is not null as present`
  if (!table?.present) return
  const stamped = await findStamp(sql)
  if (stamped !== undefined && stamped !== environment) throw wrongEnvironment(stamped, environment)
}

async function findStamp(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ environment: string }[]>`select environment from ledger.stamp`
  return row?.environment
}

function wrongEnvironment(stamped: string | undefined, wanted: string): ConfigFailure {
  return new ConfigFailure(
    `the database belongs to the environment "${stamped ?? 'none'}" and this run is for "${wanted}": point DATABASE_URL at the database of "${wanted}", or name the environment "${stamped ?? 'none'}". Nothing was changed.`,
    { code: 'wrong_environment', context: { stamped: stamped ?? null, wanted } },
  )
}
