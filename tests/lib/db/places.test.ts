// Where a URL may lead besides a host name: an address of IPv6, a Unix socket; and what it may hand to the session there.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type ListenOptions } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { openDatabase } from '../../../src/lib/db.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'

const { url } = await aDatabaseForThisFile({ empty: true })
const real = new URL(url)

/** Stands at another place and leads to the real server. */
async function leadingThere(at: ListenOptions): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    const there = connect(Number(real.port), real.hostname)
    socket.on('error', () => there.destroy())
    there.on('error', () => socket.destroy())
    socket.on('close', () => there.destroy())
    socket.pipe(there).pipe(socket)
  }).listen(at)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

async function databaseAt(target: string): Promise<string> {
  await using database = openDatabase(target, { max: 1 })
  const [row] = await database.sql<{ name: string }[]>`select current_database() as name`
  return row?.name ?? ''
}

const name = real.pathname.slice(1)
const login = `${real.username}:${real.password}`
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

test('an address of IPv6 leads to its server', { skip: hasIpv6 ? false : 'this machine has no ::1' }, async () => {
  await using there = await leadingThere({ host: '::1', port: 0 })

  assert.equal(await databaseAt(`postgres://${login}@[::1]:${there.port}/${name}`), name)
})

test('a Unix socket is reached by its folder, as a parameter and as the host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchday-socket-'))
  try {
    await using _there = await leadingThere({ path: join(folder, '.s.PGSQL.6000') })

    assert.equal(await databaseAt(`postgres://${login}@/${name}?host=${folder}&port=6000&sslmode=require`), name)
    assert.equal(await databaseAt(`postgres://${login}@${encodeURIComponent(folder)}:6000/${name}`), name)
    assert.equal(await databaseAt(`host=${folder} port=6000 dbname=${name} user=${real.username} password=${real.password}`), name) // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('options reach the session, and what other drivers want does not stop it', async () => {
  const query =
    'options=-c%20search_path%3Dlake%20-c%20work_mem%3D5MB&application_name=ann&supa=x&keepalives=1&schema=public&connection_limit=1&statement_cache_size=0'
  await using database = openDatabase(`${url}?${query}`, { max: 1 })

  const [row] = await database.sql`
    select current_setting('search_path') as path, current_setting('work_mem') as memory,
      current_setting('application_name') as name
  `

  assert.deepEqual({ ...row }, { path: 'lake', memory: '5MB', name: 'ann' })
})
