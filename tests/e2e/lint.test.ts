// The workflow files before the eyes of others: actionlint and zizmor, each at its strictest.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT } from '../checks/files.ts'
import { findTool, skipWithoutTool } from './tools.ts'

const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => join('.github/workflows', name))

function run(tool: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(findTool(tool) ?? tool, args, { cwd: ROOT, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

test('actionlint finds nothing in any workflow', skipWithoutTool('actionlint'), () => {
  const { status, output } = run('actionlint', ['-no-color', ...workflows])

  assert.equal(output, '')
  assert.equal(status, 0)
})

test('zizmor, pedantic, finds nothing in any workflow or action', skipWithoutTool('zizmor'), () => {
  const { status, output } = run('zizmor', [
    '--offline',
    '--persona=pedantic',
    '--no-progress',
    '--color=never',
    '.github',
  ])

  assert.equal(status, 0, output)
})
