// The links that the package's install script would make, made by us where it did not run.

import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { ensureLinks } from '../../../src/lib/embedded-postgres/links.ts'
import { runTypeScript } from '../../helpers/child.ts'

let native = ''
beforeEach(() => {
  native = join(mkdtempSync(join(tmpdir(), 'matchday-links-')), 'native')
  mkdirSync(join(native, 'lib'), { recursive: true })
  writeFileSync(join(native, 'lib', 'libpq.so.5.18'), 'a library')
  const list = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }))
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(list))
})
afterEach(() => rmSync(join(native, '..'), { recursive: true }))

test('every listed link is made, relative, so that the folder can be moved', () => {
  ensureLinks(native)

  assert.equal(readFileSync(join(native, 'lib', 'libpq.so.5'), 'utf8'), 'a library')
  assert.equal(readlinkSync(join(native, 'lib', 'libpq.so')), 'libpq.so.5.18')
})

test('links that are there already are left alone', () => {
  ensureLinks(native)
  ensureLinks(native)

  assert.deepEqual(readdirSync(join(native, 'lib')).sort(), ['libpq.so', 'libpq.so.5', 'libpq.so.5.18'])
})

test('a package without a list needs no links', () => {
  rmSync(join(native, 'pg-symlinks.json'))
  ensureLinks(native)

  assert.ok(!existsSync(join(native, 'lib', 'libpq.so')))
})

test('four processes that make them at once all find them', async () => {
  const program = `
    import { ensureLinks } from './src/lib/embedded-postgres/links.ts'
    process.stdin.on('end', () => ensureLinks(process.argv.at(-1))).resume()
    console.log('ready')
  `
  const processes = Array.from({ length: 4 }, () => runTypeScript(program, { args: [native] }))
  await Promise.all(processes.map((child) => child.line()))
  for (const child of processes) child.finish()
  const ends = await Promise.all(processes.map((child) => child.ended()))

  assert.deepEqual(ends, processes.map(() => ({ code: 0, stderr: '' }))) // prettier-ignore
  assert.equal(readFileSync(join(native, 'lib', 'libpq.so.5'), 'utf8'), 'a library')
})
