// Which passwords of an address stand for one, and which are one.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findSecrets } from '../../src/lib/secret-shapes.ts'

const anAddress = (password: string, host = 'db.league.io') =>
  ['postgres://ann:', password, '@', host, '/prod'].join('')

for (const password of ['%24h4nter2', '$h4nter2', '.h4nter2', '*h4nter2', '%3Ch4nter2', '[h4nter2', '{h4nter2', '<h4nter2', 'yourS3cret9']) {
  test(`${password.slice(0, 3)}… is a password, whatever it begins with`, () => {
    assert.deepEqual(findSecrets(anAddress(password)).map(({ kind }) => kind), ['an address with a password'])
  })
} // prettier-ignore

for (const placeholder of ['${PASSWORD}', '<password>', '{{password}}', '{password}', '[password]', '***', '...', '%s', 'your-password']) {
  test(`${placeholder} stands for a password`, () => {
    assert.deepEqual(findSecrets(anAddress(placeholder)), [])
  })
} // prettier-ignore

test('a host whose first sign is encoded leads somewhere', () => {
  assert.equal(findSecrets(anAddress('h4nter2', '%64b.league.io')).length, 1)
})
