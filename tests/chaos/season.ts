// What the processes of a chaos run live in: the NFL's real workflows on a virtual clock, and a simulated league behind a real
// HTTP server that answers as of any instant.

import { createHash } from 'node:crypto'

import { jobs } from '../../src/leagues/index.ts'
import { asOf } from '../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import type { ScheduleLine } from '../../src/ledger/schedules.ts'
import { ticksIn, wokenBy, type WakeUpEvent } from '../../src/replay/plan.ts'
import { startSourceServer, type SourceServer } from '../../src/replay/source-server.ts'
import { readCatalog, type Catalog } from '../../src/schedule/catalog.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const DAY = 86_400_000
/** A Tuesday in September, an hour before nfl/bronze is due. */
const OPENS = new Date('2025-09-16T11:07:00Z')
/** Beyond the longest run; nothing is shown before its time. */
const LAST = new Date('2026-12-29T12:00:00Z')
const FIRST_SEASON = 2023

export interface Season extends AsyncDisposable {
  readonly lines: readonly ScheduleLine[]
  urlAsOf(at: Date): string
  /** When a week begins; the schedule begins with the first. */
  opensIn(week: number): Date
  lastTickOf(week: number): Date
  /** The ticks of a week, counted from 0, in time order. */
  ticksOf(week: number): WakeUpEvent[]
  /** What the end of a job wakes. */
  wokenBy(event: WakeUpEvent): WakeUpEvent[]
}

/** The same league for the same seed. */
export async function aSeason(seed: number): Promise<Season> {
  const text = simulateGames({ seed, now: LAST, firstSeason: FIRST_SEASON })
  const hash = createHash('sha256').update(text).digest('hex')
  const source: SourceServer = await startSourceServer({
    name: 'games.csv',
    hash,
    simulated: true,
    textAsOf: (at) => asOf(text, at),
  })
  const whole = await readCatalog(PROJECT_ROOT, jobs)
  const catalog: Catalog = { jobs: whole.jobs.filter(({ id }) => id.startsWith('nfl/')) }
  const opensIn = (week: number) => new Date(OPENS.getTime() + week * 7 * DAY)
  const ticksOf = (week: number) => ticksIn(catalog, { from: opensIn(week), to: opensIn(week + 1) })
  return {
    lines: catalog.jobs.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone }))),
    urlAsOf: source.urlAsOf,
    opensIn,
    ticksOf,
    lastTickOf: (week) => ticksOf(week).at(-1)?.at ?? opensIn(week),
    wokenBy: (event) => wokenBy(catalog, event),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  }
}
