// A repository's worth of jobs like the real ones, with their graces and deadlines, in UTC: and what goes wrong with them.
// All by seed: a run fails, finds nothing yet, leaves failed items, hangs, or loses its runner.

import { DataFailure, SourceFailure } from '../../src/core/errors.ts'
import type { AnyJob, JobContext, JobReturn } from '../../src/core/job.ts'
import type { Period } from '../../src/core/period.ts'
import { createRandom, type Random } from '../../src/lib/random.ts'
import { aDay, aJob } from '../helpers/builders.ts'
import type { Life } from '../helpers/slow-run.ts'
import type { Scheduled } from '../helpers/world.ts'

const HOUR = 3_600_000

/** Of all runs, by what becomes of them. */
export interface Faults {
  readonly transient: number
  readonly permanent: number
  readonly notReady: number
  readonly partial: number
  readonly killed: number
  readonly hung: number
}

export const SOME_FAULTS: Faults = { transient: 0.13, permanent: 0.012, notReady: 0.06, partial: 0.05, killed: 0.05, hung: 0.02 } // prettier-ignore

/** GitHub cancels a job of these tests after a quarter of an hour. */
const TIMEOUT_SECONDS = 900

export interface League {
  readonly jobs: readonly Scheduled[]
  readonly lifeOf: (job: AnyJob) => Life
}

export interface LeagueWish {
  readonly seed: number
  readonly faults: Faults
  readonly from: Date
  readonly until: Date
  /** Undefined: all of them. */
  readonly pipelines: readonly string[] | undefined
}

/** The jobs, and how long their runs take, as the seed has it. */
export function aLeague({ seed, faults, pipelines, ...span }: LeagueWish): League {
  const away = sourceOutages(seed, span)
  const entries = SCHEDULE.filter(({ id }) => pipelines?.includes(id.split('/')[0] ?? '') ?? true)
  const turns = new Map<string, number>()
  const turn = (key: string) => {
    const nth = turns.get(key) ?? 0
    turns.set(key, nth + 1)
    return nth
  }
  const jobs = entries.map(({ cron, ...wish }) => {
    const job = aJob({
      period: (dueAt: Date) => aDay(dueAt.toISOString().slice(0, 13)),
      ...wish,
      run: (period, ctx) => {
        const nth = turn(`${wish.id} ${period.key}`)
        const lot = createRandom(hash(`${seed} ${wish.id} ${period.key}`))
        return work({ ctx, period, nth, lot, faults, away: wish.sources?.find((source) => away(source, ctx.now)) })
      },
    })
    return { job, cron }
  })
  return { jobs, lifeOf: ({ id }) => aLife(createRandom(hash(`${seed} life ${id} ${turn(id)}`)), faults) }
}

function aLife(random: Random, faults: Faults): Life {
  const seconds = Math.min(Math.round(150 * Math.exp(0.6 * random.normal())), 720)
  const fate = random.unit()
  if (fate < faults.killed) return { seconds: Math.max(1, Math.round(seconds * random.unit())), end: 'killed' }
  return fate < faults.killed + faults.hung ? { seconds: TIMEOUT_SECONDS, end: 'cancelled' } : { seconds }
}

interface Turn {
  readonly ctx: JobContext<Record<string, unknown>>
  readonly period: Period
  /** How many runs this period has had before. */
  readonly nth: number
  readonly lot: Random
  readonly faults: Faults
  readonly away: string | undefined
}

/** What happens to a period is drawn once, and then how long it goes on. */
function work({ ctx, period, nth, lot, faults, away }: Turn): Promise<JobReturn> {
  if (away)
    return Promise.reject(new SourceFailure(`${away} answered 503`, { retryable: true, context: { source: away } }))
  let lotLeft = lot.unit()
  const lasts = Math.floor(-Math.log(1 - lot.unit()) / -Math.log(0.4)) // further runs, each two times in five
  const falls = (share: number) => (lotLeft -= share) < 0
  if (ctx.only) return finishItems(ctx, nth <= lasts)
  if (falls(faults.permanent))
    return Promise.reject(new DataFailure(`the table of ${period.key} has no column "score"`))
  if (falls(faults.transient) && nth <= lasts)
    return Promise.reject(new SourceFailure('the source reset the connection', { retryable: true }))
  if (falls(faults.notReady) && nth <= lasts + 1) return Promise.resolve({ notReady: `nothing of ${period.key} yet` })
  if (falls(faults.partial)) return finishItems(ctx, true)
  return Promise.resolve()
}

function finishItems(ctx: JobContext<Record<string, unknown>>, fails: boolean): Promise<JobReturn> {
  if (fails)
    ctx.fail({ kind: 'game', key: 'the late one', code: 'no_score', message: 'it has no score', retryable: true })
  return Promise.resolve()
}

/** Now and then a source is away for hours, for all jobs that need it. */
function sourceOutages(seed: number, { from, until }: { from: Date; until: Date }) {
  const windows = ['nflverse', 'stats', 'odds'].flatMap((source) => {
    const random = createRandom(hash(`${seed} source ${source}`))
    const found: { source: string; from: number; until: number }[] = []
    for (let at = from.getTime(); at < until.getTime();) {
      at += -Math.log(1 - random.unit()) * 9 * 24 * HOUR
      const end = at - Math.log(1 - random.unit()) * 3 * HOUR
      found.push({ source, from: at, until: end })
      at = end
    }
    return found
  })
  return (source: string, now: Date) =>
    windows.some((one) => one.source === source && one.from <= now.getTime() && now.getTime() < one.until)
}

/** FNV-1a: a seed of a text. */
export function hash(text: string): number {
  let value = 2_166_136_261
  for (const sign of text) value = Math.imul(value ^ (sign.codePointAt(0) ?? 0), 16_777_619)
  return value >>> 0
}

type Entry = Pick<AnyJob, 'id' | 'graceMinutes' | 'deadlineMinutes'> &
  Partial<Pick<AnyJob, 'needs' | 'sources' | 'onMissed'>> & { readonly cron: readonly string[] }

const SCHEDULE: readonly Entry[] = [
  { id: 'nfl/bronze', cron: ['7 13 * * 2'], graceMinutes: 45, deadlineMinutes: 360, sources: ['nflverse'] },
  { id: 'nfl/silver', cron: ['7 19 * * 2'], graceMinutes: 45, deadlineMinutes: 1140, needs: { 'nfl/bronze': 'fresh' } },
  { id: 'nfl/features', cron: ['7 14 * * 3'], graceMinutes: 45, deadlineMinutes: 1500, needs: { 'nfl/silver': 'fresh' } },
  { id: 'nfl/train', cron: ['7 15 * * 4'], graceMinutes: 45, deadlineMinutes: 1440, needs: { 'nfl/features': 'fresh' } },
  { id: 'nfl/predict', cron: ['7 16 * * 3-6', '37 13 * * 0', '7 22 * * 1'], graceMinutes: 30, deadlineMinutes: 1200, needs: { 'nfl/train': 'any' }, sources: ['nflverse'] },
  { id: 'nfl/results', cron: ['7 7 * * 2', '7 11 * * 4'], graceMinutes: 60, deadlineMinutes: 2880, sources: ['nflverse'] },
  { id: 'fantasy/import', cron: ['7 8 * * 2', '7 12 * * 4'], graceMinutes: 60, deadlineMinutes: 2880, sources: ['stats'], onMissed: 'each' },
  { id: 'nba/daily', cron: ['7 11 * * *'], graceMinutes: 60, deadlineMinutes: 1200, sources: ['stats'], onMissed: 'each' },
  { id: 'mlb/collect', cron: ['7 16 * * *', '37 21 * * *'], graceMinutes: 20, deadlineMinutes: 300, sources: ['odds'] },
  { id: 'mlb/analyse', cron: ['27 16 * * *', '57 21 * * *'], graceMinutes: 20, deadlineMinutes: 300, needs: { 'mlb/collect': 'fresh' } },
  { id: 'odds/snapshot', cron: ['17 1,7,13,19 * * *'], graceMinutes: 30, deadlineMinutes: 300, sources: ['odds'] },
  { id: 'racing/morning', cron: ['7 20 * * *'], graceMinutes: 120, deadlineMinutes: 480, onMissed: 'skip' },
  { id: 'ops/cleanup', cron: ['7 18 * * *'], graceMinutes: 180, deadlineMinutes: 1200 },
] // prettier-ignore
