// Weeks of a repository under a model of GitHub's cron: ticks late, lost and in bursts, dispatches prompt but for some, chains
// that break, and jobs that fail in every way that they have. With an outside clock or without.

import type { AnyJob } from '../../src/core/job.ts'
import { createRandom, type Random } from '../../src/lib/random.ts'
import { dueBetween } from '../../src/schedule/cron.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import type { Scheduled } from '../helpers/world.ts'
import { deliver, type LatenessModel, type Tick } from './lateness.ts'
import { aLeague, hash, type Faults } from './league.ts'

const MINUTE = 60_000
const WEEK = 7 * 24 * 60 * MINUTE
/** When the simulated repository opens. */
const FROM = new Date('2024-11-18T00:01:00Z')
const WATCH_CRON = '37 * * * *'

export interface Setting {
  readonly model: LatenessModel
  readonly seed: number
  readonly weeks: number
  readonly faults: Faults
  /** Whose jobs there are; undefined: all. */
  readonly pipelines?: readonly string[]
  /** An outside clock dispatches ops-watch every so many minutes; undefined: there is none. */
  readonly clockMinutes: number | undefined
}

export interface Simulated {
  readonly setting: Setting
  readonly repository: Repository
  /** Of the jobs' lines. */
  readonly ticks: readonly Tick[]
  /** When a dispatch was sent that was queued for minutes or lost. */
  readonly badDispatches: readonly Date[]
  /** When runners died. */
  readonly deaths: readonly { readonly job: string; readonly at: Date }[]
  readonly until: Date
}

/** Lets the weeks pass. The repository stays open: whoever asked for it closes it. */
export async function simulate(setting: Setting): Promise<Simulated> {
  const { model, seed, weeks, faults, clockMinutes, pipelines } = setting
  const until = new Date(FROM.getTime() + weeks * WEEK)
  const random = createRandom(hash(`${seed} ${model.name}`))
  const badDispatches: Date[] = []
  const deaths: { job: string; at: Date }[] = []
  const league = aLeague({ seed, faults, pipelines, from: FROM, until })
  const repository = await aRepository({
    jobs: league.jobs,
    startSeconds() {
      const seconds = aDispatch(random)
      if (seconds === undefined || seconds > 60) badDispatches.push(repository.now())
      return seconds
    },
    chains: () => random.unit() > 0.05,
    lifeOf(job) {
      const life = league.lifeOf(job)
      if (life.end === 'killed')
        deaths.push({ job: job.id, at: new Date(repository.now().getTime() + life.seconds * 1000) })
      return life
    },
  })
  const ticks = planTicks(repository, { jobs: league.jobs, model, seed, until, random })
  if (clockMinutes !== undefined)
    planClock(repository, { everyMs: clockMinutes * MINUTE, until, random, badDispatches })
  await repository.runUntil(until)
  await repository.pass()
  return { setting, repository, ticks, badDispatches, deaths, until }
}

/** Seconds to the door, checkout and all: prompt, but for one in twenty that is queued for minutes and one in a hundred that
 *  is lost. */
function aDispatch(random: Random): number | undefined {
  const lot = random.unit()
  if (lot < 0.01) return undefined
  return lot < 0.06 ? 120 + random.below(480) : 5 + random.below(56)
}

interface Planning {
  readonly jobs: readonly Scheduled[]
  readonly model: LatenessModel
  readonly seed: number
  readonly until: Date
  readonly random: Random
}

/** One tick in seventy begins a run that never starts. */
function planTicks(repository: Repository, { jobs, model, seed, until, random }: Planning): Tick[] {
  const lines = jobs.flatMap(({ job, cron }) => cron.map((line) => ({ job: job as AnyJob | 'ops/watch', line })))
  const all = [...lines, { job: 'ops/watch' as const, line: WATCH_CRON }].map(({ job, line }, i) => {
    return { job, name: `${i} ${line}`, due: dueBetween({ cron: line, zone: 'UTC' }, FROM, until) }
  })
  const ticks = deliver(model, all, seed)
  for (const { line, at } of ticks) {
    const job = all.find(({ name }) => name === line)?.job
    if (job === undefined || at === undefined) continue
    if (random.unit() < 1 / 70) repository.at(at, () => doomed(repository, job))
    else repository.tick(job, at)
  }
  const watched = all.at(-1)?.name
  return ticks.filter(({ line }) => line !== watched)
}

function doomed({ github, now }: Repository, job: AnyJob | 'ops/watch'): void {
  const id = job === 'ops/watch' ? job : job.id
  github.addRun({ workflow: `${id.replace('/', '-')}.yml`, conclusion: 'startup_failure', at: now() })
}

interface Clock {
  readonly everyMs: number
  readonly until: Date
  readonly random: Random
  readonly badDispatches: Date[]
}

/** On the full five minutes, as a crontab does it. */
function planClock(repository: Repository, { everyMs, until, random, badDispatches }: Clock): void {
  for (let at = Math.ceil(FROM.getTime() / everyMs) * everyMs; at < until.getTime(); at += everyMs) {
    const seconds = aDispatch(random)
    if (seconds === undefined || seconds > 60) badDispatches.push(new Date(at))
    if (seconds !== undefined) repository.at(new Date(at + seconds * 1000), () => repository.pass())
  }
}
