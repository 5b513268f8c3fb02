// A trouble that must not be overlooked is written down as told again, for as long as it lasts.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Condition } from '../../src/core/incident.ts'
import { syncIncidents } from '../../src/ledger/incidents.ts'
import { at, say } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()

const FOUND: Condition = {
  subject: 'ops/watch',
  cause: 'disabled',
  severity: 'warning',
  title: 'GitHub disables all schedules soon',
  detail: 'Make a commit.',
  runId: undefined,
  slotDueAt: undefined,
  knowableAt: at('01 08:00'),
}

const sync = (found: readonly Condition[], when: string) =>
  syncIncidents(sql, found, { judged: ['disabled'], now: at(when) })

async function flips(): Promise<string[]> {
  const rows = await sql<{ at: Date; reminder: boolean }[]>`
    select flipped_at as at, reminder from ledger.flips order by id
  `
  return rows.map(({ at: when, reminder }) => `${say(when)}${reminder ? ' again' : ''}`)
}

test('a condition that asks for it is a reminder after so long without a flip, once however many passes see it', async () => {
  const weekly = { ...FOUND, remindEveryMs: 7 * 24 * 3_600_000 }
  for (const when of ['01 08:00', '08 07:59', '08 08:00', '08 09:00']) await sync([weekly], when)
  await Promise.all([1, 2, 3].map(() => sync([weekly], '15 08:00')))
  for (const when of ['21 08:00', '22 08:00']) await sync([{ ...weekly, severity: 'critical' }], when)
  await sync([], '29 08:00')

  assert.deepEqual(await flips(), ['01 08:00', '08 08:00 again', '15 08:00 again', '21 08:00', '29 08:00'])
})

test('a condition that does not ask for it is told once', async () => {
  await sql`truncate ledger.flips, ledger.incidents cascade`
  for (const when of ['01 08:00', '08 08:00', '29 08:00']) await sync([FOUND], when)

  assert.deepEqual(await flips(), ['01 08:00'])
})
