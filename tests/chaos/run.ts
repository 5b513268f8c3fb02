// `npm run chaos`: real job processes and passes of ops-watch on a real PostgreSQL, while everything that may be temporary goes wrong.
// Then it holds what is left against the promises, and against the lake of a calm run of the same weeks.

import { randomUUID } from 'node:crypto'

import { runCommand } from '../../scripts/command.ts'
import { ConfigFailure } from '../../src/core/errors.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { monotonicMs } from '../../src/lib/clock.ts'
import { openDatabase } from '../../src/lib/db.ts'
import { createRandom } from '../../src/lib/random.ts'

import { createAccountant, isKept, sayAccount, type Account } from './account.ts'
import { calmWeek, settle, wildWeek, type Course } from './drive.ts'
import { readContent } from './lake.ts'
import { aNetwork } from './network.ts'
import { aPooler } from './pooler.ts'
import { aSeason, type Season } from './season.ts'
import { aChaosServer, OWNER, type ChaosServer } from './server.ts'
import { aSmallDisk } from './small-disk.ts'
import { startTrouble } from './weather.ts'

const HELP = `Runs the NFL's jobs and ops-watch in real processes on a real PostgreSQL, weeks on a virtual clock, while servers
restart and crash, sessions are terminated, statements cancelled, tables locked, disks full, networks frozen and cut, and
processes killed and frozen. The league is simulated.

Usage: npm run chaos -- [--minutes 5] [--seed 1] [--json]

  --minutes NUMBER   how long faults come (default: 5); the week that has begun, and a calm one, follow
  --seed NUMBER      which faults, when, and which league (default: 1); processes are real, so no two runs are alike
  --json             the account as JSON; progress goes to stderr

Needs Linux. PgBouncer, where it is installed, stands between some of the processes and the server; where root may mount, a disk
is filled.
Exit code: 0 every promise was kept; 1 one was broken; 2 misuse.`

/** The database of the weeks without trouble. */
const CALM = 'calm'

await runCommand({
  call: 'npm run chaos --',
  help: HELP,
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } },
  async run({ minutes = '5', seed = '1', json }) {
    const say = (line: string) => (json ? console.error(line) : console.log(line))
    const account = await chaos({ minutes: toNumber('minutes', minutes), seed: toNumber('seed', seed), say })
    console.log(json ? JSON.stringify(account, null, 2) : sayAccount(account))
    return isKept(account) ? 0 : 1
  },
})

function toNumber(flag: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new ConfigFailure(`--${flag} is "${text}"; expected a number above 0`, { code: 'bad_parameter' })
}

async function chaos(wish: { minutes: number; seed: number; say: (line: string) => void }): Promise<Account> {
  const { seed, say } = wish
  const random = createRandom(seed)
  await using server = await aChaosServer()
  await using season = await aSeason(seed)
  await using network = await aNetwork(server.port)
  await using pooler = await aPooler(server)
  using disk = aSmallDisk(server)
  say(
    `PgBouncer: ${pooler ? 'in between' : 'not installed, left out'}; small disk: ${disk ? 'mounted' : 'not possible, left out'}`,
  )
  const database = await aLeagueDatabase(server, season)
  const ports = [server.port, network.port, ...(pooler ? [pooler.port] : [])]
  const accountant = createAccountant(server.password)
  const course: Course = {
    ...{ season, server, database, random, say, mark: randomUUID() },
    routes: ports.map((port) => server.urlOf(database, { port })),
    onEnd: accountant.add,
  }
  const calm = await beginInPeace(course)
  await disk?.take(database)
  const until = monotonicMs() + wish.minutes * 60_000
  const trouble = startTrouble({ server, network, pooler, disk, database, mark: course.mark, random }, say)
  const weeks = await wildWeeks(course, { until, end: () => trouble.end() })
  say(`Calm again: one week more, and beside it the same weeks without any trouble, to compare`)
  await Promise.all([finish(course, weeks), calmWeeks(calm, weeks)])
  const told = { seed, seconds: wish.minutes * 60, weeks: weeks + 1, faults: trouble.counts }
  return await accountant.close({ server, database, calm: await readContent(server, CALM), told })
}

/** The first week, so that a model is there; then a copy of all there is, for weeks without trouble. */
async function beginInPeace(course: Course): Promise<Course> {
  const { server, database, season } = course
  const direct = { ...course, routes: [server.urlOf(database)] }
  await calmWeek(direct, 0)
  await settle(direct, { from: season.lastTickOf(0), before: season.opensIn(1) })
  await server.asAdmin((sql) => sql.unsafe(`create database ${CALM} template ${database} owner ${OWNER}`))
  const random = createRandom(0)
  return { ...course, database: CALM, routes: [server.urlOf(CALM)], random, mark: 'calm', onEnd: () => undefined }
}

/** Weeks from the second on until time is over, and the rest of the last one in peace. Returns the number of the next. */
async function wildWeeks(course: Course, limits: { until: number; end: () => Promise<void> }): Promise<number> {
  const timer = new Promise<void>((resolve) => setTimeout(resolve, limits.until - monotonicMs()))
  const ended = timer.then(limits.end)
  let week = 1
  do {
    await wildWeek(course, week)
    week += 1
  } while (monotonicMs() < limits.until)
  await ended
  return week
}

/** The last week in peace, and after it whatever is still open. */
async function finish(course: Course, week: number): Promise<void> {
  await calmWeek(course, week)
  await settle(course, { from: course.season.lastTickOf(week), before: course.season.opensIn(week + 2) })
}

async function calmWeeks(course: Course, last: number): Promise<void> {
  for (let week = 1; week < last; week += 1) await calmWeek(course, week)
  await finish(course, last)
}

async function aLeagueDatabase(server: ChaosServer, season: Season): Promise<string> {
  const name = 'league'
  await server.asAdmin((sql) => sql.unsafe(`create database ${name} owner ${OWNER}`))
  await using database = openDatabase(server.urlOf(name), { max: 1 })
  await migrate(database.sql, { environment: 'replay' })
  await registerSchedules(database.sql, { lines: season.lines, commit: 'chaos', at: season.opensIn(0) })
  return name
}
