// Runs `npm start`'s script as a person would, and reads what it left behind.

import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { PROJECT_ROOT } from './test-server.ts'

export interface ReplayEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The embedded database it named at its end; empty if it did not get there. */
  readonly database: string
}

export interface RunningReplay {
  readonly process: ChildProcess
  readonly ended: Promise<ReplayEnd>
}

/** Starts a replay; `mark` is put into its environment, so that everything it starts can be found by it. */
export function startReplay(args: readonly string[], mark = ''): RunningReplay {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/replay.ts', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, REPLAY_TEST_MARK: mark, NODE_TEST_CONTEXT: undefined },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<ReplayEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const database = /Where it lies: database (\S+)/.exec(stdout)?.[1] ?? ''
      resolve({ code, stdout, stderr, database })
    })
  })
  return { process: child, ended }
}

/** Runs a replay to its end. */
export async function runReplay(args: readonly string[]): Promise<ReplayEnd> {
  return await startReplay(args).ended
}

/** The job processes that a replay runs at this moment. */
export function jobsOf(mark: string): number[] {
  return processesMarked(mark).filter((pid) => /scripts\/nfl\//.test(commandOf(pid)))
}

/** Every living process that was started, directly or not, with this mark. */
export function processesMarked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProc(pid, 'environ').includes(`REPLAY_TEST_MARK=${mark}\0`))
}

const commandOf = (pid: number) => readProc(pid, 'cmdline').replaceAll('\0', ' ')

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // it ended between the listing and the look
  }
}

/** Opens a replay's database for reading after its end. */
export async function withReplayDatabase<T>(name: string, read: (sql: Sql) => Promise<T>): Promise<T> {
  await using server = await joinEmbeddedPostgres({ projectRoot: PROJECT_ROOT })
  await using database = openDatabase(server.urlOf(name), { max: 1 })
  return await read(database.sql)
}

/** What differs between two runs of the same week by nature: ids of runs, and when a row was landed. */
const BY_NATURE = ['run_id', 'landed_at', 'updated_at', 'recorded_at', 'fitted_at', 'id']

/** A hash per lake table, over all rows but for run ids and landing times. */
export async function readLake(sql: Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('bronze', 'silver', 'features', 'models', 'predictions') and table_type = 'BASE TABLE'
    order by 1
  `
  const lake: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(
      `select (to_jsonb(t) - $1::text[])::text as row from ${name} t order by 1`,
      [BY_NATURE],
    )
    lake[name] = `${rows.length} rows ${hashOf(rows.map((one) => one.row).join('\n'))}`
  }
  return lake
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

export interface SlotEnd {
  readonly slot: string
  readonly state: string
  readonly outcome: string | null
  readonly servings: number
}

/** Every slot that was due before an instant: (job, due_at), how it ended, and how many runs served it. */
export async function readSlots(sql: Sql, before: Date): Promise<SlotEnd[]> {
  return await sql<SlotEnd[]>`
    select s.job || ' ' || to_char(s.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') as slot, s.state, s.outcome, (
        select count(*)::integer from ledger.runs r
        where r.job = s.job and r.slot_due_at = s.due_at and r.outcome in ('succeeded', 'partial')
      ) as servings
    from ledger.slots s
    where s.due_at < ${before}
    order by s.due_at, s.job
  `
}

/** The frozen predictions of a replay, without what differs by nature. */
export async function readPredictions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select (to_jsonb(p) - 'run_id' - 'recorded_at')::text as row from predictions.games p order by 1
  `
  return rows.map((one) => one.row)
}
