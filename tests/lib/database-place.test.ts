// Where a database is, in texts for strangers.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createPlaceHider } from '../../src/lib/database-place.ts'
import { explainDatabaseError } from '../../src/lib/db.ts'

const OURS = 'postgres://postgres.abcdefgh1234:secret@aws-0-eu.pooler.league.io:6543/games'

test('no sentence of ours about any database says where it is', () => {
  const hide = createPlaceHider(OURS)
  for (const url of [OURS, 'postgres://ann:password@old.league.io/x', 'postgres://127.0.0.1:5433/', 'postgres://ann@[2001:db8::1]/x']) {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000', '57P01', 'XX000']) {
      const error = Object.assign(new Error('no'), { code })
      const { message, context } = explainDatabaseError(error, url)
      const { hostname } = new URL(url)

      assert.ok(message.includes(hostname || 'localhost'), message)
      assert.match(hide(message), /^the database (?!at )/)
      for (const text of [hide(message), hide(String(context['database']))]) assert.ok(!text.includes(hostname), text)
    }
  }
}) // prettier-ignore

test('what the server, the driver and Node say of it is hidden as well', () => {
  const hide = createPlaceHider(OURS)

  assert.equal(hide('password authentication failed for user "postgres.abcdefgh1234"'), 'password authentication failed for user "***"') // prettier-ignore
  assert.equal(hide('database "games" does not exist'), 'database "***" does not exist')
  assert.equal(hide('getaddrinfo ENOTFOUND aws-0-eu.pooler.league.io'), 'getaddrinfo ENOTFOUND')
  assert.equal(hide('connect ECONNREFUSED 10.1.2.3:6543'), 'connect ECONNREFUSED')
  assert.equal(hide('it asked aws-0-eu.pooler.league.io'), 'it asked ***')
})

test('a word that only happens to be the name of our database stays, and so does all else', () => {
  for (const text of ['7,263 games as received', 'ledger of postgres', 'due at 08:07 as planned', 'nflverse answered 503 for github.com/x: expected 200'])
    assert.equal(createPlaceHider(OURS)(text), text)
  assert.equal(createPlaceHider(undefined)('user "x"'), 'user "x"')
}) // prettier-ignore
