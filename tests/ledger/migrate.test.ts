// Bringing a database to this code's schema: all or nothing, in turn, and never somebody else's database.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { ConfigFailure, LedgerFailure, toErrorRecord } from '../../src/core/errors.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { checkDatabase, listMigrations, migrate, schemaVersion, type Migration } from '../../src/ledger/migrate.ts'
import { aDatabase } from '../helpers/database.ts'

const OWN = listMigrations()
const SHARED = OWN.filter(({ league }) => league === undefined)
const LATEST = SHARED.at(-1)!.number

function aMigration(number: number, sql: string): Migration {
  return {
    number,
    name: `${String(number).padStart(4, '0')}_test.sql`,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  }
}

async function hasTable(sql: Sql, name: string): Promise<boolean> {
  const [row] = await sql<{ there: boolean }[]>`select to_regclass(${name}) is not null as there`
  return row?.there ?? false
}

test('an empty database gets every migration, in order, and its stamp', async () => {
  await using db = await aDatabase({ empty: true })

  const report = await migrate(db.sql, { environment: 'test' })

  assert.deepEqual(report, { applied: OWN.map((each) => each.name), version: LATEST })
  await checkDatabase(db.sql, 'test')
})

test('a second call has nothing to do', async () => {
  await using db = await aDatabase()

  assert.deepEqual(await migrate(db.sql, { environment: 'test' }), { applied: [], version: LATEST })
})

test('several callers at once take turns: each migration is applied by exactly one of them', async () => {
  await using db = await aDatabase({ empty: true })

  const reports = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      await using own = openDatabase(db.url, { max: 1 })
      return await migrate(own.sql, { environment: 'test' })
    }),
  )

  assert.deepEqual(
    reports.flatMap((report) => report.applied).sort(),
    OWN.map((each) => each.name),
  )
  assert.ok(reports.every((report) => report.version === LATEST))
})

test('two callers of different environments: the first to stamp keeps the database', async () => {
  await using db = await aDatabase({ empty: true })

  const ends = await Promise.allSettled(
    ['staging', 'production'].map(async (environment) => {
      await using own = openDatabase(db.url, { max: 1 })
      return await migrate(own.sql, { environment })
    }),
  )

  const refused = ends.find((end) => end.status === 'rejected')
  assert.equal(ends.filter((end) => end.status === 'fulfilled').length, 1)
  assert.match(String(refused?.reason), /belongs to the environment/)
})

test('a migration that fails half-way leaves nothing, names itself, and those before it stay', async () => {
  await using db = await aDatabase()
  const good = aMigration(9001, 'create table good (n integer)')
  const bad = aMigration(9002, 'create table half (n integer); create table half (n integer)')

  await assert.rejects(migrate(db.sql, { environment: 'test', migrations: [...OWN, good, bad] }), (error) => {
    assert.ok(error instanceof LedgerFailure)
    assert.match(toErrorRecord(error).message, /^migration 9002_test\.sql failed and was rolled back whole.*\(relation "half" already exists\)$/) // prettier-ignore
    assert.equal(error.retryable, false)
    return true
  })
  assert.deepEqual([await hasTable(db.sql, 'good'), await hasTable(db.sql, 'half')], [true, false])
  assert.equal(await schemaVersion(db.sql), 9001)
})

test('once mended, the migration that failed is applied', async () => {
  await using db = await aDatabase()
  await assert.rejects(migrate(db.sql, { environment: 'test', migrations: [...OWN, aMigration(9001, 'nonsense')] }))

  const report = await migrate(db.sql, { environment: 'test', migrations: [...OWN, aMigration(9001, 'create table t ()')] }) // prettier-ignore

  assert.deepEqual(report, { applied: ['9001_test.sql'], version: 9001 })
})

test('a migration that was edited after it was applied is refused, and nothing after it is applied', async () => {
  await using db = await aDatabase()
  const edited = { ...OWN[0]!, checksum: 'other' }
  const next = aMigration(9001, 'create table later ()')

  await assert.rejects(
    migrate(db.sql, { environment: 'test', migrations: [edited, next] }),
    (error) => error instanceof ConfigFailure && error.message.includes(`migration ${edited.name} was changed after`),
  )
  assert.equal(await hasTable(db.sql, 'later'), false)
})

test('newer code on an older schema says what to do and writes nothing', async () => {
  await using db = await aDatabase()
  await db.sql`delete from matchday_migrations where number = ${LATEST}`

  await assert.rejects(
    checkDatabase(db.sql, 'test'),
    (error) =>
      error instanceof ConfigFailure &&
      error.message ===
        `the database is at schema ${LATEST - 1} and this code needs ${LATEST}: run the workflow ops-setup (or: npm run migrate) first. Nothing was changed.`,
  )
})

test('a database that was never migrated says the same', async () => {
  await using db = await aDatabase({ empty: true })

  await assert.rejects(checkDatabase(db.sql, 'test'), /the database is at schema 0 and this code needs/)
})

test('older code on a newer schema works', async () => {
  await using db = await aDatabase()
  await migrate(db.sql, { environment: 'test', migrations: [...OWN, aMigration(9001, 'create table newer ()')] })

  await checkDatabase(db.sql, 'test')
  assert.deepEqual(await migrate(db.sql, { environment: 'test' }), { applied: [], version: 9001 })
})

test('a database of another environment is refused and stays exactly as it is', async () => {
  await using db = await aDatabase()
  const migrations = [...OWN, aMigration(9001, 'create table intruder ()')]

  const attempts = [
    () => migrate(db.sql, { environment: 'production', migrations }),
    () => checkDatabase(db.sql, 'production'),
  ]
  for (const attempt of attempts) {
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof ConfigFailure)
      assert.match(
        error.message,
        /belongs to the environment "test" and this run is for "production": point DATABASE_URL/,
      )
      return true
    })
  }
  assert.equal(await schemaVersion(db.sql), LATEST)
  assert.equal(await hasTable(db.sql, 'intruder'), false)
})

test('a user without rights is told in one sentence which ones are missing', async () => {
  await using db = await aDatabase({ empty: true })
  const role = `no_rights_${process.pid}`
  await db.sql.unsafe(`create role ${role} login password 's3cr3t'`)
  const url = Object.assign(new URL(db.url), { username: role, password: 's3cr3t' })
  try {
    await using weak = openDatabase(url.href, { max: 1 })

    await assert.rejects(migrate(weak.sql, { environment: 'test' }), (error) => {
      assert.ok(error instanceof LedgerFailure)
      assert.equal(error.code, 'no_rights')
      assert.match(
        error.message,
        new RegExp(`^the database refused to create a table for user "${role}": give that user`),
      )
      return true
    })
  } finally {
    await db.sql.unsafe(`drop role ${role}`)
  }
})

test('a user who may create tables but no schema is told at the migration that needs it', async () => {
  await using db = await aDatabase({ empty: true })
  const role = `some_rights_${process.pid}`
  await db.sql.unsafe(`create role ${role} login password 's3cr3t'; grant create on schema public to ${role}`)
  const url = Object.assign(new URL(db.url), { username: role, password: 's3cr3t' })
  try {
    await using weak = openDatabase(url.href, { max: 1 })

    await assert.rejects(migrate(weak.sql, { environment: 'test' }), (error) =>
      /^migration 0001_\w+\.sql failed.*permission denied for database/.test(toErrorRecord(error).message),
    )
  } finally {
    await db.sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
})

test('a league whose tables are older than its code is named', async () => {
  await using db = await aDatabase()
  await db.sql`delete from ledger.league_migrations where league = 'nfl' and number > 2`

  await assert.rejects(checkDatabase(db.sql, 'test'), /^ConfigFailure: the database is at the schema of nfl \d+ and this code needs \d+: run/) // prettier-ignore
})

/** What stood among the shared ones as 0002 to 0004, of leagues that are still here. */
const MOVED = ['nfl/0001_lake.sql', 'nfl/0002_models.sql', 'fantasy/0001_lake.sql'].flatMap((moved, i) => {
  const own = OWN.find(({ name }) => name === moved)
  return own ? [{ ...own, number: i + 2 }] : []
})

/** As it was when they did: what all leagues share of the lake came with the first of them. */
async function aDatabaseOfOneFolder() {
  const db = await aDatabase({ empty: true })
  const [lake = ''] = OWN.find(({ name }) => name === '0015_leagues.sql')!.sql.split(
    'create table ledger.league_migrations',
  )
  const former = MOVED.map(({ number, sql }, i) => ({
    ...aMigration(number, i === 0 ? lake + sql : sql),
    name: `000${number}_as_it_was.sql`,
  }))
  const [first, ...later] = SHARED.filter(({ number }) => number < 15)
  await migrate(db.sql, { environment: 'test', migrations: [first!, ...former, ...later] })
  return db
}

test('what a database was given while the migrations of leagues stood among the shared ones counts as applied', async () => {
  await using db = await aDatabaseOfOneFolder()
  await db.sql`
    insert into bronze.nfl_games (game_id, revision, cells, fingerprint, as_of, run_id, simulated)
    values ('2025_01_DAL_PHI', 1, '{}', 'f', now(), gen_random_uuid(), false)
  `

  const { applied } = await migrate(db.sql, { environment: 'test' })

  const once = MOVED.map(({ name }) => name)
  assert.deepEqual(applied, OWN.filter(({ league, number, name }) => (league ? !once.includes(name) : number >= 15)).map(({ name }) => name)) // prettier-ignore
  await checkDatabase(db.sql, 'test')
  assert.deepEqual(await migrate(db.sql, { environment: 'test' }), { applied: [], version: LATEST })
  assert.equal((await db.sql`select from bronze.nfl_games`).length, 1)
})

test('predictions and grades of before the shared tables are kept to the digit, and stay frozen', async () => {
  await using db = await aDatabaseOfOneFolder()
  const by = { run_id: '5f0c1f0e-0000-4000-8000-000000000001', simulated: false }
  const key = { game_id: '2025_05_DAL_PHI', market: 'ats', lead_days: 2 }
  const made = { line: -3.5, price_for: -110, price_against: -105, p_model: 0.4712345678901234, p_market: 0.5, p_final: 0.49, p_push: 0.03, expected: -1.25, expected_final: -3.25, pick: 'away', edge: 0.01, stake: 0.004, starters: 'named', commit: 'c0ffee0' } // prettier-ignore
  const told = { outcome: 'lost', brier: 0.22, log_loss: 0.64, line_error: 4.5, profit: -1, close_line: -4, p_close: 0.48, clv_points: 0.5, home_score: 27, away_score: 26 } // prettier-ignore
  const [asOf, recordedAt, kickoff] = ['2025-10-03T15:07:00Z', '2025-10-03T15:07:09Z', '2025-10-05T17:00:00Z'].map((at) => new Date(at)) // prettier-ignore
  const dates = { as_of: asOf!, recorded_at: recordedAt!, kickoff_at: kickoff! }
  await db.sql`insert into predictions.nfl ${db.sql({ ...key, ...made, ...by, ...dates, season: 2025, week: 5, model_version: 'm-1' })}`
  await db.sql`insert into predictions.nfl_grades ${db.sql({ ...key, ...told, ...by, graded_as_of: kickoff! })}`

  await migrate(db.sql, { environment: 'test' })

  const [row] = await db.sql`
    select p.*, d.started_at, d.outcome, d.brier, d.log_loss, d.line_error, d.profit, d.close_line, d.p_close, d.clv_points,
      d.home_score, d.away_score
    from predictions.games p join predictions.grades d using (league, game_id, market, lead_days)
  `
  const { kickoff_at: startsAt, ...rest } = dates
  const wanted = { ...key, ...made, ...told, ...by, ...rest, league: 'nfl', season: 2025, period: '2025-W05', model_version: 'm-1', starts_at: startsAt, started_at: startsAt } // prettier-ignore
  assert.deepEqual({ ...row }, wanted)
  await assert.rejects(db.sql`delete from predictions.grades`, /frozen/)
})

test('no league needs the tables of another: in whatever order they come, the database is the same', async () => {
  await using db = await aDatabase({ empty: true })
  const leagues = [...new Set(OWN.flatMap(({ league }) => league ?? []))]
  const backwards = leagues.toReversed().flatMap((league) => OWN.filter((one) => one.league === league))

  const { applied } = await migrate(db.sql, { environment: 'test', migrations: [...SHARED, ...backwards] })

  assert.equal(applied.length, OWN.length)
})

test('migrations are numbered without gaps', () => {
  const numbersOf = (league: string | undefined) =>
    OWN.filter((one) => one.league === league).map(({ number }) => number)
  // 0002 to 0004 were the leagues'.
  assert.deepEqual(
    numbersOf(undefined),
    SHARED.map((_, i) => (i === 0 ? 1 : i + 4)),
  )
  for (const { league } of OWN.filter(({ number, league }) => league !== undefined && number === 1))
    assert.deepEqual(
      numbersOf(league),
      numbersOf(league).map((_, i) => i + 1),
    )
})
