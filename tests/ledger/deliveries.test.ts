import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { listDueDeliveries } from '../../src/ledger/deliveries-due.ts'
import {
  claimDelivery,
  dropDelivery,
  findNextDeliveryAt,
  keepReference,
  listIssuesOfOpen,
  listUntoldFlips,
  markFlipsTold,
  postponeDelivery,
  recordSent,
  recordUnsent,
  writeDeliveries,
} from '../../src/ledger/deliveries.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aFlip, anIncident } from '../helpers/incidents.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const { sql } = await aDatabaseForThisFile()
const NOW = at('19 08:40')

/** An incident with one flip and a due delivery per channel. */
async function somethingToTell(...channels: string[]) {
  const incidentId = await anIncident(sql)
  const flipId = await aFlip(sql, incidentId)
  await writeDeliveries(sql, [{ id: flipId, incidentId, channels }], NOW)
  return { incidentId, flipId, due: await dueOf(incidentId) }
}

const dueOf = async (incidentId: string) =>
  (await listDueDeliveries(sql, 1000)).filter(({ incident }) => incident.id === incidentId)

async function rowOf(id: string) {
  const [row] = await sql<
    { state: string; tries: number; next_try_at: Date; sent_at: Date | null; error: string | null }[]
  >`
    select state, tries, next_try_at, sent_at, error from ledger.deliveries where id = ${id}
  `
  return row!
}

const toldAt = async (flipId: string) =>
  (await sql<{ at: Date | null }[]>`select told_at as at from ledger.flips where id = ${flipId}`)[0]!.at

test('an untold flip comes with what its incident has been since it last opened', async () => {
  const incidentId = await anIncident(sql, { subject: 'nba/daily', cause: 'failed' })
  await aFlip(sql, incidentId, { from: 'well', to: 'critical' })
  await aFlip(sql, incidentId, { from: 'critical', to: 'well' })
  await aFlip(sql, incidentId, { from: 'well', to: 'info' })
  await aFlip(sql, incidentId, { from: 'info', to: 'warning' })
  await aFlip(sql, incidentId, { from: 'warning', to: 'well' })

  const flips = (await listUntoldFlips(sql, 1000)).filter((flip) => flip.incidentId === incidentId)

  const healths = flips.map((flip) => flip.healths.join(' '))
  assert.deepEqual(healths, ['critical', 'critical well', 'info', 'info warning', 'info warning well'])
  assert.deepEqual([flips[0]!.subject, flips[0]!.cause], ['nba/daily', 'failed'])
})

test('a flip gets one delivery per channel, however many write it', async () => {
  const incidentId = await anIncident(sql)
  const id = await aFlip(sql, incidentId)
  const flips = [{ id, incidentId, channels: ['slack', 'email'] }]

  await Promise.all(Array.from({ length: 5 }, () => writeDeliveries(sql, flips, NOW)))

  assert.deepEqual((await dueOf(incidentId)).map(({ channel }) => channel).sort(), ['email', 'slack'])
  assert.deepEqual((await listUntoldFlips(sql, 1000)).filter((flip) => flip.id === id), []) // prettier-ignore
})

test('a flip that no channel wants counts as told', async () => {
  const { flipId, due } = await somethingToTell()

  assert.deepEqual([due, await toldAt(flipId)], [[], NOW])
})

test('of ten passes that claim a delivery one gets it', async () => {
  const { due } = await somethingToTell('slack')

  const claims = await Promise.all(Array.from({ length: 10 }, () => claimDelivery(sql, due[0]!, at('19 08:41'))))

  assert.equal(claims.filter(Boolean).length, 1)
  const { state, tries, next_try_at } = await rowOf(due[0]!.id)
  assert.deepEqual([state, tries, next_try_at], ['due', 1, at('19 08:41')])
})

test('a claimed delivery can be sent, met by a trouble that passes or refused as its channel is set, by whoever claimed it', async () => {
  const [sent, refused, revoked] = (await somethingToTell('slack', 'email', 'discord')).due
  for (const one of [sent!, refused!, revoked!]) await claimDelivery(sql, one, at('19 08:41'))
  const claimed = (one: { id: string }) => ({ id: one.id, tries: 1 })

  await recordSent(sql, claimed(sent!), at('19 08:40'))
  await recordUnsent(sql, claimed(refused!), { error: 'busy', nextTryAt: at('19 08:45'), refusedBy: undefined })
  await recordUnsent(sql, claimed(revoked!), { error: 'gone', nextTryAt: at('20 08:41'), refusedBy: 'c0de' })

  assert.deepEqual(await rowOf(sent!.id), { state: 'sent', tries: 1, next_try_at: at('19 08:41'), sent_at: at('19 08:40'), error: null }) // prettier-ignore
  assert.deepEqual(await rowOf(refused!.id), { state: 'due', tries: 1, next_try_at: at('19 08:45'), sent_at: null, error: 'busy' }) // prettier-ignore
  assert.deepEqual(await rowOf(revoked!.id), { state: 'due', tries: 1, next_try_at: at('20 08:41'), sent_at: null, error: 'gone' }) // prettier-ignore
})

test('who has seen an older state of a delivery changes nothing of it', async () => {
  const [seen] = (await somethingToTell('slack')).due
  await claimDelivery(sql, seen!, at('19 08:41'))

  const late = [
    await claimDelivery(sql, seen!, at('19 09:00')),
    await dropDelivery(sql, seen!, 'covered'),
    await recordSent(sql, seen!, NOW),
    await recordUnsent(sql, seen!, { error: 'no', nextTryAt: at('19 09:00'), refusedBy: undefined }),
  ]
  await postponeDelivery(sql, seen!, at('19 10:00'))

  assert.deepEqual(late, [false, false, false, false])
  const { state, tries, next_try_at } = await rowOf(seen!.id)
  assert.deepEqual([state, tries, next_try_at], ['due', 1, at('19 08:41')])
})

test('a delivery is put off to later moments only, and that is no try', async () => {
  const [due] = (await somethingToTell('slack')).due

  await postponeDelivery(sql, due!, at('19 09:40'))
  await postponeDelivery(sql, due!, at('19 09:00'))

  const { tries, next_try_at } = await rowOf(due!.id)
  assert.deepEqual([tries, next_try_at], [0, at('19 09:40')])
})

test('a flip counts as told once none of its deliveries waits', async () => {
  const { flipId, due } = await somethingToTell('slack', 'email')
  await dropDelivery(sql, due[0]!, 'covered')
  await markFlipsTold(sql, at('19 08:50'))
  const before = await toldAt(flipId)
  await recordSent(sql, due[1]!, at('19 08:51'))
  await markFlipsTold(sql, at('19 08:51'))
  await markFlipsTold(sql, at('19 08:52'))

  assert.deepEqual([before, await toldAt(flipId)], [null, at('19 08:51')])
})

test('a due delivery knows what its channel was told last and what it answered, and nothing of other channels', async () => {
  const { incidentId, due } = await somethingToTell('slack', 'github-issue')
  for (const one of due) {
    await keepReference(sql, one.id, `${one.channel} 17`)
    await recordSent(sql, one, at('19 08:41'))
  }
  const over = await aFlip(sql, incidentId, { from: 'warning', to: 'well', at: at('19 08:50') })
  const channels = ['slack', 'github-issue', 'email']
  await writeDeliveries(sql, [{ id: over, incidentId, channels }], at('19 08:50'))

  const seen = (await dueOf(incidentId)).map(({ channel, told, reference }) => [channel, told, reference])

  const told = { at: at('19 08:41'), health: 'warning' }
  assert.deepEqual(seen.sort(), [['email', undefined, undefined], ['github-issue', told, 'github-issue 17'], ['slack', told, 'slack 17']]) // prettier-ignore
})

test('a due delivery knows when its incident opened last and had closed before', async () => {
  const incidentId = await anIncident(sql)
  await aFlip(sql, incidentId, { at: at('19 08:00') })
  await aFlip(sql, incidentId, { from: 'warning', to: 'well', at: at('19 08:10') })
  await aFlip(sql, incidentId, { at: at('19 08:20') })
  const over = await aFlip(sql, incidentId, { from: 'warning', to: 'well', at: at('19 08:30') })
  await writeDeliveries(sql, [{ id: over, incidentId, channels: ['slack'] }], NOW)

  const [due] = await dueOf(incidentId)

  assert.deepEqual(due!.opening, { at: at('19 08:20'), wellSince: at('19 08:10') })
  assert.deepEqual([due!.oldHealth, due!.newHealth, due!.incident.closedAt], ['warning', 'well', at('19 08:30')])
})

test('trouble about a slot comes with the run that served it once it is over, and with its own run until then', async () => {
  const [job, dueAt, failedRun, servingRun] = ['test/slots', at('19 08:07'), randomUUID(), randomUUID()]
  const scheduleId = await aScheduleLine(sql, { job })
  await insertSlots(sql, [aNewSlot({ job, scheduleId, dueAt })], NOW)
  await takeRun(sql, aRun({ id: servingRun, job, slotDueAt: dueAt, startedAt: at('19 08:47') }))
  await sql`update ledger.runs set github_run_id = 12000000001 where id = ${servingRun}`
  await sql`update ledger.slots set state = 'served' where job = ${job}`
  const incidentId = await anIncident(sql, { subject: job, slotDueAt: dueAt, runId: failedRun })
  for (const [from, to] of [['well', 'warning'], ['warning', 'well']] as const) {
    const id = await aFlip(sql, incidentId, { from, to })
    await writeDeliveries(sql, [{ id, incidentId, channels: ['slack'] }], NOW)
  } // prettier-ignore

  const [opened, over] = await dueOf(incidentId)

  assert.equal(opened!.run, undefined) // the ledger has no such run any more
  assert.deepEqual(over!.run, { id: servingRun, githubRunId: '12000000001', simulated: false })
  assert.deepEqual(over!.slot, { state: 'served', startedAt: at('19 08:47') })
})

test('the next delivery is the one that wants to be sent first, and there may be none', async () => {
  await sql`update ledger.deliveries set state = 'dropped' where state = 'due'`
  const none = await findNextDeliveryAt(sql)
  const [first, second] = (await somethingToTell('slack', 'email')).due
  await postponeDelivery(sql, first!, at('19 10:00'))
  await postponeDelivery(sql, second!, at('19 09:00'))

  assert.deepEqual([none, await findNextDeliveryAt(sql)], [undefined, at('19 09:00')])
})

test('to be asked about are open incidents with an issue that nobody has acknowledged', async () => {
  const [open, closed, acknowledged, untold] = [await somethingToTell('github-issue'), await somethingToTell('github-issue'), await somethingToTell('github-issue'), await somethingToTell('github-issue')] // prettier-ignore
  for (const [i, { due }] of [open, closed, acknowledged].entries())
    await keepReference(sql, due[0]!.id, String(20 + i))
  await aFlip(sql, closed.incidentId, { from: 'warning', to: 'well' })
  await sql`update ledger.incidents set acknowledged_at = ${NOW} where id = ${acknowledged.incidentId}`

  const ours = [open, closed, acknowledged, untold].map(({ incidentId }) => incidentId)
  const asked = (await listIssuesOfOpen(sql)).filter(({ incidentId }) => ours.includes(incidentId))

  assert.deepEqual(asked, [{ incidentId: open.incidentId, reference: '20' }])
})
