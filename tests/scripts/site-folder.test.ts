// Where a site is written: it replaces a site, and nothing else; and it is built wherever the checkout lies.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'

import { writeSite } from '../../scripts/dashboard/build-site.ts'
import { ConfigFailure } from '../../src/core/errors.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const parent = await mkdtemp(path.join(tmpdir(), 'matchday-folder-'))
after(() => rm(parent, { recursive: true }))

const aSite = (word: string) =>
  ['index.html', 'status.json', 'assets/site.js'].map((name) => ({ path: name, text: word }))
const read = (...names: string[]) => readFile(path.join(parent, ...names), 'utf8')

test('a site replaces the one before, whole, with or without a slash at the folder’s end', async () => {
  await writeSite(path.join(parent, 'a/site'), [...aSite('one'), { path: 'old.html', text: '' }])
  await writeSite(`${path.join(parent, 'a/site')}/`, aSite('two'))

  assert.equal(await read('a/site/index.html'), 'two')
  assert.deepEqual(await readdir(path.join(parent, 'a')), ['site'])
  assert.equal(existsSync(path.join(parent, 'a/site/old.html')), false)
})

test('an empty folder becomes a site', async () => {
  await mkdir(path.join(parent, 'b'))
  await writeSite(path.join(parent, 'b'), aSite('one'))

  assert.equal(await read('b/index.html'), 'one')
})

test('a folder that holds anything else is refused and left as it was', async () => {
  await mkdir(path.join(parent, 'c'))
  await writeFile(path.join(parent, 'c/app.ts'), 'precious')
  await writeFile(path.join(parent, 'file'), 'precious')

  await assert.rejects(writeSite(path.join(parent, 'c'), aSite('one')), (error: Error) => error instanceof ConfigFailure && /no site of Matchday.*--out/.test(error.message)) // prettier-ignore
  await assert.rejects(writeSite(path.join(parent, 'file'), aSite('one')), ConfigFailure)
  assert.deepEqual([await read('c/app.ts'), await read('file')], ['precious', 'precious'])
})

test('what lies beside the folder under another name stays', async () => {
  await mkdir(path.join(parent, 'd.new'))
  await writeFile(path.join(parent, 'd.new/notes'), 'precious')
  await writeSite(path.join(parent, 'd'), aSite('one'))

  assert.equal(await read('d.new/notes'), 'precious')
})

test('the assets are built in a checkout whose path has a space and a percent sign', async () => {
  const checkout = path.join(parent, 'my league 100%')
  await cp(path.join(PROJECT_ROOT, 'dashboards/site'), path.join(checkout, 'dashboards/site'), { recursive: true })
  await cp(path.join(PROJECT_ROOT, 'package.json'), path.join(checkout, 'package.json'))
  await symlink(path.join(PROJECT_ROOT, 'node_modules'), path.join(checkout, 'node_modules'))
  await cp(path.join(PROJECT_ROOT, 'src'), path.join(checkout, 'src'), { recursive: true })
  const script = "import { buildAssets } from './dashboards/site/build.ts'; console.log((await buildAssets()).length)"

  const built = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: checkout, encoding: 'utf8' }) // prettier-ignore

  assert.deepEqual([built.stdout.trim(), built.stderr], ['3', ''])
})
