// A small world on a clock that the test moves: jobs with cron lines, a ledger of its own, and wake-ups that come when the
// test says so.

import type { AnyJob } from '../../src/core/job.ts'
import { isDefault, parseParams, type RawParams } from '../../src/core/params.ts'
import type { Trigger } from '../../src/core/run.ts'
import { needsOf, registerSchedules } from '../../src/ledger/schedules.ts'
import { explainDatabaseError, openDatabase, type Sql } from '../../src/lib/db.ts'
import { createLog } from '../../src/lib/log.ts'
import { createSecretRedactor } from '../../src/lib/secrets.ts'
import { runJob } from '../../src/runner/run-job.ts'
import type { RunReport, RunnerParts } from '../../src/runner/types.ts'
import { wakeUpOfFlags } from '../../src/runner/wake-up.ts'

import { anOrigin, at, say } from './builders.ts'
import { aDatabase } from './database.ts'

/** A job with its cron lines, in UTC. */
export interface Scheduled {
  readonly job: AnyJob
  readonly cron: readonly string[]
}

export interface World extends AsyncDisposable {
  readonly sql: Sql
  readonly url: string
  /** Every line that any run logged. */
  readonly log: string[]
  /** Wakes a job at an instant, as the schedule does unless told otherwise. */
  wake(job: AnyJob, when: string | Date, wish?: WakeWish): Promise<RunReport>
  /** `19 08:07 served` for each slot of a job, up to an instant. */
  slots(job: AnyJob, until?: string): Promise<string[]>
  /** The schedule becomes these lines. */
  schedule(lines: readonly Scheduled[], when: string | Date): Promise<void>
}

export interface WakeWish {
  readonly trigger?: Trigger
  readonly raw?: RawParams
  /** The id of the request that it answers. */
  readonly request?: string | undefined
  readonly parts?: Partial<RunnerParts>
}

/** A story that has to wait for what may be temporary says so. */
const IMPATIENT = { openForMs: 0, endForMs: () => 0 }

/** Opens a world whose schedule begins on Monday the 18th. */
export async function aWorld(...scheduled: Scheduled[]): Promise<World> {
  const database = await aDatabase()
  const { sql, url } = database
  const log: string[] = []
  const jobs = scheduled.map(({ job }) => job)
  const world: World = {
    sql,
    url,
    log,
    async wake(job, when, { trigger = 'schedule', raw = {}, request, parts = {} } = {}) {
      await using lake = openDatabase(url, { max: 2 })
      const wakeUp = wakeUpOfFlags(trigger, raw, request)
      const call = { wakeUp, params: parseParams(job, raw), defaultParams: isDefault(job, raw) }
      const own = { ledger: sql, lake: lake.sql, closeLake: () => lake.sql.end({ timeout: 0 }), jobs }
      const rhythm = { ...IMPATIENT, ...parts.rhythm }
      return await runJob(job, call, { ...own, ...someParts({ url, when, log }), ...parts, rhythm })
    },
    async slots(job, until = '30 23:59') {
      const rows = await sql<{ due_at: Date; state: string }[]>`
        select due_at, state from ledger.slots where job = ${job.id} and due_at <= ${at(until)} order by due_at
      `
      return rows.map((row) => `${say(row.due_at)} ${row.state}`)
    },
    async schedule(lines, when) {
      const all = lines.flatMap(({ job, cron }) => cron.map((line) => ({ job: job.id, cron: line, zone: 'UTC' })))
      await registerSchedules(sql, {
        lines: all,
        needs: needsOf(lines.map(({ job }) => job)),
        commit: 'c0ffee',
        at: instantOf(when),
      })
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
  await world.schedule(scheduled, '18 00:00')
  return world
}

const instantOf = (when: string | Date) => (typeof when === 'string' ? at(when) : when)

function someParts({ url, when, log }: { url: string; when: string | Date; log: string[] }) {
  const redact = createSecretRedactor({ DATABASE_URL: url })
  return {
    environment: 'test',
    origin: anOrigin(),
    now: instantOf(when),
    log: createLog({ write: (line) => log.push(line), now: () => instantOf(when), format: 'text', redact }),
    redact,
    explain: (error: unknown) => explainDatabaseError(error, url),
    sourceUrls: {},
    sourceKeys: {},
    wait: () => Promise.resolve(),
    cancelled: new AbortController().signal,
  }
}
