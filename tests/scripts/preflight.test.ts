// What is refused before anything else is loaded: an old Node, a machine without a temporary directory.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { PROJECT_ROOT } from '../helpers/test-server.ts'

const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

for (const version of ['0.12.18', '16.20.2', '18.20.8', '20.18.3']) {
  test(`Node ${version} is refused with the version that is needed`, () => {
    const end = preflightOn(version)

    assert.equal(end.status, 2)
    assert.equal(
      end.stderr,
      `✕ Matchday needs Node 20.19 or newer, and this is Node ${version}. ` +
        'Install a newer one from https://nodejs.org (or: nvm install 24), then run npm ci again.\n',
    )
  })
}

for (const version of ['20.19.0', '22.0.0', '24.21.0', '100.1.0']) {
  test(`Node ${version} is let through`, () => {
    assert.deepEqual([preflightOn(version).status, preflightOn(version).stderr], [0, ''])
  })
}

test('a temporary directory that cannot be written is named', () => {
  const end = preflightOn(process.versions.node, { TMPDIR: '/no/such/directory' })

  assert.equal(end.status, 2)
  assert.match(end.stderr, /^✕ the temporary directory \/no\/such\/directory cannot be written \(ENOENT\)\. .*TMPDIR/)
})

test('every npm script that loads TypeScript asks first, and so do the doors that are started without npm', () => {
  for (const [name, command] of Object.entries(scripts)) {
    assert.match(command, /^node scripts\/preflight\.cjs && node --import (?:tsx|\.\/scripts\/typescript\.mjs) /, name)
  }
  for (const door of ['scripts/command.ts', 'scripts/door.ts']) {
    const [first] = /^import .*$/m.exec(readFileSync(join(PROJECT_ROOT, door), 'utf8')) ?? []
    assert.equal(first, "import './preflight.cjs'", door)
  }
})

test('npm ci refuses an old Node instead of warning', () => {
  assert.match(readFileSync(join(PROJECT_ROOT, '.npmrc'), 'utf8'), /^engine-strict=true$/m)
})

function preflightOn(version: string, env: Record<string, string> = {}) {
  const program = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })
    require('./scripts/preflight.cjs')`
  return spawnSync(process.execPath, ['--eval', program], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
}
