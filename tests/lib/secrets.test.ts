// A process's own secrets in a text, in whatever form they got there.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwnSecretFinder } from '../../src/lib/secrets.ts'

const anAddress = (login: string, place = 'db.league.io:5432/prod') => `postgres://${login}@${place}`

function finds(value: string, text: string): boolean {
  return createOwnSecretFinder({ DATABASE_URL: value })(text).length > 0
}

for (const sign of ['%24', '%7B', '$', '.', '*', '%3C', '[', '{', '<', '%']) {
  test(`a password of ours that begins with ${sign} is found, alone and in its address`, () => {
    const value = anAddress(`ann:${sign}h4nter2-and-more`)

    assert.ok(finds(value, `it said "${sign}h4nter2-and-more"`))
    assert.ok(finds(value, `it asked ${anAddress(`ann:${sign}h4nter2-and-more`, 'db.league.io:6543/other')}`))
  })
}

test('an encoded password is found decoded', () => {
  assert.ok(finds(anAddress('ann:%24ecr%3Ct-of-ours'), 'password authentication: $ecr<t-of-ours'))
})

test('a short password, or a plain word, is found with its user and host on another port, encoded or decoded', () => {
  assert.ok(finds(anAddress('ann:pw'), anAddress('ann:pw', 'db.league.io:6543/x')))
  assert.ok(finds(anAddress('ann:secret'), anAddress('ann:secret', 'db.league.io/x')))
  assert.ok(finds(anAddress('a%40n:a%24b'), 'a@n:a$b@db.league.io'))
  assert.ok(finds(anAddress('ann:a$b'), 'ann:a%24b@db.league.io'))
})

test('a plain word and the password of this machine are no secret by themselves', () => {
  assert.equal(finds(anAddress('postgres:postgres', 'db.league.io/x'), 'the role postgres of Postgres'), false)
  assert.equal(finds(anAddress('ann:h4nter2-and-more', '127.0.0.1:5432/x'), 'it said h4nter2-and-more'), false)
  assert.ok(finds(anAddress('ann:h4nter2-and-more', '127.0.0.1:5432/x'), anAddress('ann:h4nter2-and-more', '127.0.0.1/y'))) // prettier-ignore
})

test('a host that is only near, not this machine, excuses no password', () => {
  assert.ok(finds(anAddress('ann:h4nter2-and-more', 'db/x'), 'it said h4nter2-and-more'))
})
