// What is read out of a database URL, and what is never shown of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../../src/core/errors.ts'
import { describeUrl, parseDatabaseUrl } from '../../../src/lib/db/database-url.ts'

const SECRET = 's3cr3t'

test('a URL is shown without its password and its query', () => {
  const shown = describeUrl(`postgres://ann:${SECRET}@db.example:6000/league?sslmode=require&options=${SECRET}`)

  assert.equal(shown, 'db.example:6000/league as ann')
})

test('what cannot be read is not shown at all', () => {
  assert.equal(describeUrl(`postgres://ann:${SECRET}%@db.example/league`), 'a database URL that cannot be read')
  assert.equal(describeUrl(SECRET), 'a database URL that cannot be read')
})

test('without a port, a database or a user the defaults are named', () => {
  assert.equal(describeUrl('postgres://ann@db.example'), 'db.example:5432/ann as ann')
  assert.equal(describeUrl('postgres://db.example/league'), 'db.example:5432/league as the default user')
})

test('an unusable URL is refused in one sentence that does not quote it', () => {
  const bad = [
    '',
    '  ',
    SECRET,
    `mysql://ann:${SECRET}@db/x`,
    `postgres://ann:${SECRET}#@db/x y:z`,
    `postgres://a:${SECRET}%zz@db/x`,
  ]
  for (const url of bad) {
    assert.throws(
      () => parseDatabaseUrl(url),
      (error: unknown) =>
        error instanceof ConfigFailure && error.message.includes('postgres://USER') && !error.message.includes(SECRET),
      url,
    )
  }
})

test('a pooler is known by its port, its name or its parameter', () => {
  assert.equal(parseDatabaseUrl('postgres://a@db:6543/x').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@ep-1-pooler.eu.example/x').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@db:5432/x?pgbouncer=true').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@db:5432/x').pooled, false)
})

test('parameters that the server does not know are not sent to it', () => {
  const url = 'postgres://a@db/x?pgbouncer=true&sslmode=require&channel_binding=require&search_path=y'

  assert.equal(new URL(parseDatabaseUrl(url).forDriver).search, '?search_path=y')
})

test('sslmode means what it means to libpq', () => {
  const ssl = (query: string) => parseDatabaseUrl(`postgres://a@db/x${query}`).ssl

  assert.equal(ssl(''), false)
  assert.equal(ssl('?sslmode=disable'), false)
  assert.equal(ssl('?sslmode=prefer'), 'prefer')
  assert.deepEqual(ssl('?sslmode=require'), { rejectUnauthorized: false })
  assert.deepEqual(ssl('?sslmode=no-verify'), { rejectUnauthorized: false })
  assert.deepEqual(ssl('?sslmode=verify-full'), { rejectUnauthorized: true })
  assert.deepEqual(ssl('?sslrootcert=system'), { rejectUnauthorized: true })
  assert.throws(() => ssl('?sslmode=maybe'), /sslmode=maybe: expected one of disable/)
})
