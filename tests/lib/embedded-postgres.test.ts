// The embedded server through every death that can befall it: clients, keeper and server killed, starts at once, starts
// during a stop.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { after, test } from 'node:test'

import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { findPostmaster } from '../../src/lib/embedded-postgres/postmaster.ts'
import { aClient, aProject, ask, hasStopped, keeperOf, startClient } from '../helpers/postgres-clients.ts'
import { until } from '../helpers/until.ts'

const LINUX = { skip: process.platform === 'linux' ? false : 'finds the keeper through /proc' }
const NOBODY = { uid: 65_534, gid: 65_534 }

const shared = aProject()
after(async () => {
  await until('the shared server has stopped', () => hasStopped(shared))
  shared[Symbol.dispose]()
})

test('five processes that start at once get one server, and the last one out stops it', async () => {
  using project = aProject()
  const starting = Array.from({ length: 5 }, () => startClient(project))
  const ports = await Promise.all(
    starting.map(async (child) => (JSON.parse(await child.line()) as { port: number }).port),
  )

  assert.equal(new Set(ports).size, 1)
  for (const child of starting.slice(1)) {
    child.finish()
    await child.ended()
  }
  assert.equal(findPostmaster(project.place.data)?.status, 'ready')
  starting[0]!.finish()
  await starting[0]!.ended()
  assert.ok(hasStopped(project))
})

test('a server outlives the process that started it, while another is in', async () => {
  await using first = await aClient(shared)
  await using second = await aClient(shared)
  first.process.kill('SIGKILL')
  await first.ended()

  assert.deepEqual(await ask(second.url, 'select 1 as one'), [{ one: 1 }])
})

test('a killed client counts as out', async () => {
  const client = await aClient(shared)
  client.process.kill('SIGKILL')
  await client.ended()

  await until('the server stops', () => hasStopped(shared))
})

test('leaving last waits until the server has stopped', async () => {
  const server = await joinEmbeddedPostgres({ projectRoot: shared.root })
  await server[Symbol.asyncDispose]()

  assert.ok(hasStopped(shared))
})

test('joining and leaving in quick succession, by two processes, always ends in a working server', async () => {
  const rush = async (): Promise<void> => {
    for (let round = 0; round < 10; round++) {
      await using server = await joinEmbeddedPostgres({ projectRoot: shared.root })
      assert.equal((await ask(server.urlOf('postgres'), 'select 1')).length, 1)
    }
  }
  await using other = startClient(shared)
  await Promise.all([rush(), rush(), other.line().then(() => other.finish())])
  await other.ended()

  await until('the server stops', () => hasStopped(shared))
})

test('a killed server is started again with every committed row', async () => {
  await using client = await aClient(shared)
  await ask(client.url, 'create table kept (id int)')
  await ask(client.url, 'insert into kept select generate_series(1, 1000)')
  const { pid } = findPostmaster(shared.place.data)!
  process.kill(pid, 'SIGKILL')

  await using next = await aClient(shared)

  assert.notEqual(findPostmaster(shared.place.data)!.pid, pid)
  assert.equal(next.port, client.port)
  assert.deepEqual(await ask(next.url, 'select count(*)::int as rows from kept'), [{ rows: 1000 }])
})

test('the server stops with its last client though the keeper was killed', LINUX, async () => {
  const client = await aClient(shared)
  process.kill(keeperOf(shared).main, 'SIGKILL')
  client.process.kill('SIGKILL')
  await client.ended()

  await until('the server stops', () => hasStopped(shared))
})

test('a server whose whole keeper was killed keeps its sessions and gets a new keeper', LINUX, async () => {
  const before = await aClient(shared)
  const { pid } = findPostmaster(shared.place.data)!
  const { main, watcher } = keeperOf(shared)
  process.kill(main, 'SIGKILL')
  process.kill(watcher, 'SIGKILL')

  const next = await aClient(shared)

  assert.equal(findPostmaster(shared.place.data)!.pid, pid)
  next.finish()
  await next.ended()
  assert.equal(findPostmaster(shared.place.data)!.status, 'ready', 'the client from before is still in')
  before.finish()
  await before.ended()
  await until('the server stops', () => hasStopped(shared))
})

test('a taken port is exchanged for a free one', async () => {
  const first = await joinEmbeddedPostgres({ projectRoot: shared.root })
  await first[Symbol.asyncDispose]()
  const squatter = createServer().listen(first.port, '127.0.0.1')
  await once(squatter, 'listening')
  try {
    await using second = await joinEmbeddedPostgres({ projectRoot: shared.root })

    assert.notEqual(second.port, first.port)
    assert.equal((await ask(second.urlOf('postgres'), 'select 1')).length, 1)
  } finally {
    squatter.close()
  }
})

test('a start that is killed while it makes the data leaves nothing in the way', async () => {
  using project = aProject()
  const client = startClient(project)
  await until('initdb is at work', () =>
    readdirSync(project.place.directory).some((name) => name.startsWith('data.new-')),
  )
  client.process.kill('SIGKILL')
  await client.ended()

  await using server = await joinEmbeddedPostgres({ projectRoot: project.root })

  assert.equal((await ask(server.urlOf('postgres'), 'select 1')).length, 1)
  assert.deepEqual(
    readdirSync(server.directory).filter((name) => name.startsWith('data')),
    ['data'],
  )
})

test('databases are created once, dropped with their sessions, in UTF-8 with the C locale', async () => {
  await using server = await joinEmbeddedPostgres({ projectRoot: shared.root })
  await Promise.all([server.ensureDatabase('league'), server.ensureDatabase('league'), server.ensureDatabase('league')])
  const [row] = await ask(
    server.urlOf('league'),
    `select pg_encoding_to_char(encoding) as encoding, datcollate, current_setting('fsync') as fsync
     from pg_database where datname = current_database()`,
  )
  await server.dropDatabase('league')
  await server.dropDatabase('league')

  assert.deepEqual(row, { encoding: 'UTF8', datcollate: 'C', fsync: 'on' })
  await assert.rejects(ask(server.urlOf('league'), 'select 1'), { code: '3D000' })
})

test('nobody gets in without the password, and only the owner can read it', async () => {
  await using server = await joinEmbeddedPostgres({ projectRoot: shared.root })
  const url = new URL(server.urlOf('postgres'))
  url.password = 'guess'

  await assert.rejects(ask(url.href, 'select 1'), { code: '28P01' })
  assert.equal(statSync(shared.place.password).mode & 0o777, 0o600)
  assert.equal(statSync(server.directory).mode & 0o777, 0o700)
  assert.ok(!readFileSync(shared.place.pointer, 'utf8').includes(readFileSync(shared.place.password, 'utf8').trim()))
})

const isRoot = process.getuid?.() === 0
test(
  'an ordinary user keeps the server in the project',
  { skip: isRoot ? false : 'changes user, so needs root' },
  async () => {
    using project = aProject(NOBODY)
    const client = await aClient(project, NOBODY)

    assert.equal(client.directory, `${dirname(project.place.pointer)}/postgres`)
    assert.equal(statSync(`${client.directory}/data`).uid, NOBODY.uid)
    assert.equal((await ask(client.url, 'select 1')).length, 1)
    client.finish()
    assert.equal((await client.ended()).code, 0)
  },
)

test('a database whose removal was cut short is made anew', async () => {
  await using server = await joinEmbeddedPostgres({ projectRoot: shared.root })
  await server.ensureDatabase('halfway')
  // What PostgreSQL writes before it begins to remove the files, and all that is left when it is killed there.
  await ask(server.urlOf('postgres'), "update pg_database set datconnlimit = -2 where datname = 'halfway'")

  await server.ensureDatabase('halfway')

  assert.deepEqual(await ask(server.urlOf('halfway'), 'select 1 as one'), [{ one: 1 }])
})
