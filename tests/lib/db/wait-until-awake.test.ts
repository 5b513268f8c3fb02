// A database that sleeps is waited for; what a person has to mend is told at once.

import assert from 'node:assert/strict'
import { connect, createServer, type Server } from 'node:net'
import { test } from 'node:test'

import { openDatabase, waitUntilAwake } from '../../../src/lib/db.ts'
import { aFreePort } from '../../helpers/broken-servers.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'

const { url } = await aDatabaseForThisFile({ empty: true })

function changed(change: (target: URL) => void): string {
  const target = new URL(url)
  change(target)
  return target.href
}

/** Hangs up on the first two, as a provider's proxy does while the server behind it wakes, and then leads there. */
function wakingServer(): Server {
  const real = new URL(url)
  let connections = 0
  return createServer((socket) => {
    socket.on('error', () => socket.destroy())
    connections += 1
    if (connections <= 2) return void socket.end()
    const server = connect(Number(real.port), real.hostname)
    server.on('error', () => socket.destroy())
    socket.on('close', () => server.destroy())
    socket.pipe(server).pipe(socket)
  })
}

test('a database that refuses, then hangs up, then answers is waited for, with one line', async () => {
  const port = await aFreePort()
  const asleep = changed((target) => (target.port = String(port)))
  await using database = openDatabase(asleep, { max: 1 })
  const server = wakingServer()
  const told: string[] = []
  const wakeUp = (sentence: string): void => {
    told.push(sentence)
    server.listen(port, '127.0.0.1')
  }
  try {
    await waitUntilAwake(database.sql, { url: asleep, tell: wakeUp })

    assert.equal((await database.sql`select 1`).length, 1)
    assert.equal(told.length, 1)
    assert.match(told[0] ?? '', /refused the connection\. .* Waiting for it, for up to 60 s\.$/)
  } finally {
    server.close()
  }
})

test('a database that does not wake is given up after its time', async () => {
  const asleep = `postgres://ann@127.0.0.1:${await aFreePort()}/league`
  await using database = openDatabase(asleep, { max: 1 })

  await assert.rejects(waitUntilAwake(database.sql, { url: asleep, tell: () => undefined, forMs: 300 }), {
    code: 'database_econnrefused',
  })
})

test('a wrong password is told at once', async () => {
  const wrong = changed((target) => (target.password = 'wrong'))
  await using database = openDatabase(wrong, { max: 1 })
  const tell = (): void => assert.fail('it was waited for')

  await assert.rejects(waitUntilAwake(database.sql, { url: wrong, tell }), { code: 'database_28p01' })
})
