// Lets virtual weeks pass in real processes: every tick starts its job's door, sometimes two that race, with passes of
// ops-watch beside and after them, until all that was due is accounted for.

import { setTimeout as wait } from 'node:timers/promises'

import type { Random } from '../../src/lib/random.ts'
import { DOUBTFUL_SECONDS } from '../../src/reconcile/silent.ts'
import type { WakeUpEvent } from '../../src/replay/plan.ts'

import { runProcess, type Ended } from './processes.ts'
import type { Season } from './season.ts'
import type { ChaosServer } from './server.ts'

const MINUTE = 60_000
/** Real time between two passes that wait for the same thing: a fault of seconds must not cost hours of the virtual day. */
const BREATH_MS = 2_000
/** Its own line comes every hour, and GitHub drops every second one. */
const CLOCK_MS = 2 * 60 * MINUTE
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

/** Passes of ops-watch while anything that was due is not accounted for. */
export async function settle(course: Course, { from, before }: { from: Date; before: Date }): Promise<void> {
  let now = from
  for (let look = await lookAt(course, now); look.open; look = await lookAt(course, now)) {
    now = nextPassAt(now, look, course.random.below(25))
    if (now >= before) return
    await startPass(course, now)
    await wait(BREATH_MS)
  }
}

/** When the next pass comes: in half an hour or so, or when the last one wants it, but no later than by ops-watch's own clock. */
export function nextPassAt(now: Date, { nextAt, deadYetTrusted }: Omit<Look, 'open'>, moreMinutes: number): Date {
  if (deadYetTrusted) return new Date(now.getTime() + 2 * MINUTE)
  const soon = now.getTime() + (20 + moreMinutes) * MINUTE
  const wanted = Math.max(soon, nextAt?.getTime() ?? soon)
  return new Date(Math.min(wanted, now.getTime() + CLOCK_MS))
}

export interface Look {
  /** Is anything that was due not accounted for, as far as anybody can say? */
  readonly open: boolean
  /** When the last pass foresaw something to do. */
  readonly nextAt: Date | undefined
  /** Is a killed pass's lease, or a killed run's silence, still too young to be taken over? Both are told by the real clock: two
   *  real minutes must not become a virtual day. */
  readonly deadYetTrusted: boolean
}

async function lookAt({ server, database }: Course, now: Date): Promise<Look> {
  try {
    return await server.asAdmin(async (sql) => {
      const open = await sql`select 1 from ledger.slots where state in ('due', 'running') and due_at <= ${now} limit 1`
      const [watch] = await sql<{ next: Date | null; trusted: boolean }[]>`
        select next_action_at as next, coalesce(lease_until > clock_timestamp(), false) or exists (
          select 1 from ledger.runs
          where outcome = 'running' and heartbeat_at > clock_timestamp() - make_interval(secs => ${DOUBTFUL_SECONDS})
        ) as trusted
        from ledger.watch
      `
      return { open: open.length > 0, nextAt: watch?.next ?? undefined, deadYetTrusted: watch?.trusted ?? false }
    }, database)
  } catch {
    return { open: true, nextAt: undefined, deadYetTrusted: false } // the server is away: nobody can say that all is done
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
