// The backtest command as a person meets it, on a small simulated league.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import type { Figures } from '../../src/leagues/nfl/backtest/figures.ts'
import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'matchday-backtest-'))
const league = join(folder, 'simulated-games.csv')
const picture = join(folder, 'calibration.svg')

before(() => {
  writeFileSync(league, simulateGames({ seed: 5, now: new Date('2025-08-01T00:00:00Z'), firstSeason: 2021 }))
})
after(() => rmSync(folder, { recursive: true }))

test('it prints the seasons asked for, pooled too, with intervals and its own time', () => {
  const { status, stdout, stderr } = backtest('--from', '2023', '--source', league)

  assert.equal(status, 0, stderr)
  for (const label of ['2023 ', '2024 ', '2023-2024 ']) assert.match(stdout, new RegExp(`^${label}`, 'm'))
  assert.match(stdout, /\d+\.\d \(\d+\.\d to \d+\.\d\)/)
  assert.match(stdout, /570 forecast in three markets and graded: \d+(\.\d)? s/)
  assert.equal(stderr, '')
})

test('as JSON it is one line, and the picture says its answer in the title and stands alone', () => {
  const { status, stdout } = backtest('--from', '2023', '--to', '2023', '--source', league, '--json', '--svg', picture)
  const figures = JSON.parse(stdout) as Figures & { seconds: number }
  const svg = readFileSync(picture, 'utf8')

  assert.equal(status, 0)
  assert.equal(stdout.trim().split('\n').length, 1)
  assert.deepEqual([figures.games, figures.seasons.length], [285, 1])
  assert.ok(figures.seconds > 0)
  assert.match(
    svg,
    /^<svg [^]*<title id="title">Ours is off by \d+\.\d points on average, the market by \d+\.\d points<\/title>/,
  )
  assert.match(svg, /ours, n \d+</)
  assert.ok(!svg.includes('NaN') && !svg.includes('undefined'))
})

test('of a game in two sources the last one counts, and spliced, whole seasons', () => {
  const narrow = join(folder, 'simulated-2024.csv')
  const [head = '', ...lines] = readFileSync(league, 'utf8').split('\n')
  const ofWeek1 = lines.filter((line) => line.startsWith('2024_01_'))
  writeFileSync(narrow, `${[head, ...ofWeek1].join('\n')}\n`)
  const games = (...flags: string[]) => {
    const { stdout } = backtest('--from', '2024', '--source', league, '--source', narrow, '--json', ...flags)
    return (JSON.parse(stdout) as Figures).games
  }

  assert.deepEqual([games(), games('--splice')], [285, 16])
})

test('misuse is told in one sentence and ends with 2', () => {
  for (const [flags, sentence] of [
    [['--from', 'then'], /--from "then": expected the year/],
    [['--from', '2030', '--source', league], /no finished game between 2030 and/],
    [['--frm', '2020'], /See npm run backtest -- --help/],
    [['--source', league, '--opener', join(folder, 'none.csv')], /opening lines cannot be read/],
  ] as const) {
    const { status, stderr } = backtest(...flags)
    assert.equal(status, 2, stderr)
    assert.match(stderr, sentence)
    assert.equal(stderr.trim().split('\n').length, 1)
  }
})

function backtest(...flags: readonly string[]) {
  const args = ['--import', 'tsx', join(PROJECT_ROOT, 'scripts/backtest.ts'), ...flags]
  return spawnSync(process.execPath, args, { cwd: PROJECT_ROOT, encoding: 'utf8' })
}
