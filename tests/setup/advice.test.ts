// What set-up advises at its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseDatabaseUrl } from '../../src/lib/db.ts'
import { adviseClock, adviseConnection, adviseGithub } from '../../src/setup/advice.ts'

test('an outside clock is missed only where nothing from outside started a pass', () => {
  assert.equal(adviseClock({ lastAt: undefined, days: 0 }).ok, false)
  assert.deepEqual(adviseClock({ lastAt: new Date('2026-11-28T08:04:00Z'), days: 9 }), {
    ok: true,
    sentence:
      'Passes of ops-watch were started from outside on 9 of the last 14 days, last at Sat 28 Nov 2026 08:04 UTC.',
  })
})

test('the connection is told with its sslmode, and what its URL leaves out by name', () => {
  const { tls, leftOut } = parseDatabaseUrl('postgres://ann@db.example/league?supa=x&keepalives=1')

  const told = adviseConnection({ tls, leftOut, encrypted: true }).map(({ sentence }) => sentence)

  assert.deepEqual(told, [
    'The connection to the database has sslmode=require, by default: encrypted, and the certificate is not checked. This connection is encrypted.',
    'Left out of DATABASE_URL, because they mean nothing to this driver or to the server: keepalives, supa.',
  ])
})

for (const branch of ['main', 'trunk', 'release/2026']) {
  test(`set-up says that the default branch is ${branch}, and what an outside clock sends`, () => {
    const facts = { defaultBranch: branch, private: false, fork: false, hasPages: true, disabled: [] }

    const [first] = adviseGithub(facts)

    assert.equal(first?.ok, true)
    assert.ok(first.sentence.startsWith(`The default branch is "${branch}": `), first.sentence)
    assert.ok(first.sentence.endsWith(`dispatches ops-watch.yml with {"ref":"${branch}"}.`), first.sentence)
  })
}
