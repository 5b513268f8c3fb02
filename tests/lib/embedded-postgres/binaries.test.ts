// PostgreSQL's programs where they do not run as they were installed: they are made to run, or it is said what is missing.

import assert from 'node:assert/strict'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, beforeEach, test } from 'node:test'

import { findBinaries, makeRunnable, type Binaries } from '../../../src/lib/embedded-postgres/binaries.ts'
import type { Place } from '../../../src/lib/embedded-postgres/place.ts'
import { aProject } from '../../helpers/postgres-clients.ts'

const LINUX = { skip: process.platform === 'linux' ? false : 'changes programs and libraries of Linux' }

const folder = mkdtempSync(join(tmpdir(), 'matchday-binaries-'))
chmodSync(folder, 0o755)
const project = aProject()
/** Copies go beside the server's directory: here into a folder of the test. */
const place: Place = { ...project.place, directory: join(folder, 'server') }
after(() => {
  rmSync(folder, { recursive: true })
  project[Symbol.dispose]()
})

let installed: Binaries
beforeEach(async () => {
  rmSync(folder, { recursive: true })
  const native = dirname(dirname((await findBinaries(project.place)).postgres))
  installed = binariesIn(join(folder, 'package', 'native'))
  cpSync(native, join(folder, 'package', 'native'), { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(folder, 'package', 'package.json'), '{ "version": "18.0.0-test" }')
  chmodSync(folder, 0o755)
})

test('a package without its links gets them', LINUX, async () => {
  const lib = join(folder, 'package', 'native', 'lib')
  for (const name of readdirSync(lib)) if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name))

  assert.deepEqual(await makeRunnable(installed, place), installed)
  assert.ok(existsSync(join(lib, 'libicuuc.so.60')))
})

test('programs that may not be run where they lie are copied to where they may', LINUX, async () => {
  chmodSync(installed.postgres, 0o644)
  const found = await makeRunnable(installed, place)

  assert.equal(dirname(dirname(dirname(found.postgres))), folder)
  assert.deepEqual(await makeRunnable(installed, place), found, 'the second start finds the copy')
})

test('a copy that lost files to a cleaner of temporary directories is made anew', LINUX, async () => {
  chmodSync(installed.postgres, 0o644)
  const { postgres } = await makeRunnable(installed, place)
  const lost = join(dirname(dirname(postgres)), 'share', 'postgresql', 'postgresql.conf.sample')
  rmSync(lost)

  await makeRunnable(installed, place)

  assert.ok(existsSync(lost))
})

test('a system without glibc is told to get one', LINUX, async () => {
  // What Alpine has in its place: the loader that the programs name is not there.
  const program = readFileSync(installed.postgres).toString('latin1')
  writeFileSync(
    installed.postgres,
    program.replace(/\/lib\S*\/ld-linux/, (name) => name.replace('linux', 'mucks')),
    'latin1',
  )

  await assert.rejects(makeRunnable(installed, place), {
    name: 'ConfigFailure',
    message:
      /do not run on this machine: spawn \S+ ENOENT\. Its programs need glibc, and Alpine has musl .* DATABASE_URL/,
  })
})

test('a missing library is named', LINUX, async () => {
  const lib = join(folder, 'package', 'native', 'lib')
  for (const name of readdirSync(lib)) if (name.startsWith('libicuuc')) rmSync(join(lib, name))

  await assert.rejects(makeRunnable(installed, place), /Install the library libicuuc\.so\.60 with the system's package/)
})

function binariesIn(native: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') }
}
