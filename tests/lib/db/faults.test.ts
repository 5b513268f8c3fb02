// Connections that break anywhere: no error escapes, no statement hangs, the next one works, and nobody knocks like mad.

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

import { openDatabase } from '../../../src/lib/db.ts'
import { aServerThatHangsUp, aServerThatResets, type BrokenServer } from '../../helpers/broken-servers.ts'
import { runProgram } from '../../helpers/child.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'
import { aFaultyProxy } from '../../helpers/faulty-proxy.ts'
import { until } from '../../helpers/until.ts'

const { url } = await aDatabaseForThisFile({ empty: true })
const ROUNDS = fileURLToPath(new URL('../../helpers/fault-rounds.ts', import.meta.url))

// MATCHDAY_FAULT_STEP=1 meets every byte.
const STEP = process.env['MATCHDAY_FAULT_STEP'] ?? '17'

test('a connection that breaks at any byte of its answers ends no process and hangs no statement, and the next works', async () => {
  await using child = runProgram(ROUNDS, [url, STEP, '8'])
  const account = JSON.parse(await child.line()) as Record<string, number>

  const { code, stderr } = await child.ended()

  assert.equal(account['hung'], 0, stderr)
  assert.equal(account['unwell'], 0, stderr)
  assert.ok(account['rounds']! > 100 && account['failed']! > 100, JSON.stringify(account))
  assert.equal(code, 0)
})

/** How many connections a second a loop of statements makes, however fast they fail: over two seconds, and over as many more
 *  as a busy machine needs for three of them. */
async function attemptsPerSecond(server: Pick<BrokenServer, 'url' | 'connections'>): Promise<number> {
  await using database = openDatabase(server.url, { max: 1, deadlineMs: 2000 })
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  await until('three attempts in at least two seconds', async () => {
    await database.sql`select 1`.catch(() => undefined)
    return seconds() >= 2 && server.connections() >= 3
  })
  return server.connections() / seconds()
}

test('a server that hangs up or resets at the start is tried a few times a second, however often it is asked', async () => {
  for (const aServer of [aServerThatHangsUp, aServerThatResets]) {
    await using server = await aServer()
    const attempts = await attemptsPerSecond(server)
    assert.ok(attempts <= 4, String(attempts))
  }
})

test('a server that resets once it is asked something is tried a few times a second, too', async () => {
  const after = await handshakeLength()
  await using proxy = await aFaultyProxy(url, { kind: 'reset', after, seed: 1 }, true)
  const attempts = await attemptsPerSecond(proxy)

  assert.ok(attempts <= 4, String(attempts))
})

async function handshakeLength(): Promise<number> {
  await using proxy = await aFaultyProxy(url, undefined)
  await using database = openDatabase(proxy.url, { max: 1 })
  await database.sql`select`
  const whole = proxy.passed()
  await database.sql`select`
  return whole - (proxy.passed() - whole)
}
