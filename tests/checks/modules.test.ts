// The layer table, cycles, unused exports and names of tests, on modules written here.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { leagues } from '../../src/leagues/index.ts'
import { sameTestNames, unusedExports } from './exports.ts'
import { ROOT } from './files.ts'
import { cycleProblems, layerProblems, readLayers } from './layers.ts'
import { readModule, type Module } from './modules.ts'

const LAYERS = readLayers(readFileSync(join(ROOT, 'src/README.md'), 'utf8'), leagues)

const modulesOf = (texts: Record<string, string>): Module[] =>
  Object.entries(texts).map(([file, text]) => readModule(file, text))

for (const [file, text, expected] of [
  ['src/core/a.ts', `import { b } from '../lib/b.ts'`, 'src/core imports src/lib; expected only core itself'],
  ['src/lib/a.ts', `\nimport type { B } from '../ledger/b.ts'`, 'src/lib imports src/ledger; expected only core'],
  ['src/ledger/a.ts', `const b = await import('../runner/b.ts')`, 'src/ledger imports src/runner'],
  ['src/core/a.ts', `import { readFileSync } from 'node:fs'`, 'core imports "node:fs"'],
  ['src/core/a.ts', `import postgres from 'postgres'`, 'core imports "postgres"'],
  ['src/leagues/nfl/a.ts', `import { b } from '../nba/b.ts'`, 'the league nfl imports nba'],
  ['src/leagues/nfl/a.ts', `import { b } from '../fantasy/b.ts'`, 'the league nfl imports fantasy'],
  ['src/leagues/nfl/a.ts', `import { b } from '../../ledger/b.ts'`, 'src/leagues imports src/ledger'],
  ['src/leagues/ops/a.ts', `import { b } from '../../alerts/b.ts'`, 'src/leagues imports src/alerts'],
  ['src/runner/a.ts', `import { b } from '../app.ts'`, 'imports src/app; expected only scripts and tests'],
  ['src/views/a.ts', `export { b } from '../../scripts/b.ts'`, 'imports the script "scripts/b.ts"'],
  ['src/lib/a.ts', `import { b } from '../../tests/helpers/b.ts'`, 'expected nothing from tests outside tests'],
  ['dashboards/site/a.ts', `import { b } from '../../src/views/b.ts'`, 'expected core and types of src/views only'],
  [
    'src/leagues/nfl/jobs/a.ts',
    `import { b } from '../../../../dashboards/site/kit/b.ts'`,
    'expected only scripts to build the site',
  ],
  [
    'src/leagues/nfl/pages/a.tsx',
    `import { b } from '../../../../dashboards/site/build.ts'`,
    'expected only scripts to build the site',
  ],
  ['src/gadgets/a.ts', `import { b } from '../core/b.ts'`, 'src/gadgets has no place in the layers'],
] as const) {
  test(`the layers forbid ${file}: ${text.trim()}`, () => {
    const [problem, ...rest] = layerProblems(modulesOf({ [file]: text }), LAYERS)

    assert.deepEqual(rest, [])
    assert.ok(problem?.includes(expected), problem)
    assert.equal(problem?.split(':')[1], text.startsWith('\n') ? '2' : '1')
  })
}

test('what the layers allow passes in silence', () => {
  const problems = layerProblems(
    modulesOf({
      'src/core/a.ts': `import { z } from 'zod'\nimport type { Sql } from 'postgres'\nimport { b } from './b.ts'`,
      'src/leagues/index.ts': `import { a } from './nfl/a.ts'\nimport { b } from './nba/b.ts'`,
      'src/leagues/nfl/a.ts': `import { b } from './b.ts'\nimport { c } from '../../models/c.ts'`,
      'src/leagues/fantasy/a.ts': `import { b } from '../nfl/b.ts'`,
      'src/leagues/nfl/pages/a.tsx': `import { b } from '../../../../dashboards/site/kit/b.ts'`,
      'src/leagues/ops/a.ts': `import { b } from '../../ledger/b.ts'`,
      'src/replay/a.ts': `import { b } from '../ledger/b.ts'\nimport { c } from './c.ts'`,
      'src/app.ts': `import { a } from './replay/a.ts'`,
      'scripts/a.ts': `import { a } from '../src/app.ts'`,
      'dashboards/site/a.ts': `import type { B } from '../../src/views/b.ts'`,
    }),
    LAYERS,
  )

  assert.deepEqual(problems, [])
})

test('no layer may import one that may import it', () => {
  const { mayImport } = LAYERS
  const pairs = Object.entries(mayImport).flatMap(([from, allowed]) => allowed.map((to) => [from, to] as const))

  assert.deepEqual(
    pairs.filter(([from, to]) => mayImport[to]?.includes(from)),
    [],
  )
})

test('a circle is told once, with every file on it', () => {
  const problems = cycleProblems(
    modulesOf({
      'src/a.ts': `import './b.ts'`,
      'src/b.ts': `import type { C } from './c.ts'`,
      'src/c.ts': `import './a.ts'`,
      'src/d.ts': `import './a.ts'`,
    }),
  )

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /src\/a\.ts -> src\/b\.ts -> src\/c\.ts -> src\/a\.ts/)
})

test('two ways to the same file are no circle', () => {
  const modules = modulesOf({
    'src/a.ts': `import './b.ts'\nimport './c.ts'`,
    'src/b.ts': `import './c.ts'`,
    'src/c.ts': '',
  })

  assert.deepEqual(cycleProblems(modules), [])
})

for (const [what, other, expected] of [
  ['used by nobody', '', 'delete it'],
  ['used by a test alone', `tests/b.test.ts|import { a } from '../src/a.ts'`, 'only tests use "a"'],
  ['used elsewhere', `scripts/b.ts|import { a as c } from '../src/a.ts'`, undefined],
  ['handed on', `scripts/b.ts|export { a } from '../src/a.ts'`, undefined],
  ['taken from a dynamic import', `scripts/b.ts|const { a } = await import('../src/a.ts')`, undefined],
  ['passed over by a dynamic import', `scripts/b.ts|const { c } = await import('../src/a.ts')`, 'delete it'],
  ['in a file that is started by its address', `scripts/b.ts|new URL('../src/a.ts', import.meta.url)`, undefined],
] as const) {
  test(`an exported value that is ${what} ${expected ? 'is reported' : 'passes'}`, () => {
    const [file, text] = other.split('|')
    const modules = modulesOf({ 'src/a.ts': 'export const a = 1', ...(file && text ? { [file]: text } : {}) })

    const problems = unusedExports(modules, {}).filter((problem) => problem.startsWith('src/a.ts'))

    assert.equal(problems.length, expected ? 1 : 0)
    assert.ok(problems.every((problem) => expected && problem.includes(expected)))
  })
}

test('a helper of its own file may be exported for its tests', () => {
  const modules = modulesOf({
    'src/a.ts': 'export function a() { return b() }\nexport function b() { return 1 }',
    'scripts/c.ts': `import { a } from '../src/a.ts'`,
    'tests/a.test.ts': `import { b } from '../src/a.ts'`,
  })

  assert.deepEqual(unusedExports(modules, {}), [])
})

test('an export that is kept has its reason', () => {
  const modules = modulesOf({ 'src/a.ts': 'export const a = 1' })

  assert.deepEqual(unusedExports(modules, { 'src/a.ts#a': 'for the shell' }), [])
})

test('two tests of one name in one file are reported, in two files they are not', () => {
  const twice = `test('a fact', () => {})\ntest('a fact', () => {})`
  const modules = modulesOf({ 'tests/a.test.ts': twice, 'tests/b.test.ts': `test('a fact', () => {})` })

  assert.deepEqual(sameTestNames(modules), [
    'tests/a.test.ts:2: a test in line 1 is called "a fact" too; say what differs',
  ])
})
