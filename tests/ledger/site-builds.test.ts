// When the site was built, and who may ask for it, as one row that many write.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { claimSiteBuild, recordSiteBuild, returnSiteBuild } from '../../src/ledger/site-builds.ts'
import type { Sql } from '../../src/lib/db.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'

test('a site is wanted from the first ask since its last build on, even one that was given back', async () => {
  await using db = await aDatabase()
  const wantedAt = async () => (await db.sql`select site_wanted_at from ledger.watch`)[0]?.['site_wanted_at'] as Date
  await recordSiteBuild(db.sql, at('17 05:09'))

  const claim = await claimSiteBuild(db.sql, wish('18 08:00'))
  await returnSiteBuild(db.sql, claim!)
  await claimSiteBuild(db.sql, wish('18 08:04'))
  await claimSiteBuild(db.sql, wish('18 14:04'))
  assert.deepEqual(await wantedAt(), at('18 08:00'))
  await recordSiteBuild(db.sql, at('18 14:06'))
  await claimSiteBuild(db.sql, wish('19 16:07'))

  assert.deepEqual(await wantedAt(), at('19 16:07'))
})

async function aChange(sql: Sql, when: string): Promise<void> {
  await sql`
    insert into ledger.flips (subject, old_health, new_health, reason, flipped_at)
    values ('test/one', 'well', 'critical', 'test/one failed', ${at(when)})
  `
}

const wish = (when: string) => ({ at: at(when), minutes: 30, vainHours: 6, staleHours: 26 })

test('of two builds that end in the wrong order the newer one is remembered', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('18 05:09'))
  await recordSiteBuild(db.sql, at('18 05:07'))

  const [row] = await db.sql`select site_built_at from ledger.watch`

  assert.deepEqual(row?.['site_built_at'], at('18 05:09'))
})

test('of many who find the site stale one may ask for it', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('17 05:09'))

  const claims = await Promise.all([1, 2, 3, 4].map(() => claimSiteBuild(db.sql, wish('18 08:00'))))

  assert.equal(claims.filter(Boolean).length, 1)
})

test('a stale site that was asked for in vain may be asked for again after six hours', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('17 05:09'))
  await claimSiteBuild(db.sql, wish('18 08:00'))

  assert.equal(await claimSiteBuild(db.sql, wish('18 08:30')), undefined)
  assert.equal(await claimSiteBuild(db.sql, wish('18 13:59')), undefined)
  assert.deepEqual(await claimSiteBuild(db.sql, wish('18 14:00')), { at: at('18 14:00'), before: at('18 08:00') })
})

test('a change is asked for after half an hour where the last build came, and after six where it did not', async () => {
  for (const [builtAt, tooEarly, early] of [
    ['18 08:02', '18 08:29', '18 08:30'],
    ['18 05:09', '18 13:59', '18 14:00'],
  ] as const) {
    await using db = await aDatabase()
    await recordSiteBuild(db.sql, at('18 05:09'))
    await aChange(db.sql, '18 07:59')
    assert.ok(await claimSiteBuild(db.sql, wish('18 08:00')))
    await recordSiteBuild(db.sql, at(builtAt))
    await aChange(db.sql, '18 08:10')

    assert.equal(await claimSiteBuild(db.sql, wish(tooEarly)), undefined)
    assert.ok(await claimSiteBuild(db.sql, wish(early)))
  }
})

test('a change that the site shows asks for nothing, and one whose build failed is asked for again', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('18 05:09'))
  await aChange(db.sql, '18 07:59')
  await claimSiteBuild(db.sql, wish('18 08:00'))

  assert.ok(await claimSiteBuild(db.sql, wish('18 14:00')))
  await recordSiteBuild(db.sql, at('18 14:02'))
  assert.equal(await claimSiteBuild(db.sql, wish('18 20:30')), undefined)
})

test('a claim on a stale site that is given back is there for the next', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('17 05:09'))
  const claim = await claimSiteBuild(db.sql, wish('18 08:00'))
  assert.ok(claim)

  await returnSiteBuild(db.sql, claim)

  assert.ok(await claimSiteBuild(db.sql, wish('18 08:01')))
})
