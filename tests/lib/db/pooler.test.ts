// Through a real PgBouncer: it is recognised by what it answers, whatever the URL looks like; and what holds on a server of
// our own holds there, in transaction and in session mode.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Sql, TransactionSql } from 'postgres'

import { openDatabase } from '../../../src/lib/db.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'
import { aPooler, noPooler, type Pooler } from '../../helpers/pgbouncer.ts'
import { until } from '../../helpers/until.ts'

const { sql: direct, url } = await aDatabaseForThisFile({ empty: true })

/** What an installation may look like; one that ignores our settings is known only by the statements that it forgets. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  'transaction mode': ['pool_mode = transaction'],
  'session mode': ['pool_mode = session', 'default_pool_size = 20'],
  'session mode without server_reset_query': ['pool_mode = session', 'default_pool_size = 20', 'server_reset_query ='],
  'transaction mode that ignores settings': [
    'pool_mode = transaction',
    'ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
  ],
}

for (const [mode, settings] of Object.entries(MODES)) {
  test(`statements and transactions of many clients work through a pooler in ${mode}`, { skip: noPooler }, async () => {
    await using pooler = await aPooler(url, settings)
    const clients = Array.from({ length: 4 }, () => openDatabase(pooler.through(url), { max: 3 }))
    const table = `pooled_${pooler.port}`
    await direct.unsafe(`create table ${table} (client int, n int)`)
    try {
      const rounds = Array.from({ length: 60 }, (_, n) => n)
      await Promise.all(
        clients.flatMap(({ sql }, client) =>
          rounds.map(async (n) => {
            const [row] = await sql<{ n: number }[]>`select ${n}::int as n, ${['a', 'b']}::text[] as list`
            assert.equal(row?.n, n)
            await sql.begin(async (tx) => {
              await tx`insert into ${tx(table)} values (${client}, ${n})`
              if (n % 10 === 0) await tx.savepoint((inner) => inner`select 1 / 0`).catch(() => undefined)
            })
          }),
        ),
      )
      const [count] =
        await direct`select count(*)::int as rows, count(distinct (client, n))::int as different from ${direct(table)}`
      assert.deepEqual({ ...count }, { rows: 240, different: 240 })
    } finally {
      for (const client of clients) await client[Symbol.asyncDispose]()
    }
  })
}

test('a transaction through a pooler has its time-outs, and leaves none to the next who borrows the session', { skip: noPooler }, async () => {
  await using pooler = await aPooler(url, ['default_pool_size = 1'])
  await using database = openDatabase(pooler.through(url), { max: 1, deadlineMs: 6000 })
  const within = await database.sql.begin((tx) => timeouts(tx))
  const after = await timeouts(database.sql)

  assert.deepEqual(within, ['6s', '2s', '1min'])
  assert.deepEqual(after, ['0', '0', '0'])
}) // prettier-ignore

test('a statement through a pooler that gets no answer in time is cancelled on the server', { skip: noPooler }, async () => {
  await using pooler = await aPooler(url)
  await using database = openDatabase(pooler.through(url), { max: 1, deadlineMs: 2_000 })
  await database.sql`select 1`.catch(() => undefined) // a busy machine may need longer to start the server's side of it

  await assert.rejects(async () => await database.sql`select pg_sleep(${60}), 'to be cancelled'`, { code: 'database_deadline' })
  await until('the statement was cancelled, long before it ends by itself', async () => !(await sleeps()))
}) // prettier-ignore

test('a pooler is asked once whether it is one', { skip: noPooler }, async () => {
  await using pooler = await aPooler(url)
  await using first = openDatabase(pooler.through(url), { max: 1 })
  await using second = openDatabase(pooler.through(url), { max: 1 })
  await first.sql`select 1`
  await second.sql`select 1`

  assert.equal(refusals(pooler), 1)
})

async function timeouts(sql: Sql | TransactionSql): Promise<string[]> {
  const [row] = await sql<{ all: string[] }[]>`
    select array[current_setting('statement_timeout'), current_setting('lock_timeout'),
      current_setting('idle_in_transaction_session_timeout')] as all
  `
  return row?.all ?? []
}

async function sleeps(): Promise<boolean> {
  const rows = await direct`
    select 1 from pg_stat_activity where query like '%to be cancelled%' and state = 'active' and pid <> pg_backend_pid()
  `
  return rows.length > 0
}

function refusals(pooler: Pooler): number {
  return pooler.log().split('pooler error: unsupported startup parameter').length - 1
}
