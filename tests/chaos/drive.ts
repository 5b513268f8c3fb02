// Lets virtual weeks pass in real processes: every tick starts its job's door, sometimes two that race, with passes of
// ops-watch beside and after them, until all that was due is accounted for.

import { setTimeout as wait } from 'node:timers/promises'

import type { Random } from '../../src/lib/random.ts'
import type { WakeUpEvent } from '../../src/replay/plan.ts'

import { runProcess, type Ended } from './processes.ts'
import type { Season } from './season.ts'
import type { ChaosServer } from './server.ts'

const MINUTE = 60_000
/** Real time between two passes that wait for the same thing: a fault of seconds must not cost hours of the virtual day. */
const BREATH_MS = 2_000
const STEPPED_CLOCK = './tests/chaos/stepped-clock.ts'

export interface Course {
  readonly season: Season
  readonly server: ChaosServer
  readonly database: string
  /** The ways to the database; a process takes one by chance. */
  readonly routes: readonly string[]
  readonly random: Random
  readonly mark: string
  readonly onEnd: (ended: Ended) => void
  readonly say: (line: string) => void
}

/** Every tick of a week with whatever chance adds: races, passes, clocks that are wrong, wake-ups by chain that do not come. */
export async function wildWeek(course: Course, week: number): Promise<void> {
  const { season, random } = course
  const ticks = season.ticksOf(week)
  for (const [i, tick] of ticks.entries()) {
    const next = ticks[i + 1]?.at ?? new Date(tick.at.getTime() + 12 * 60 * MINUTE)
    const wakeUps = [tick, ...(random.unit() < 0.35 ? [tick] : [])]
    const doors = wakeUps.map((event) => startDoor(course, event, random.unit() < 0.1 ? wrongBy(random) : 0))
    const passes = random.unit() < 0.3 ? [startPass(course, tick.at)] : []
    await Promise.all([...doors, ...passes])
    if (random.unit() < 0.7) await Promise.all(season.wokenBy(tick).map((event) => startDoor(course, event)))
    await settle(course, { from: tick.at, before: next })
  }
}

/** Every tick of a week and what it wakes, one after another; passes only where something is still open. */
export async function calmWeek(course: Course, week: number): Promise<void> {
  const ticks = course.season.ticksOf(week)
  for (const [i, tick] of ticks.entries()) {
    await startDoor(course, tick)
    for (const event of course.season.wokenBy(tick)) await startDoor(course, event)
    await settle(course, { from: tick.at, before: ticks[i + 1]?.at ?? new Date(tick.at.getTime() + 12 * 60 * MINUTE) })
  }
}

/** Passes of ops-watch while anything that was due is not accounted for: every half hour, or when the last pass wants the next. */
export async function settle(course: Course, { from, before }: { from: Date; before: Date }): Promise<void> {
  let now = from
  for (let look = await lookAt(course, now); look.open; look = await lookAt(course, now)) {
    // A pass that was killed keeps its lease for two real minutes, which must not become half a virtual day.
    const minutes = look.held ? 2 : 20 + course.random.below(25)
    const soon = now.getTime() + minutes * MINUTE
    now = new Date(look.held ? soon : Math.max(soon, look.nextAt?.getTime() ?? soon))
    if (now >= before) return
    await startPass(course, now)
    await wait(BREATH_MS)
  }
}

interface Look {
  /** Is anything that was due not accounted for, as far as anybody can say? */
  readonly open: boolean
  /** When the last pass foresaw something to do. */
  readonly nextAt: Date | undefined
  /** Does a pass hold the lease, though none is at work any more? */
  readonly held: boolean
}

async function lookAt({ server, database }: Course, now: Date): Promise<Look> {
  try {
    return await server.asAdmin(async (sql) => {
      const open = await sql`select 1 from ledger.slots where state in ('due', 'running') and due_at <= ${now} limit 1`
      const [watch] = await sql<{ next: Date | null; held: boolean }[]>`
        select next_action_at as next, coalesce(lease_until > clock_timestamp(), false) as held from ledger.watch
      `
      return { open: open.length > 0, nextAt: watch?.next ?? undefined, held: watch?.held ?? false }
    }, database)
  } catch {
    return { open: true, nextAt: undefined, held: false } // the server is away: nobody can say that all is done
  }
}

function startDoor(course: Course, event: WakeUpEvent, wrongMinutes = 0): Promise<void> {
  const at = new Date(event.at.getTime() + wrongMinutes * MINUTE)
  return start(course, { script: event.job, args: ['--trigger', event.trigger], at })
}

function startPass(course: Course, at: Date): Promise<void> {
  return start(course, { script: 'ops/watch', args: [], at })
}

async function start(course: Course, what: { script: string; args: readonly string[]; at: Date }): Promise<void> {
  const { season, routes, random, mark } = course
  const databaseUrl = routes[random.below(routes.length)] ?? ''
  const preload = routes.length > 1 && random.unit() < 0.15 ? [STEPPED_CLOCK] : []
  const ended = await runProcess({ ...what, databaseUrl, nflverseUrl: season.urlAsOf(what.at), preload }, mark)
  course.onEnd(ended)
  course.say(`${what.at.toISOString().slice(0, 16)} ${what.script.padEnd(14)} ${sayEnd(ended)}`)
}

/** Minutes by which the clock of a database that took over differs: it may be behind by more than it may be ahead. */
function wrongBy(random: Random): number {
  return random.unit() < 0.5 ? -random.below(60) : random.below(10)
}

function sayEnd({ code, signal, lines }: Ended): string {
  const last = lines.findLast((line) => line.trim() !== '') ?? ''
  return `${signal ?? `exit ${code}`}  ${last.trim().slice(0, 110)}`
}
