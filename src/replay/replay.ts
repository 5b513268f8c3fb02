// A replay from beginning to end: data, database, schedule, the drive, and the account that is left.

import { createHash } from 'node:crypto'

import { ConfigFailure } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import { aWeek, type Week } from '../core/period.ts'
import { sayInstant } from '../core/words.ts'
import { nflWeekAt } from '../leagues/nfl/calendar.ts'
import { listCard } from '../leagues/nfl/lake/card.ts'
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
import { sayAccount, sayCard } from './ending.ts'
import { windowOfWeek, type Window } from './plan.ts'
import { startSourceServer } from './source-server.ts'
import { findSource, type CompleteWeek, type FoundSource } from './source.ts'

const ZONE = 'America/New_York'

export interface ReplayOptions {
  readonly season: number | undefined
  readonly week: number | undefined
  readonly from: Date | undefined
  readonly to: Date | undefined
  readonly source: string | undefined
  readonly database: string | undefined
  readonly fresh: boolean
  /** Where the workflow files are; the project's own by default. */
  readonly workflows: string
  readonly projectRoot: string
  readonly jobs: readonly AnyJob[]
  readonly now: Date
  readonly cancelled: AbortSignal
  /** Where its progress is drawn over itself; plain lines are printed where there is none. */
  readonly screen: Screen | undefined
  /** Makes a site of what the replay left, and returns the file to open. */
  readonly publish: (sql: Sql, week: ReplayedWeek) => Promise<string>
}

/** What was replayed: `name` is its database's, and nobody else's. */
export interface ReplayedWeek {
  readonly name: string
  /** Its last instant: "now" for whoever looks at it. */
  readonly to: Date
}

/** Runs the replay and prints it. Throws a JobFailure in one sentence when it cannot go on. */
export async function replay(options: ReplayOptions): Promise<void> {
  const source = await findSource({
    named: options.source,
    projectRoot: options.projectRoot,
    signal: options.cancelled,
    now: options.now,
  })
  const catalog = await readCatalog(options.workflows, options.jobs)
  const { week, window } = choose(options, source)
  const name = nameOf({ source, catalog, week, window })
  await using store = await openStore(options, name)
  say(`${sayBeginning(week, window, source)}\n`)
  const page = await runWeek(options, { source, catalog, week, window, name, url: store.url }).catch(
    (error: unknown) => {
      throw isFromDatabase(error) ? explainDatabaseError(error, store.url) : error
    },
  )
  say(`\nWhere it lies: ${store.place}\nLook at it: open ${page}`)
}

interface Plan {
  readonly source: FoundSource
  readonly catalog: Catalog
  readonly week: Week
  readonly window: Window
}

/** A database a question: other data, another window or another schedule is another replay, not the rest of this one. */
function nameOf({ source, catalog, week, window }: Plan): string {
  const question = JSON.stringify([source.hash, window, linesOf(catalog), catalog.jobs.map((job) => job.parents)])
  const key = createHash('sha256').update(question).digest('hex').slice(0, 8)
  return `replay_${week.season}_w${week.week}_${key}`
}

function linesOf(catalog: Catalog): ScheduleLine[] {
  return catalog.jobs.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
}

async function runWeek(options: ReplayOptions, plan: Plan & { name: string; url: string }): Promise<string> {
  const { source, catalog, week, window, name, url } = plan
  await using database = openDatabase(url, { max: 2 })
  await prepare(database.sql, { catalog, jobs: options.jobs, window })
  await using _lock = await lockReplay(url)
  await using server = await startSourceServer(source)
  const known = options.jobs.filter((job) => catalog.jobs.some((one) => one.id === job.id))
  const display = createDisplay(
    known.map((job) => job.id),
    options.screen,
  )
  await drive({
    ...options,
    catalog,
    window,
    display,
    sql: database.sql,
    databaseUrl: url,
    urlAsOf: server.urlAsOf,
  })
  await settle(database.sql, options.jobs, window)
  await tell(database.sql, { week, window, source })
  return await options.publish(database.sql, { name, to: window.to })
}

function sayBeginning(week: Week, window: Window, source: FoundSource): string {
  const [from, to] = [sayInstant(window.from, ZONE), sayInstant(window.to, ZONE)]
  const lines = source.simulated
    ? 'Everything below is simulated: no such games were played.'
    : 'Betting lines: nflverse keeps only the last line of a game, so this replay sees closing lines early.'
  return `Matchday replays ${week.key}: ${from} to ${to}\nData: ${source.title}\n${lines}`
}

function choose(options: ReplayOptions, source: FoundSource): { week: Week; window: Window } {
  const whole = options.from ? weekFrom(options.from) : wholeWeek(findWeek(options, source))
  const window = { from: whole.window.from, to: options.to ?? whole.window.to }
  if (window.from < window.to) return { week: whole.week, window }
  throw new ConfigFailure(`--from ${window.from.toISOString()} is not before --to ${window.to.toISOString()}`)
}

/** Seven days from an instant; on a Tuesday that is the week whose games are still to come. */
function weekFrom(from: Date): { week: Week; window: Window } {
  const after = (days: number) => new Date(from.getTime() + days * 86_400_000)
  return { week: nflWeekAt(after(2)), window: { from, to: after(7) } }
}

function wholeWeek({ week, firstGameDay }: CompleteWeek): { week: Week; window: Window } {
  return { week, window: windowOfWeek(firstGameDay) }
}

function findWeek({ season, week }: ReplayOptions, source: FoundSource): CompleteWeek {
  if (season === undefined && week !== undefined)
    throw new ConfigFailure('--week needs --season, such as --season 2024 --week 12')
  const wanted = source.completeWeeks.filter(
    (one) => (season === undefined || one.week.season === season) && (week === undefined || one.week.week === week),
  )
  const last = wanted.at(-1)
  if (last) return last
  const key = season !== undefined && week !== undefined ? aWeek(season, week).key : String(season ?? 'the last week')
  const [oldest, newest] = [source.completeWeeks[0]?.week.key, source.completeWeeks.at(-1)?.week.key]
  throw new ConfigFailure(
    `${key} cannot be replayed: expected a week whose games all have results, and this data has those of ${oldest ?? 'none'} to ${newest ?? 'none'}`,
  )
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

async function tell(
  sql: Sql,
  { week, window, source }: { week: Week; window: Window; source: FoundSource },
): Promise<void> {
  const label = source.simulated ? ' (SIMULATED: no such games were played)' : ''
  say(`\nPredictions of ${week.key} beside the results${label}, New York time\n${sayCard(await listCard(sql, week))}`)
  say(`\nSlots of the week, New York time\n${sayAccount(await listSlotAccounts(sql, window))}`)
}
