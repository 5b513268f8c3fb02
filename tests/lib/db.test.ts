// What openDatabase promises: no statement waits for ever, a lost connection costs only what ran on it, every failure is a
// sentence without secrets.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure, type JobFailure, LedgerFailure } from '../../src/core/errors.ts'
import { explainDatabaseError, openDatabase, type Database } from '../../src/lib/db.ts'
import {
  aFreePort,
  aFreezableProxy,
  aServerThatHangsUp,
  aServerWithoutTls,
  aSilentServer,
} from '../helpers/broken-servers.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
/** A deadline within which a busy machine connects too; what the server then leaves unanswered is waited for as long. */
const CONNECTS_IN_MS = 2_000
const PASSWORD = decodeURIComponent(new URL(url).password)

/** What a person is told when the first statement on this URL fails. */
async function failureOf(badUrl: string, statement = 'select 1'): Promise<JobFailure> {
  await using database = openDatabase(badUrl, { deadlineMs: 2000 })
  const error: unknown = await database.sql.unsafe(statement).then(
    () => assert.fail('the statement worked'),
    (thrown: unknown) => thrown,
  )
  const failure = explainDatabaseError(error, badUrl)
  const told = JSON.stringify([failure.message, failure.context, failure.stack, String(failure.cause)])
  assert.ok(!told.includes(PASSWORD) && !told.includes('s3cr3t') && !told.includes('hidden'), told)
  return failure
}

function changed(change: (target: URL) => void): string {
  const target = new URL(url)
  change(target)
  return target.href
}

test('a server that is not there is named with host, port, database and user', async () => {
  const port = await aFreePort()
  const failure = await failureOf(`postgres://ann:s3cr3t@127.0.0.1:${port}/league?options=hidden`)

  assert.ok(failure instanceof LedgerFailure)
  assert.equal(failure.retryable, true)
  assert.equal(
    failure.message,
    `the database at 127.0.0.1:${port}/league as ann refused the connection. Check that it runs, and its host and port in DATABASE_URL.`,
  )
})

test('an unknown host is a mistake in the URL', async () => {
  const failure = await failureOf('postgres://ann:s3cr3t@no-such-host.invalid/league?options=hidden')

  // Without a network the name service is away instead, which may be temporary.
  assert.match(failure.message, /has no address.*Check the (host|network)/)
})

test('a wrong password is told without either password', async () => {
  const failure = await failureOf(changed((target) => (target.password = 's3cr3t')))

  assert.ok(failure instanceof ConfigFailure)
  assert.match(failure.message, /refused the password\. Set DATABASE_URL/)
})

test('an unknown database is told by its name', async () => {
  const failure = await failureOf(changed((target) => (target.pathname = '/nowhere')))

  assert.ok(failure instanceof ConfigFailure)
  assert.match(failure.message, /\/nowhere as \w+ does not exist on that server\. Create it/)
})

test('a missing right is told with what the server said', async () => {
  const role = `weak_${process.pid}`
  await sql.unsafe(`create role ${role} login password 's3cr3t'`)
  const weak = changed((target) => {
    target.username = role
    target.password = 's3cr3t'
  })
  try {
    const failure = await failureOf(weak, 'create table public.t (id int)')

    assert.ok(failure instanceof ConfigFailure)
    assert.match(failure.message, /denied a right that is needed: permission denied for schema public\. Grant it/)
  } finally {
    await sql.unsafe(`drop role ${role}`)
  }
})

test('a server that hangs up at once is tried once for a statement, not for ever', async () => {
  await using server = await aServerThatHangsUp()
  const failure = await failureOf(server.url)

  assert.match(failure.message, /closed the connection/)
  assert.equal(server.connections(), 1)
})

test('a server without encryption is told apart when the URL asks for it', async () => {
  await using server = await aServerWithoutTls()
  const failure = await failureOf(`${server.url}&sslmode=require`)

  assert.match(failure.message, /refused|encryption|closed|answer/)
})

test('a server that accepts and never answers is given up at the deadline', async () => {
  await using server = await aSilentServer()
  await using database = openDatabase(server.url, { deadlineMs: 150 })

  await assert.rejects(async () => await database.sql`select 1`, { code: 'CONNECT_TIMEOUT' })
})

test('a server that falls silent is given up at the deadline, in a transaction too', async () => {
  for (const use of [
    async (database: Database) => await database.sql`select 1`,
    (database: Database) => database.sql.begin(async (tx) => await tx`select 1`),
  ]) {
    await using proxy = await aFreezableProxy(url)
    await using database = openDatabase(proxy.url, { deadlineMs: CONNECTS_IN_MS, max: 1 })
    await database.sql`select 1`
    proxy.freeze()

    await assert.rejects(use(database), { code: 'database_deadline' })
  }
})

test('after a server fell silent the next statement gets a fresh connection', async () => {
  await using proxy = await aFreezableProxy(url)
  await using database = openDatabase(proxy.url, { deadlineMs: CONNECTS_IN_MS, max: 1 })
  await database.sql`select 1`
  proxy.freeze()
  await assert.rejects(async () => await database.sql`select 1`)

  const [row] = await database.sql`select 2 as two`

  assert.equal(row?.['two'], 2)
})

test('a long queue neither waits for ever nor harms the transaction that it waits for', async () => {
  await using database = openDatabase(url, { deadlineMs: CONNECTS_IN_MS, max: 1 })
  const transaction = database.sql.begin(async (tx) => {
    await tx`select 1`
    await assert.rejects(async () => await database.sql`select 2`, { code: 'database_no_free_connection' })
    return await tx<{ three: number }[]>`select 3 as three`
  })

  assert.equal((await transaction)[0]?.three, 3)
})

test('a statement that runs too long is cancelled by the server itself', async () => {
  await using database = openDatabase(url, { deadlineMs: CONNECTS_IN_MS })

  await assert.rejects(async () => await database.sql`select pg_sleep(30)`, { code: '57014' })
})

test('a connection that ends in a transaction rejects it, and the next one works, thirty times over', async () => {
  await using database = openDatabase(url, { max: 1, deadlineMs: 5000 })
  for (let round = 0; round < 30; round++) {
    await assert.rejects(
      database.sql.begin(async (tx) => {
        const [me] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
        await sql`select pg_terminate_backend(${me!.pid})`
        await tx`select 1`
      }),
    )
    assert.equal(await database.sql.begin(async (tx) => (await tx`select 1`).length), 1)
  }
})

test('work that goes on after its connection ended is told so and leaves the next statement alone', async () => {
  await using database = openDatabase(url, { max: 1, deadlineMs: 5000 })
  const late: unknown[] = []
  let worked: () => void = () => undefined
  const done = new Promise<void>((resolve) => (worked = resolve))
  await assert.rejects(
    database.sql.begin(async (tx) => {
      const [me] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
      await sql`select pg_terminate_backend(${me!.pid})`
      for (let i = 0; i < 3; i++) await tx`select 1`.catch((error: unknown) => late.push(error))
      worked()
    }),
  )
  await done

  assert.equal(late.length, 3)
  assert.equal((await database.sql`select 1`).length, 1)
})

test('idempotent work is done again after an idle disconnect', async () => {
  await using database = openDatabase(url, { max: 1 })
  for (let round = 0; round < 10; round++) {
    const [me] = await database.sql<{ pid: number }[]>`select pg_backend_pid() as pid`
    await sql`select pg_terminate_backend(${me!.pid})`

    const rows = await database.idempotent((again) => again`select 1`)

    assert.equal(rows.length, 1)
  }
})

test('a failing statement is not done again', async () => {
  await using database = openDatabase(url)
  let times = 0
  const work = database.idempotent(async (again) => {
    times++
    return await again`select 1 / 0`
  })

  await assert.rejects(work, { code: '22012' })
  assert.equal(times, 1)
})

test('values, parts, names, lists, JSON and savepoints work as in the plain driver', async () => {
  await using database = openDatabase(url)
  const { sql: db } = database
  const rows = await db.begin(async (tx) => {
    await tx`create temp table t (id int, at timestamptz, big int8, list text[], doc jsonb) on commit drop`
    const row = { id: 1, at: new Date(0), big: '9007199254740993', list: ['a', 'b'], doc: tx.json({ x: 1 }) }
    await tx`insert into t ${tx([row])}`
    await tx`insert into t ${tx({ ...row, id: tx`1 + ${1}::int` as never, list: tx.array(['c "d"', '{e}']) }, 'id', 'list')}`
    await tx.savepoint(async (inner) => await inner`select 1 / 0`).catch(() => undefined)
    const condition = tx`where id = any(${[1, 2]}) and ${[tx`id > ${0}`, tx`and true`]}`
    return await tx`select * from ${tx('t')} ${condition} order by id`
  })

  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { id: 1, at: new Date(0), big: '9007199254740993', list: ['a', 'b'], doc: { x: 1 } },
    { id: 2, at: null, big: null, list: ['c "d"', '{e}'], doc: null },
  ]) // prettier-ignore
})

test('a statement of the wrong kind is the failure of the statement, not of the database', async () => {
  const failure = await failureOf(url, 'select * from nowhere')

  assert.equal(failure.retryable, false)
  assert.match(failure.message, /refused a statement: relation "nowhere" does not exist/)
})
