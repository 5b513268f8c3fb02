// What the dashboards' role can keep from happening: nothing by advisory locks, and by reading no longer than we wait.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { LedgerFailure } from '../../src/core/errors.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { syncIncidents } from '../../src/ledger/incidents.ts'
import { listMigrations, migrate } from '../../src/ledger/migrate.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { READER_SQL, readerStatements } from '../helpers/reader.ts'

const READER = `matchday_reader_turn_${process.pid}`
after(async () => {
  await sql.unsafe(`drop owned by ${READER}; drop role ${READER}`)
  rmSync(folder, { recursive: true })
})

const { sql, url } = await aDatabaseForThisFile()
const folder = mkdtempSync(join(tmpdir(), 'matchday-reader-'))
const WAIT_MS = 300

before(async () => {
  await sql.unsafe(readerStatements(READER))
  await sql.unsafe(`alter role ${READER} password 'a-reader-of-dashboards'`)
})

/** A real session of the reader. */
function asReader() {
  return openDatabase(Object.assign(new URL(url), { username: READER, password: 'a-reader-of-dashboards' }).href, { max: 1 }) // prettier-ignore
}

const aMigration = (text: string) => {
  const checksum = createHash('sha256').update(text).digest('hex')
  return [...listMigrations(), { number: 9001, name: '9001_test.sql', sql: text, checksum }]
}

/** Holds what the statement locks until told. */
async function holding(reader: Sql, statement: string, work: () => Promise<void>): Promise<void> {
  await reader.begin(async (tx) => {
    await tx.unsafe(statement)
    await work()
  })
}

test('every advisory lock that an earlier version asked for stops neither migrations nor incidents', async () => {
  await using reader = asReader()
  const locks = "select pg_advisory_xact_lock(62824329), pg_advisory_xact_lock(hashtext('matchday incidents'))"

  await holding(reader.sql, locks, async () => {
    assert.equal((await migrate(sql, { environment: 'test', waitMs: WAIT_MS })).applied.length, 0)
    await syncIncidents(sql, [], { judged: [], now: at('19 08:00') })
  })
})

test('the reader may not take what others take turns on, however it asks', async () => {
  await using reader = asReader()
  const refused = (text: string) => assert.rejects(reader.sql.begin('read write', (tx) => tx.unsafe(text)), { code: '42501' }) // prettier-ignore

  for (const table of ['matchday_migrations', 'ledger.stamp', 'ledger.runs', 'ledger.incidents']) {
    for (const mode of ['row share', 'row exclusive', 'share', 'share row exclusive', 'access exclusive'])
      await refused(`lock table ${table} in ${mode} mode`)
    await refused(`select 1 from ${table} for update`)
  }
})

test('a migration that waits for a reader gives up in time, whole, and names the session', async () => {
  await using reader = asReader()
  const migrations = aMigration('create table before_it (n integer); alter table ledger.runs add column more integer')

  await holding(reader.sql, 'select id from ledger.runs limit 1', async () => {
    await assert.rejects(migrate(sql, { environment: 'test', migrations, waitMs: WAIT_MS }), (error) => {
      assert.ok(error instanceof LedgerFailure)
      assert.deepEqual([error.code, error.retryable], ['lock_not_had', true])
      assert.match(error.message, new RegExp(`^migration 9001_test\\.sql did not get a lock within 0\\.3 s, and was rolled back whole: session \\d+ \\(${READER}, matchday\\) has held ledger\\.runs`)) // prettier-ignore
      return true
    })
  })
  const [table] = await sql<{ there: boolean }[]>`select to_regclass('before_it') is not null as there`
  assert.equal(table?.there, false)
  assert.deepEqual((await migrate(sql, { environment: 'test', migrations })).applied, ['9001_test.sql'])
})

test('two who migrate take turns, and the second is told when the first is not done in time', async () => {
  await using other = openDatabase(url, { max: 1, applicationName: 'the-first' })

  await holding(other.sql, 'lock table matchday_migrations in share row exclusive mode', async () => {
    await assert.rejects(migrate(sql, { environment: 'test', waitMs: WAIT_MS }), /did not get a lock.*the-first\) has held matchday_migrations/) // prettier-ignore
  })
})

const PSQL = spawnSync('psql', ['--version']).status === 0
const skip = PSQL ? false : 'there is no psql on this machine'

/** Runs reader.sql, changed, with psql as somebody. */
function psql(user: string, change: (text: string) => string = (text) => text) {
  const file = join(folder, 'reader.sql')
  writeFileSync(file, change(readFileSync(READER_SQL, 'utf8').replaceAll('matchday_reader', READER)))
  const as = Object.assign(new URL(url), user === '' ? {} : { username: user, password: 'a-reader-of-dashboards' })
  return spawnSync('psql', [as.href, '-X', '-q', '-f', file], { encoding: 'utf8' })
}

test('reader.sql does all or nothing in psql, and says what it needs', { skip }, async () => {
  const whole = psql('')
  assert.equal(whole.status, 0, whole.stderr)

  const broken = psql('', (text) => text.replace('create schema if', 'nonsense; create schema if').replaceAll("'30s'", "'31s'")) // prettier-ignore
  assert.equal(broken.status, 3)
  assert.equal(broken.stderr.match(/ERROR/g)?.length, 1, broken.stderr)
  const [role] = await sql<{ settings: string }[]>`select array_to_string(rolconfig, ' ') as settings from pg_roles where rolname = ${READER}` // prettier-ignore
  assert.match(role?.settings ?? '', /statement_timeout=30s/)
  assert.match(role?.settings ?? '', /idle_in_transaction_session_timeout=30s.*lock_timeout=5s/)

  const stranger = psql(READER)
  assert.equal(stranger.status, 3)
  assert.match(stranger.stderr, new RegExp(`the tables belong to ".*" and you are "${READER}": run this as their owner`)) // prettier-ignore
})
