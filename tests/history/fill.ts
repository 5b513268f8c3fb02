// Fills a migrated database with a plausible history: years of the real schedule, and beyond them as many runs as wished.
// The same seed, number and instant give the same history.

import { existsSync } from 'node:fs'

import { jobs, leagues } from '../../src/leagues/index.ts'
import { nflWeekAt } from '../../src/leagues/nfl/calendar.ts'
import type { Sql } from '../../src/lib/db.ts'
import { MARKETS, MODEL_VERSION } from '../../src/models/markets/markets.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

import { after, DAY, HOUR, openBook, type Book } from './book.ts'
import { writeBulk } from './bulk.ts'
import { createChance } from './chance.ts'
import { insertRows } from './insert.ts'
import { playGames, toFileRows, toSilverRows, type Lake } from './lake.ts'
import { predictGames } from './predictions.ts'
import { writePresent, type Failing } from './present.ts'
import { writeTroubles } from './troubles.ts'
import { writeWatch } from './watch.ts'
import { writeYears } from './years.ts'

export interface HistoryWish {
  /** About so many runs; never fewer than some weeks of the real schedule make. */
  readonly runs: number
  readonly seed: number
  readonly now: Date
  /** How many years of the real schedule; what they lack of the runs is made by five-minute jobs. By default as many as the
   *  runs ask for, at most six. */
  readonly years?: number
}

/** What the real schedule makes in a year, wake-ups that find nothing to do included. */
const RUNS_A_YEAR = 880
const LONGEST_YEARS = 6

/** Returns how many runs there are. */
export async function fillHistory(sql: Sql, { runs, seed, now, years: asked }: HistoryWish): Promise<number> {
  const chance = createChance(seed)
  const book = openBook(chance, now)
  const years = asked ?? Math.min(LONGEST_YEARS, Math.max(0.15, runs / RUNS_A_YEAR))
  const from = after(now, -Math.round(years * 365) * DAY)
  const lake = playGames(book, { seed, firstSeason: nflWeekAt(from).season })
  const catalog = await readCatalog(PROJECT_ROOT, jobs)
  writeYears(book, { from, jobs, catalog, seasons: lake.seasons })
  const failing = writePresent(book)
  await insertBook(sql, book)
  await insertTroubles(sql, book, failing)
  await insertWatch(sql, book, catalog.jobs.map(({ file }) => file)) // prettier-ignore
  await insertLake(sql, book, lake)
  await forget(sql, now)
  await renameOne(sql, now)
  const rest = runs - (await countRuns(sql))
  if (rest > 1_000) await writeBulk(sql, { runs: rest, now, seed })
  await analyze(sql)
  return await countRuns(sql)
}

async function insertBook(sql: Sql, book: Book): Promise<void> {
  await insertRows(sql, 'ledger.schedules', book.schedules)
  await insertRows(sql, 'ledger.runs', book.runs)
  await insertRows(sql, 'ledger.slots', book.slots)
  await insertRows(sql, 'ledger.spans', book.spans)
  await insertRows(sql, 'ledger.items', book.items)
  // One letter of a job, kind, key and code is open at a time.
  const letters = new Map(book.letters.map((letter) => [letter['closed_at'] ? letter : `${String(letter['job'])} ${String(letter['kind'])} ${String(letter['key'])} ${String(letter['code'])}`, letter])) // prettier-ignore
  await insertRows(sql, 'ledger.dead_letters', [...letters.values()])
  await insertRows(sql, 'ledger.requests', book.requests)
}

async function insertTroubles(sql: Sql, book: Book, failing: Failing | undefined): Promise<void> {
  const troubles = writeTroubles(book, failing)
  await insertRows(sql, 'ledger.incidents', troubles.incidents)
  await insertRows(sql, 'ledger.flips', troubles.flips)
  await insertRows(sql, 'ledger.deliveries', troubles.deliveries)
  await insertRows(sql, 'ledger.breakers', troubles.breakers)
  await insertRows(sql, 'ledger.overrides', troubles.overrides)
  const asked = { kind: 'rescue', reason: 'its slot is overdue: no wake-up served it', next_try_at: book.now, created_at: after(book.now, -HOUR), actor: null, note: null } // prettier-ignore
  await insertRows(sql, 'ledger.requests', [
    { job: failing?.job ?? 'ops/cleanup', ...asked, state: 'sent', sent_at: after(book.now, -HOUR / 2), tries: 1 },
    { job: 'nfl/silver', ...asked, kind: 'manual', state: 'dropped', sent_at: null, tries: 5, actor: 'ann', note: 'GitHub answered 422' }, // prettier-ignore
  ])
}

async function insertWatch(sql: Sql, book: Book, files: readonly string[]): Promise<void> {
  const { now } = book
  const watch = writeWatch(book, files)
  await insertRows(sql, 'ledger.passes', watch.passes)
  await insertRows(sql, 'ledger.wake_up_gaps', watch.gaps)
  await insertRows(sql, 'ledger.ghosts', watch.ghosts)
  await insertRows(sql, 'ledger.workflow_states', watch.states)
  const stages = ['nfl/bronze', 'nfl/silver', 'fantasy/import']
  await insertRows(sql, 'ledger.watermarks', stages.map((stage, i) => ({ stage, key: 'week', value: `2026-W${10 + i}`, updated_at: after(now, -i * DAY) }))) // prettier-ignore
  await sql`
    update ledger.watch set looked_at = ${after(now, -4 * 60_000)}, next_action_at = ${after(now, 12 * 60_000)},
      listed_at = ${after(now, -HOUR)}, listed_until = ${after(now, -HOUR)}, states_at = ${after(now, -HOUR)},
      last_commit_at = ${after(now, -2 * DAY)}
  `
}

async function insertLake(sql: Sql, book: Book, lake: Lake): Promise<void> {
  await insertRows(sql, 'bronze.files', toFileRows(book))
  await insertRows(sql, 'silver.nfl_games', toSilverRows(book, lake.games))
  await insertWhatPagesCount(sql)
  const { predictions, grades } = predictGames(book, lake.games)
  await insertRows(sql, 'predictions.games', predictions)
  await insertRows(sql, 'predictions.grades', grades)
  for (const { id } of leagues) await fillLeague(id, sql, book, lake.games)
  const runId = book.chance.uuid()
  const seasonal = leagues.filter(({ jobs }) => jobs.some((job) => job.seasonal))
  const seasons = lake.seasons.flatMap((season) => seasonal.map(({ id }) => ({ league: id, season: season.season, opens_at: season.opensAt, closes_at: season.closesAt, run_id: runId }))) // prettier-ignore
  await insertRows(sql, 'ledger.seasons', seasons)
}

interface LeagueHistory {
  fillLeague(sql: Sql, book: Book, games: Lake['games']): Promise<void>
}

/** What a league's own tests say of its tables, where they do: tests/leagues/fantasy/history.ts. */
async function fillLeague(id: string, sql: Sql, book: Book, games: Lake['games']): Promise<void> {
  const file = new URL(`../leagues/${id}/history.ts`, import.meta.url)
  if (!existsSync(file)) return
  await ((await import(file.href)) as LeagueHistory).fillLeague(sql, book, games)
}

/** Tables of which pages say only how much is in them and how new it is. */
async function insertWhatPagesCount(sql: Sql): Promise<void> {
  await sql`
    insert into bronze.nfl_games (game_id, revision, cells, fingerprint, as_of, run_id, simulated)
    select game_id, 1, '{}', fingerprint, as_of, run_id, false from silver.nfl_games
  `
  await sql`
    insert into features.nfl_games (game_id, market, season, week, values, known_until, fingerprint, run_id, simulated)
    select game_id, market, season, week, '{}', kickoff_at, fingerprint, run_id, false
    from silver.nfl_games, unnest(${[...MARKETS]}::text[]) market
    where kickoff_at < as_of + interval '7 days'
  `
  await sql`
    insert into models.nfl_fits (market, season, week, model_version, parameters, scores, games, data_as_of, run_id, simulated)
    select market, season, week, ${MODEL_VERSION}, '{}', '{}', 0, min(kickoff_at) - interval '1 day', gen_random_uuid(), false
    from silver.nfl_games, unnest(${[...MARKETS]}::text[]) market
    where kickoff_at < as_of + interval '7 days' group by market, season, week
  `
}

/** Retention has been at work, as ops/cleanup does it: most slots name a run that is gone. */
async function forget(sql: Sql, now: Date): Promise<void> {
  await sql`
    delete from ledger.runs
    where outcome in ('succeeded', 'not_ready', 'gated') and started_at < ${after(now, -14 * DAY)}
  `
}

async function countRuns(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from ledger.runs`
  return row!.count
}

/** Forty days ago a job got another name: of the old one there is a past, and no page. */
async function renameOne(sql: Sql, now: Date): Promise<void> {
  const [from, to, at] = ['ops/tidy', 'ops/cleanup', after(now, -40 * DAY)]
  const [line] = await sql<{ id: string }[]>`
    insert into ledger.schedules (job, cron, zone, valid_from, valid_to, commit)
    select ${from}, cron, zone, valid_from, ${at}, commit from ledger.schedules where job = ${to} and valid_from < ${at}
    order by valid_from limit 1 returning id
  `
  if (!line) return
  await sql`update ledger.slots set job = ${from}, schedule_id = ${line.id} where job = ${to} and due_at < ${at}`
  await sql`update ledger.runs set job = ${from} where job = ${to} and coalesce(slot_due_at, started_at) < ${at}`
  await sql`update ledger.dead_letters set job = ${from} where job = ${to} and failed_at < ${at}`
  await sql`update ledger.incidents set subject = ${from} where subject = ${to} and opened_at < ${at}`
}

async function analyze(sql: Sql): Promise<void> {
  const tables = 'runs slots spans items dead_letters schedules requests incidents flips deliveries passes wake_up_gaps'
  for (const table of tables.split(' ')) await sql.unsafe(`vacuum analyze ledger.${table}`)
  for (const table of ['silver.nfl_games', 'predictions.games', 'predictions.grades'])
    await sql.unsafe(`vacuum analyze ${table}`)
}
