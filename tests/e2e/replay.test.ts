// `npm start` as a newcomer meets it, and what it promises: the workflow files decide, every slot ends in a known state,
// nothing later in the source reaches a prediction, and a machine without a network gets a simulated league.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { readPredictions, readSlots, runReplay, withReplayDatabase, type ReplayEnd } from '../helpers/replay.ts'
import { sharedData, skipWithout } from '../helpers/shared-data.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'matchday-replay-'))
const smallLeague = join(folder, 'simulated-games.csv')
const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
/** The Tuesday after week 12 of 2024, 08:00 in New York. */
const END = new Date('2024-11-26T13:00:00Z')
const WEEK_12 = ['--season', '2024', '--week', '12', '--fresh']
/** Of the real file's week: what two tests look at is replayed once. */
let theRealWeek: Promise<{ end: ReplayEnd; predictions: string[] }> | undefined

before(() => {
  writeFileSync(smallLeague, simulateGames({ seed: 7, now: new Date('2025-11-30T00:00:00Z'), firstSeason: 2023 }))
})
after(() => rmSync(folder, { recursive: true }))

test(
  'week 12 of 2024 on the real file ends with every slot definite, none served twice, every game graded',
  skipWithout(DECEMBER),
  async () => {
    const { end } = await (theRealWeek ??= replayWeek12(sharedData(DECEMBER)))

    await withReplayDatabase(end.database, async (sql) => {
      const slots = await readSlots(sql, END)
      assert.equal(slots.length, 12)
      assert.deepEqual(
        slots.filter((slot) => slot.state !== 'served' || slot.servings !== 1),
        [],
      )
      const [graded] = await sql<{ games: number; markets: number }[]>`
      select count(distinct game_id)::integer as games, count(distinct market)::integer as markets
      from predictions.grades
    `
      assert.deepEqual({ ...graded }, { games: 13, markets: 3 })
      const [late] = await sql<
        { late: number }[]
      >`select count(*)::integer as late from predictions.games where as_of >= starts_at`
      assert.equal(late?.late, 0)
    })
    const overview = firstPage(end)
    assert.match(overview, /A replay: this is how things stood on <time datetime="2024-11-26T13:00:00.000Z">/)
    assert.match(overview, /<h1[^>]*>.*All on time\..*<\/h1>/)
    assert.doesNotMatch(overview, /Simulated/)
  },
)

test(
  'predictions stay identical when all later rows of the source are cut off or shuffled',
  skipWithout(DECEMBER),
  async () => {
    const text = readFileSync(sharedData(DECEMBER), 'utf8')
    const cut = join(folder, 'cut.csv')
    const shuffled = join(folder, 'shuffled.csv')
    writeFileSync(
      cut,
      withLaterRows(text, () => []),
    )
    writeFileSync(shuffled, withLaterRows(text, shuffleScores))

    const predictions = [(await (theRealWeek ??= replayWeek12(sharedData(DECEMBER)))).predictions]
    for (const source of [cut, shuffled]) predictions.push((await replayWeek12(source)).predictions)

    // Thursday's game at two leads, eleven on Sunday at five, Monday's at six; three markets each.
    assert.equal(predictions[0]?.length, 189)
    assert.deepEqual(predictions[1], predictions[0])
    assert.deepEqual(predictions[2], predictions[0])
  },
)

test('an edited cron line and an edited chain change the order of the replay', async () => {
  const copy = join(folder, 'edited')
  cpSync(join(PROJECT_ROOT, '.github'), join(copy, '.github'), { recursive: true })
  edit(join(copy, '.github/workflows/nfl-silver.yml'), "'7 14 * * 2'", "'7 10 * * 2'")
  edit(join(copy, '.github/workflows/nfl-features.yml'), '[nfl-silver]', '[nfl-bronze]')
  const args = ['--source', smallLeague, '--from', '2025-11-18T13:00:00Z', '--to', '2025-11-19T14:30:00Z', '--fresh']

  const itIs = await runReplay(args)
  const edited = await runReplay([...args, '--workflows', copy])
  const [asItIs, asEdited] = [orderOf(itIs), orderOf(edited)]

  assert.notEqual(edited.database, itIs.database, 'another schedule is another replay')
  assert.deepEqual(asItIs, [
    'Tue 18 Nov 08:07 nfl/bronze schedule succeeded',
    'Tue 18 Nov 08:08 nfl/silver chain succeeded',
    'Tue 18 Nov 08:09 nfl/features chain succeeded',
    'Tue 18 Nov 08:10 nfl/train chain succeeded',
    'Tue 18 Nov 14:07 nfl/silver schedule gated',
    'Tue 18 Nov 14:08 nfl/features chain gated',
    'Tue 18 Nov 14:09 nfl/train chain gated',
    'Wed 19 Nov 09:07 nfl/features schedule gated',
    'Wed 19 Nov 09:08 nfl/train chain gated',
  ])
  assert.deepEqual(asEdited, [
    'Tue 18 Nov 08:07 nfl/bronze schedule succeeded',
    'Tue 18 Nov 08:08 nfl/features chain gated',
    'Tue 18 Nov 08:08 nfl/silver chain succeeded',
    'Tue 18 Nov 08:09 nfl/train chain gated',
    'Tue 18 Nov 10:07 nfl/silver schedule gated',
    'Wed 19 Nov 09:07 nfl/features schedule succeeded',
    'Wed 19 Nov 09:08 nfl/train chain succeeded',
  ])
})

test('a second start repeats nothing that is done', async () => {
  const args = ['--source', smallLeague, '--from', '2025-11-18T13:00:00Z', '--to', '2025-11-18T14:00:00Z']
  const first = await runReplay([...args, '--fresh'])

  const runsBefore = await withReplayDatabase(first.database, countRuns)
  const second = await runReplay(args)

  assert.equal(second.code, 0, second.stderr)
  assert.equal(await withReplayDatabase(first.database, countRuns), runsBefore)
  assert.equal(second.stdout.match(/done before/g)?.length, 4)
})

test('without a network a simulated league is replayed, and says so', { skip: cannotUnshare() }, () => {
  // A project of its own, for its server must live where there is no network either.
  const project = join(folder, 'project')
  for (const part of ['src', 'scripts', 'dashboards', '.github', 'package.json', 'tsconfig.json']) {
    cpSync(join(PROJECT_ROOT, part), join(project, part), { recursive: true })
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(project, 'node_modules'))
  const script = 'ip link set lo up; exec "$0" --import tsx scripts/replay.ts'

  const end = spawnSync('unshare', ['-n', 'sh', '-c', script, process.execPath], { cwd: project, encoding: 'utf8' })

  assert.equal(end.status, 0, end.stderr)
  assert.match(end.stdout, /a SIMULATED league/)
  assert.match(end.stdout, /beside the results \(SIMULATED: no such games were played\)/)
  assert.match(end.stdout, /Served twice: 0\. Without a definite state: 0\./)
  const overview = firstPage(end, project)
  assert.match(overview, /A replay: this is how things stood on /)
  assert.match(overview, /Simulated data: nothing here happened in a real league\./)
})

for (const [what, args, expected] of [
  ['a week without its season', ['--week', '3'], /--week needs --season/],
  ['a week that is no number', ['--season', '2024', '--week', 'twelve'], /--week "twelve": expected a number/],
  [
    'a week the data does not have',
    ['--season', '2030', '--week', '1', '--source', smallLeague],
    /2030-W01 cannot be replayed: expected a week whose games all have results/,
  ],
  [
    'a source that is not there',
    ['--source', '/nowhere/games.csv'],
    /nflverse could not be read from the file \/nowhere\/games\.csv/,
  ],
  ['an unknown flag', ['--weak', '3'], /Unknown option '--weak'/],
  [
    'workflows that are not there',
    ['--source', smallLeague, '--workflows', '/nowhere'],
    /\.github\/workflows below "\/nowhere" cannot be read/,
  ],
] as const) {
  test(`${what} is refused in one sentence and starts nothing`, async () => {
    const end = await runReplay(args)

    assert.equal(end.code, what.startsWith('a source') ? 1 : 2, end.stderr)
    assert.match(end.stderr, expected)
    assert.equal(end.stdout, '')
  })
}

async function replayWeek12(source: string): Promise<{ end: ReplayEnd; predictions: string[] }> {
  const end = await runReplay([...WEEK_12, '--source', source])
  assert.equal(end.code, 0, end.stderr)
  return { end, predictions: await withReplayDatabase(end.database, readPredictions) }
}

/** The Overview of the site that the replay names last. */
function firstPage({ stdout }: { stdout: string }, project = PROJECT_ROOT): string {
  const [, page = ''] = /Look at it: open (\S+)\n$/.exec(stdout) ?? []
  return readFileSync(join(project, page), 'utf8')
}

function orderOf(end: { code: number | null; stdout: string; stderr: string }): string[] {
  assert.equal(end.code, 0, end.stderr)
  const lines = end.stdout.matchAll(/^(\w{3} \d+ \w{3} \d\d:\d\d) New York +(nfl\/\w+) +(schedule|chain) +\S (\w+)/gm)
  return [...lines].map((match) => match.slice(1, 5).join(' '))
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8')
  assert.ok(text.includes(from), `${file} holds ${from}`)
  writeFileSync(file, text.replace(from, to))
}

async function countRuns(sql: Parameters<Parameters<typeof withReplayDatabase>[1]>[0]): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from ledger.runs`
  return row?.count ?? 0
}

/** Every row of a game played after the replayed week goes through `change`; all others stay. */
function withLaterRows(text: string, change: (rows: string[][]) => string[][]): string {
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const day = header.split(',').indexOf('gameday')
  const rows = lines.map((line) => line.split(','))
  const earlier = rows.filter((row) => (row[day] ?? '') < '2024-11-26')
  const later = rows.filter((row) => (row[day] ?? '') >= '2024-11-26')
  return [header, ...[...earlier, ...change(later)].map((row) => row.join(',')), ''].join('\n')
}

/** Turns the order of the rows round and hands each the scores and lines of another. */
function shuffleScores(rows: string[][]): string[][] {
  const columns = [8, 10, 12, 13, 25, 26, 27, 30] // away_score, home_score, result, total, moneylines, spread, total line
  return rows
    .map((row, i) =>
      row.map((cell, column) => (columns.includes(column) ? (rows[(i * 7 + 3) % rows.length]?.[column] ?? '') : cell)),
    )
    .reverse()
}

function cannotUnshare(): string | false {
  try {
    execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' })
    return false
  } catch {
    return 'no right to close the network here (unshare -n)'
  }
}
