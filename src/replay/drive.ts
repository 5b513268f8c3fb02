// Drives a replay: pops the next wake-up in virtual time, runs its job as a child, and queues what its end wakes.
// The ledger says what is done already, so a replay that was killed anywhere goes on where it stopped.

import type { ChildProcess } from 'node:child_process'

import type { Sql } from 'postgres'

import { LedgerFailure } from '../core/errors.ts'
import type { Window } from '../core/league-replay.ts'
import type { Catalog } from '../schedule/catalog.ts'
import { isAliveHere, ownIdentity } from '../lib/process-identity.ts'
import { findDoneRun, listAllHolders, type DoneRun } from '../ledger/replay.ts'
import { runChild, type ChildEnd } from './child.ts'
import { inOrder, ticksIn, wokenBy, type WakeUpEvent } from './plan.ts'

/** A child killed from outside is started again; one that dies this often by itself has a cause. */
const TRIES = 5

export interface DriveParts {
  readonly catalog: Catalog
  readonly window: Window
  readonly sql: Sql
  readonly projectRoot: string
  readonly databaseUrl: string
  /** Where the source answers as of an instant, by the variable that names its address. */
  readonly addressAsOf: (at: Date) => Readonly<Record<string, string>>
  readonly display: Display
  readonly cancelled: AbortSignal
}

/** Who is told how far the replay has come. */
export interface Display {
  begin(event: WakeUpEvent, place: { number: number; of: number }): void
  line(event: WakeUpEvent, line: string): void
  end(event: WakeUpEvent, run: DoneRun, facts: { wasDone: boolean }): void
}

/** Runs every wake-up of the window. Throws LedgerFailure when a job's process keeps dying. */
export async function drive(parts: DriveParts): Promise<void> {
  await endLeftOvers(parts.sql)
  const queue = ticksIn(parts.catalog, parts.window)
  for (let number = 1; ; number += 1) {
    const event = queue.shift()
    if (event === undefined) return
    parts.cancelled.throwIfAborted()
    parts.display.begin(event, { number, of: number + queue.length })
    await runOnce(event, parts)
    const woken = wokenBy(parts.catalog, event).filter((next) => next.at < parts.window.to)
    queue.push(...woken)
    queue.sort(inOrder)
  }
}

/** Children end with their parent, but one that was deep in a statement may outlive it by a moment, and would then meet
 *  its successor. Its run is given back by the next door. */
async function endLeftOvers(sql: Sql): Promise<void> {
  const own = ownIdentity()
  for (const holder of await listAllHolders(sql)) {
    if (isAliveHere(holder, own) === true) killNow(holder.pid)
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // gone by itself meanwhile is as good
  }
}

async function runOnce(event: WakeUpEvent, parts: DriveParts): Promise<void> {
  const done = await findDoneRun(parts.sql, event)
  if (done) return parts.display.end(event, done, { wasDone: true })
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const end = await startChild(event, parts)
    parts.cancelled.throwIfAborted()
    const run = await findDoneRun(parts.sql, event)
    if (run) return parts.display.end(event, run, { wasDone: false })
    if (end.signal === null) throw diedAlone(event, end)
  }
  throw new LedgerFailure(`${event.job} at ${event.at.toISOString()} was killed ${TRIES} times in a row`)
}

async function startChild(event: WakeUpEvent, parts: DriveParts): Promise<ChildEnd> {
  let child: ChildProcess | undefined
  const pass = () => child?.kill('SIGTERM')
  parts.cancelled.addEventListener('abort', pass)
  try {
    return await runChild(event, {
      projectRoot: parts.projectRoot,
      databaseUrl: parts.databaseUrl,
      address: parts.addressAsOf(event.at),
      onLine: (line) => parts.display.line(event, line),
      onStart: (started) => {
        child = started
      },
    })
  } finally {
    parts.cancelled.removeEventListener('abort', pass)
  }
}

function diedAlone(event: WakeUpEvent, end: ChildEnd): LedgerFailure {
  const output = end.output.slice(-12).join('\n  ')
  return new LedgerFailure(
    `${event.job} at ${event.at.toISOString()} ended with exit code ${end.code ?? 'none'} and left no run in the ledger. Its last words:\n  ${output}`,
    { retryable: false },
  )
}
