// What is remembered of a file must not outlive a change elsewhere that makes it wrong.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { ROOT } from './files.ts'
import { lint } from './lint.ts'
import { checkProgram } from './program.ts'

const RULES = (rule: string) => `import { parser, plugin } from 'typescript-eslint'
const languageOptions = { parser, parserOptions: { tsconfigRootDir: import.meta.dirname } }
export default [{ files: ['**/*.ts'], plugins: { ts: plugin }, languageOptions, rules: { '${rule}': 'error' } }]
`
const NO_FLOATING = RULES('ts/no-floating-promises')

function aProject() {
  const root = mkdtempSync(join(tmpdir(), 'matchday-typed-'))
  after(() => rmSync(root, { recursive: true, force: true }))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  }
  write({
    '.gitignore': 'node_modules\nmemory\n',
    'package.json': '{ "type": "module" }',
    'package-lock.json': '{}',
    'eslint.config.js': NO_FLOATING,
    'tsconfig.json': JSON.stringify({
      compilerOptions: { module: 'nodenext', strict: true, noEmit: true, isolatedModules: true, types: [], allowImportingTsExtensions: true }, // prettier-ignore
    }),
    'home.ts': 'export const work = (n: number): void => void n\n',
    'between.ts': "export { work } from './home.ts'\n",
    'user.ts': "import { work } from './between.ts'\n\nwork(1)\n",
  })
  const check = async () => {
    const program = checkProgram(root, join(root, 'memory/types.json'))
    const linted = await lint(root, join(root, 'memory/lint.json'), program)
    const checked = [...program.checked].filter((file) => file.startsWith(root) && !file.includes('node_modules'))
    return { types: program.problems, lint: linted, checked: checked.length }
  }
  return { write, check }
}

test('a promise that nobody waits for is found in a file that did not change, after a type two files away did', async () => {
  const { write, check } = aProject()
  const clean = await check()
  write({ 'home.ts': 'export const work = (n: number): Promise<void> => Promise.resolve(void n)\n' })
  const found = await check()
  const again = await check()

  assert.deepEqual(clean, { types: [], lint: [], checked: 3 })
  assert.match(found.lint.join(), /^user\.ts:3:1: Promises must be awaited.*no-floating-promises\)$/)
  assert.deepEqual(again.lint, found.lint, 'a file that is bad is bad until it is mended')
})

test('a type error is told until it is mended, in a file that did not change too', async () => {
  const { write, check } = aProject()
  await check()
  write({ 'home.ts': 'export const work = (n: string): void => void n\n' })
  const found = await check()
  const again = await check()
  write({ 'home.ts': 'export const work = (n: number): void => void n\n' })
  const mended = await check()

  assert.match(found.types.join(), /^user\.ts\(3,6\): error TS2345/)
  assert.deepEqual(again.types, found.types)
  assert.deepEqual(mended.types, [])
})

test('what did not change is not checked again, and other rules look at everything again', async () => {
  const { write, check } = aProject()
  await check()
  const second = await check()
  write({ 'eslint.config.js': RULES('no-void') })
  const others = await check()

  assert.deepEqual(second, { types: [], lint: [], checked: 0 })
  assert.match(others.lint.join(), /^home\.ts:1:\d+: Expected 'undefined' and instead saw 'void'/)
})
