// The databases that tests get.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aDatabase } from './database.ts'

test('a test database has the migrated tables, and what is written to one is not in another', async () => {
  await using one = await aDatabase()
  await using other = await aDatabase()
  await one.sql`create table only_here (id int)`

  const tables = await other.sql<{ runs: boolean; leaked: boolean }[]>`
    select to_regclass('ledger.runs') is not null as runs, to_regclass('only_here') is not null as leaked
  `
  assert.deepEqual([...tables], [{ runs: true, leaked: false }])
})

test('a test database is gone when it has been disposed of', async () => {
  const gone = await aDatabase({ empty: true })
  await gone[Symbol.asyncDispose]()
  await using another = await aDatabase({ empty: true })

  const found = await another.sql`select 1 from pg_database where datname = ${gone.name}`
  assert.equal(found.length, 0)
})
