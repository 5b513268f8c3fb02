// When the site was built, and who may ask for it, as one row that many write.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { claimSiteBuild, recordSiteBuild, returnSiteBuild } from '../../src/ledger/site.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'

const wish = (when: string) => ({ at: at(when), minutes: 30, staleHours: 26 })

test('of two builds that end in the wrong order the newer one is remembered', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('18 05:09'))
  await recordSiteBuild(db.sql, at('18 05:07'))

  const [row] = await db.sql`select site_built_at from ledger.watch`

  assert.deepEqual(row?.['site_built_at'], at('18 05:09'))
})

test('of many who find the site stale one may ask for it, and another after half an hour', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('17 05:09'))

  const claims = await Promise.all([1, 2, 3, 4].map(() => claimSiteBuild(db.sql, wish('18 08:00'))))

  assert.equal(claims.filter(Boolean).length, 1)
  assert.equal(await claimSiteBuild(db.sql, wish('18 08:29')), undefined)
  assert.deepEqual(await claimSiteBuild(db.sql, wish('18 08:30')), { at: at('18 08:30'), before: at('18 08:00') })
})

test('a claim on a stale site that is given back is there for the next', async () => {
  await using db = await aDatabase()
  await recordSiteBuild(db.sql, at('17 05:09'))
  const claim = await claimSiteBuild(db.sql, wish('18 08:00'))
  assert.ok(claim)

  await returnSiteBuild(db.sql, claim)

  assert.ok(await claimSiteBuild(db.sql, wish('18 08:01')))
})
