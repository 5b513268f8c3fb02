// The embedded server on machines that lack something, in namespaces of this one: it starts all the same, or says in one
// sentence what is missing.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { findBinaries } from '../../../src/lib/embedded-postgres/binaries.ts'
import { createPlace } from '../../../src/lib/embedded-postgres/place.ts'
import { PROJECT_ROOT } from '../../helpers/test-server.ts'

const ROOT_OF_LINUX = { skip: cannotUnshare() }

const PROGRAM = `
import postgres from 'postgres'
import { joinEmbeddedPostgres } from './src/lib/embedded-postgres.ts'
try {
  const server = await joinEmbeddedPostgres({ projectRoot: process.env.PROJECT, durable: false })
  const sql = postgres(server.urlOf('postgres'), { max: 1, fetch_types: false })
  for (const statement of process.env.STATEMENTS.split(';')) console.log(JSON.stringify(await sql.unsafe(statement)))
  await sql.end()
  await server[Symbol.asyncDispose]()
} catch (error) {
  console.log(error.name + ': ' + error.message)
}
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchday-hostile-'))
  chmodSync(folder, 0o755)
  for (const name of ['project', 'temporary']) mkdirSync(join(folder, name), { mode: 0o777 })
})
afterEach(() => {
  const { directory } = createPlace(join(folder, 'project'), 'local')
  for (const path of [folder, directory]) rmSync(path, { recursive: true, force: true, maxRetries: 5 })
})

test('with 1 MB of shared memory a parallel query runs', ROOT_OF_LINUX, () => {
  const parallel = [
    'set parallel_setup_cost = 0',
    'set min_parallel_table_scan_size = 0',
    "set work_mem = '32MB'",
    'create table t as select g, md5(g::text) as word from generate_series(1, 100000) g',
    'analyze t',
    'select count(*)::int as rows from t a join t b using (g, word)',
  ]
  const said = joinAfter('mount -t tmpfs -o size=1m,mode=1777 none /dev/shm', { statements: parallel })

  assert.match(said, /\[\{"rows":100000\}\]/)
})

test('without shared memory the server starts', ROOT_OF_LINUX, () => {
  assert.match(joinAfter('mount -t tmpfs -o ro none /dev/shm'), /\[\{"one":1\}\]/)
})

test('a temporary directory in which nothing may be run holds the data', ROOT_OF_LINUX, () => {
  assert.match(joinAfter(`mount -t tmpfs -o noexec,mode=1777 none ${join(folder, 'temporary')}`), /\[\{"one":1\}\]/)
})

test('a read-only temporary directory is passed over', ROOT_OF_LINUX, () => {
  assert.match(joinAfter(`mount -t tmpfs -o ro none ${join(folder, 'temporary')}`), /\[\{"one":1\}\]/)
})

test('packages in which nothing may be run are copied out', ROOT_OF_LINUX, async () => {
  const { postgres } = await findBinaries(createPlace(join(folder, 'project'), 'local'))
  const native = dirname(dirname(postgres))
  const said = joinAfter(`mount --bind ${native} ${native} && mount -o remount,bind,noexec ${native}`)

  assert.match(said, /\[\{"one":1\}\]/)
})

test('packages without their links, in which nothing may be written, are copied out', ROOT_OF_LINUX, async () => {
  const { postgres } = await findBinaries(createPlace(join(folder, 'project'), 'local'))
  const native = dirname(dirname(postgres))
  const copy = join(folder, 'native')
  const unlinked = `cp -a ${native} ${copy} && find ${copy} -type l -delete && mount --bind ${copy} ${native}`
  const said = joinAfter(`${unlinked} && mount -o remount,bind,ro ${native}`)

  assert.match(said, /\[\{"one":1\}\]/)
})

test('a full disk is named, with what to do', ROOT_OF_LINUX, () => {
  const said = joinAfter(`mount -t tmpfs -o size=10m,mode=1777 none ${join(folder, 'temporary')}`)

  assert.match(
    said,
    /^LedgerFailure: .* could not make its data .* No space left on device\. The disk of \S+ is full: /,
  )
})

test('a loopback interface that is down is named, before anything is made', ROOT_OF_LINUX, () => {
  const said = joinAfter('true', { namespaces: '-n' })

  assert.match(said, /^LedgerFailure: .* nothing gets through to 127\.0\.0\.1 here\. Bring the loopback interface up/)
})

test('root that may not become anybody else is told to run as somebody else', ROOT_OF_LINUX, () => {
  const said = joinAfter('true', { namespaces: '-r' })

  assert.match(
    said,
    /^ConfigFailure: PostgreSQL refuses to run as root, and this root may not act as user \d+ \(EINVAL\)/,
  )
})

/** What a process says that joins in namespaces of its own, after a shell command there. */
function joinAfter(command: string, how: { namespaces?: string; statements?: string[] } = {}): string {
  const { namespaces = '-m', statements = ['select 1 as one'] } = how
  const script = `${command} && exec "$0" --import tsx --input-type=module --eval "$1"`
  const end = spawnSync('unshare', [namespaces, 'sh', '-c', script, process.execPath, PROGRAM], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      TMPDIR: join(folder, 'temporary'),
      TSX_DISABLE_CACHE: '1', // tsx itself keeps files in the temporary directory
      PROJECT: join(folder, 'project'),
      STATEMENTS: statements.join(';'),
    },
  })
  assert.equal(end.status, 0, end.stderr)
  return end.stdout
}

function cannotUnshare(): string | false {
  if (process.getuid?.() !== 0) return 'needs root'
  const tried = spawnSync('unshare', ['-m', '-n', 'true'])
  return tried.status === 0 ? false : 'cannot make namespaces here'
}
