// A replay from beginning to end: data, database, schedule, the drive, and the account that is left.

import { createHash } from 'node:crypto'

import { plainCalendar, type Calendar } from '../core/calendar.ts'
import { ConfigFailure } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import type { FoundReplay, LeagueReplay, Window } from '../core/league-replay.ts'
import type { League } from '../core/league.ts'
import { sayInstant, sayPlace } from '../core/wording.ts'
import { migrate } from '../ledger/migrate.ts'
import { listSlotAccounts } from '../ledger/replay.ts'
import { needsOf, registerSchedules, type ScheduleLine } from '../ledger/schedules.ts'
import { missExpiredSlots } from '../ledger/slots.ts'
import { explainDatabaseError, isFromDatabase, openDatabase, type Sql } from '../lib/db.ts'
import { joinEmbeddedPostgres } from '../lib/embedded-postgres.ts'
import { say, type Screen } from '../lib/output.ts'
import { writeSlotsDue } from '../runner/slots-due.ts'
import { readCatalog, type Catalog } from '../schedule/catalog.ts'
import { createDisplay } from './display.ts'
import { drive } from './drive.ts'
import { sayAccount } from './ending.ts'
import { startSourceServer } from './source-server.ts'

export interface ReplayOptions {
  readonly league: League
  readonly replayed: LeagueReplay
  /** The league's own options, as they were given. */
  readonly named: Readonly<Record<string, string | undefined>>
  readonly from: Date | undefined
  readonly to: Date | undefined
  readonly source: string | undefined
  readonly database: string | undefined
  readonly fresh: boolean
  /** Where the workflow files are; the project's own by default. */
  readonly workflows: string
  readonly projectRoot: string
  readonly now: Date
  readonly cancelled: AbortSignal
  /** Where its progress is drawn over itself; plain lines are printed where there is none. */
  readonly screen: Screen | undefined
  /** Makes a site of what the replay left, and returns the file to open. */
  readonly publish: (sql: Sql, replayed: Replayed) => Promise<string>
}

/** What was replayed: `name` is its database's, and nobody else's. */
interface Replayed {
  readonly name: string
  /** Its last instant: "now" for whoever looks at it. */
  readonly to: Date
}

/** Runs the replay and prints it. Throws a JobFailure in one sentence when it cannot go on. */
export async function replay(options: ReplayOptions): Promise<void> {
  const found = await find(options)
  const catalog = await readCatalog(options.workflows, options.league.jobs)
  const plan = { found, catalog, calendar: options.league.calendar ?? plainCalendar }
  const name = nameOf(plan)
  await using store = await openStore(options, name)
  say(`${sayBeginning(plan)}\n`)
  const page = await run(options, { ...plan, name, url: store.url }).catch((error: unknown) => {
    throw isFromDatabase(error) ? explainDatabaseError(error, store.url) : error
  })
  say(`\nWhere it lies: ${store.place}\nLook at it: open ${page}`)
}

interface Plan {
  readonly found: FoundReplay
  readonly catalog: Catalog
  /** Its zone is that of the times that are told. */
  readonly calendar: Calendar
}

/** A database a question: other data, another window or another schedule is another replay, not the rest of this one. */
function nameOf({ found: { file, window, period }, catalog }: Plan): string {
  const question = JSON.stringify([file.hash, window, linesOf(catalog), catalog.jobs.map((job) => job.parents)])
  const key = createHash('sha256').update(question).digest('hex').slice(0, 8)
  return `replay_${period.key.toLowerCase().replaceAll('-', '_')}_${key}`
}

/** The variable by which jobs are told where the league's source is. */
export function addressOf({ id, sources }: League, { source }: Pick<LeagueReplay, 'source'>): string {
  const variable = sources.find(({ name }) => name === source)?.address
  if (variable !== undefined) return variable
  throw new ConfigFailure(`the replay of ${id} serves "${source}": expected one of the league's sources, with a variable for its address`) // prettier-ignore
}

function linesOf(catalog: Catalog): ScheduleLine[] {
  return catalog.jobs.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
}

async function run(options: ReplayOptions, plan: Plan & { name: string; url: string }): Promise<string> {
  const { found, catalog, calendar, name, url } = plan
  const { league, replayed, screen } = options
  const { window } = found
  const { zone, period } = calendar
  await using database = openDatabase(url, { max: 2 })
  await prepare(database.sql, { catalog, jobs: league.jobs, window })
  await using _lock = await lockReplay(url)
  await using server = await startSourceServer(found.file)
  const known = league.jobs.filter((job) => catalog.jobs.some((one) => one.id === job.id))
  const variable = addressOf(league, replayed)
  const display = createDisplay(
    known.map((job) => job.id),
    { zone, screen },
  )
  await drive({
    ...options,
    catalog,
    window,
    display,
    sql: database.sql,
    databaseUrl: url,
    addressAsOf: (at) => ({ [variable]: server.urlAsOf(at) }),
  })
  await settle(database.sql, league.jobs, window)
  say(`\n${await replayed.sayEnd(database.sql, found)}`)
  const account = sayAccount(await listSlotAccounts(database.sql, window), zone)
  say(`\nSlots of the ${period}, ${sayPlace(zone)} time\n${account}`)
  return await options.publish(database.sql, { name, to: window.to })
}

function sayBeginning({ found: { period, window, title, caveat }, calendar: { zone } }: Plan): string {
  const [from, to] = [sayInstant(window.from, zone), sayInstant(window.to, zone)]
  return `Matchday replays ${period.key}: ${from} to ${to}\nData: ${title}\n${caveat}`
}

/** What the league finds, up to another end where a person named one. */
async function find(options: ReplayOptions): Promise<FoundReplay> {
  const { cancelled: signal, to } = options
  const found = await options.replayed.find({ ...options, signal })
  const window = { from: found.window.from, to: to ?? found.window.to }
  if (window.from < window.to) return { ...found, window }
  throw new ConfigFailure(`--from ${window.from.toISOString()} is not before --to ${window.to.toISOString()}`)
}

interface Store extends AsyncDisposable {
  readonly url: string
  readonly place: string
}

/** The replay's own database: embedded, whatever DATABASE_URL says, unless a person named another. */
async function openStore(options: ReplayOptions, name: string): Promise<Store> {
  if (options.database !== undefined) {
    if (options.fresh)
      throw new ConfigFailure('--fresh drops only embedded databases: empty the one named by --database yourself')
    return {
      url: options.database,
      place: 'the database named by --database',
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
  const server = await joinEmbeddedPostgres({ projectRoot: options.projectRoot })
  if (options.fresh) await server.dropDatabase(name)
  await server.ensureDatabase(name)
  const place = `database ${name} of the embedded Postgres in ${server.directory}`
  return { url: server.urlOf(name), place, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

interface Scene {
  readonly catalog: Catalog
  readonly jobs: readonly AnyJob[]
  readonly window: Window
}

async function prepare(sql: Sql, { catalog, jobs, window }: Scene): Promise<void> {
  await migrate(sql, { environment: 'replay' })
  // A slot that is due at the very first instant belongs to the week, so its line begins just before.
  const at = new Date(window.from.getTime() - 1)
  await registerSchedules(sql, { lines: linesOf(catalog), needs: needsOf(jobs), commit: 'replay', at })
}

/** Two replays of one week would take each other's wake-ups; the second is told so. A transaction's lock, so that it goes
 *  with the process however that ends, and holds through a pooler, which lends a session for a transaction only. */
async function lockReplay(url: string): Promise<AsyncDisposable> {
  const database = openDatabase(url, { max: 1 })
  let letGo: () => void = () => undefined
  const over = new Promise<void>((resolve) => (letGo = resolve))
  const [locked, held] = await new Promise<[locked: boolean, held: Promise<void>]>((resolve, reject) => {
    const held = database.sql.begin(async (tx) => {
      await tx`set local idle_in_transaction_session_timeout = 0` // it waits for as long as the replay takes
      const [row] = await tx<{ locked: boolean }[]>`
        select pg_try_advisory_xact_lock(hashtext('matchday replay')) as locked
      `
      resolve([row?.locked === true, held])
      await over
    })
    held.catch(reject)
  })
  const unlock = async (): Promise<void> => {
    letGo()
    await held.catch(() => undefined) // a lock whose connection is lost is gone already
    await database[Symbol.asyncDispose]()
  }
  if (locked) return { [Symbol.asyncDispose]: unlock }
  await unlock()
  throw new ConfigFailure('another replay of this week is running: wait for its end, or stop it')
}

/** The account after the last instant: what was due, and what nobody came for. */
async function settle(sql: Sql, jobs: readonly AnyJob[], window: Window): Promise<void> {
  await writeSlotsDue(sql, jobs, window.to)
  await missExpiredSlots(sql, window.to)
}
