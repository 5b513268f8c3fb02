// A provider whose cells are commands of GitHub's runner and of terminals, met by real doors from end to end.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { commandsIn, looksLikeCommand } from '../helpers/runner-commands.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const NOW = '2024-11-19T13:07:00.000Z'
const GAMES = simulateGames({ seed: 3, now: new Date(NOW), firstSeason: 2024 })
const CELLS = ['##[set-env name=PATH]x', '::add-mask::game', '\r::stop-commands::x', '\n::error::x', '\u2028##[group]x', '\u001b]0;title\u0007\u001b[2J', '\u202e##[add-path]x', '#\u200d#[error]x'] // prettier-ignore

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const folder = mkdtempSync(join(tmpdir(), 'matchday-hostile-'))
after(() => rmSync(folder, { recursive: true }))
before(() => migrate(sql, { environment: 'replay' }))

/** The simulated games; of each of the first ones a cell of this column is hostile. */
function gamesWith(column: string): string {
  const lines = GAMES.trimEnd().split('\n').map((line) => line.split(','))
  const place = lines[0]?.indexOf(column) ?? -1
  assert.ok(place >= 0, column)
  for (const [i, cell] of CELLS.entries()) lines[i + 1]![place] = `"${cell}"`
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`
} // prettier-ignore

interface Heard {
  readonly stdout: string
  readonly stderr: string
  readonly files: string
}

async function knock(door: string, games: string, args: readonly string[] = []): Promise<Heard> {
  const [source, summary, outputs] = ['games.csv', 'summary', 'outputs'].map((name) => join(folder, name)) as [string, string, string] // prettier-ignore
  writeFileSync(source, games)
  for (const file of [summary, outputs]) writeFileSync(file, '')
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATABASE_URL: url, MATCHDAY_ENVIRONMENT: 'replay', MATCHDAY_NOW: NOW, NFLVERSE_URL: source, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } // prettier-ignore
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/nfl/${door}.ts`, '--trigger', 'manual', ...args], { cwd: PROJECT_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }) // prettier-ignore
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  await once(child, 'close')
  return { stdout, stderr, files: readFileSync(summary, 'utf8') + readFileSync(outputs, 'utf8') }
}

function assertHarmless({ stdout, stderr, files }: Heard): void {
  const ours = /^::(?:add-mask|error|warning)(?: title=nfl\/\w+ \w+)?::/
  const found = commandsIn(`${stdout}\n${stderr}\n${files}`)
  assert.deepEqual(found.filter(({ line }) => !ours.test(line)), []) // prettier-ignore
  assert.equal(looksLikeCommand(`${stdout}\n${files}`), false)
  assert.doesNotMatch(`${stdout}${stderr}${files}`, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
}

for (const column of ['game_id', 'home_team', 'gametime', 'game_type']) {
  test(`cells of ${column} that are commands run none, from bronze to silver, in text and in JSON`, async () => {
    const games = gamesWith(column)
    const heard = [await knock('bronze', games), await knock('silver', games), await knock('bronze', games, ['--json'])]

    for (const each of heard) assertHarmless(each)
    assert.match(heard.map(({ stdout, stderr, files }) => stdout + stderr + files).join(''), column === 'game_id' ? /nfl\/bronze/ : /set-env name=PATH/) // prettier-ignore
    JSON.parse(heard[2]?.stdout ?? '')
  })
}

test('a header that is a command, and a line that is none, fail the run and run nothing', async () => {
  for (const games of [GAMES.replace('home_score', '##[set-env name=PATH]x'), `${GAMES}::error::x,##[group]\n`, '<p>##[set-env name=A]b\n']) {
    const heard = await knock('bronze', games)

    assertHarmless(heard)
    assert.match(heard.stderr, /^::error title=nfl\/bronze failed::/m)
  }
}) // prettier-ignore
