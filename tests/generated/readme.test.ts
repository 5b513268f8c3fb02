// README's table of what runs: it stands there as it is generated.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { readCatalogWithProblems } from '../../src/schedule/catalog.ts'
import { withTable } from '../../src/schedule/readme-table.ts'
import { ROOT } from '../checks/files.ts'

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const reading = await readCatalogWithProblems(ROOT, jobs)

test('README has the table that npm run generate writes', () => {
  assert.equal(withTable(README, reading, jobs), README)
})

test('a table without a job, with another time and in another order is written as it was', () => {
  const [bronze = '', cleanup = ''] = ['nfl/bronze', 'ops/cleanup'].map((id) => rowOf(id))
  const other = README.replace(rowOf('nfl/train'), '').replace(bronze, cleanup).replace('Thu 10:07', 'Thu 11:07')

  assert.equal(withTable(other, reading, jobs), README)
})

test('a workflow that no row tells of is the last, with what its file says', () => {
  const other = README.replace(rowOf('ops-dashboard'), '')

  const written = withTable(other, reading, jobs).split('\n')

  assert.match(written[written.findIndex((line) => line.startsWith('| `ci`')) + 1] ?? '', /^\| `ops-dashboard` +\| daily 05:07 UTC +\| +\| +\|$/) // prettier-ignore
})

/** With its line end. */
const rowOf = (name: string) => README.split(/(?<=\n)/).find((line) => line.startsWith(`| \`${name}\``)) ?? ''
