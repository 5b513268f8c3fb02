// A repository on GitHub with its jobs, its ops-watch and its people, on a clock that the test moves: ticks come when the
// test says so, a dispatch becomes a run some seconds later, a run's end wakes what is chained to it, and every message is
// kept. Ledger, runner, reconcile and GitHub's HTTP are the real ones.

import { randomUUID } from 'node:crypto'

import type { Message } from '../../src/alerts/message.ts'
import type { Channel } from '../../src/alerts/types.ts'
import type { AnyJob } from '../../src/core/job.ts'
import { toParamName } from '../../src/core/params.ts'
import { exitCodeOf, type Trigger } from '../../src/core/run.ts'
import { createActionsExecutor } from '../../src/executors/actions.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { explainDatabaseError, isFromDatabase } from '../../src/lib/db.ts'
import { createLog } from '../../src/lib/log.ts'
import { ownIdentity } from '../../src/lib/process-identity.ts'
import type { PassParts } from '../../src/reconcile/pass-parts.ts'
import { makePass, type PassReport } from '../../src/reconcile/pass.ts'
import { lookAndPoke } from '../../src/runner/look-around.ts'
import { openRun } from '../../src/runner/open-run.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import type { RunReport } from '../../src/runner/types.ts'

import { anOrigin, at, foreignProcess } from './builders.ts'
import { toCatalogJob, workflowsOf } from './catalog.ts'
import { aGithub } from './github-server.ts'
import type { FakeDispatch, FakeRun, Github } from './github-shapes.ts'
import { tellBy } from './pass-telling.ts'
import { slowDown, type Life } from './slow-run.ts'
import { aWorld, type Scheduled, type World } from './world.ts'

const SECOND = 1000
const LOOK_EVERY_MS = 120 * SECOND
/** A run that tells of no progress asks for a pass this often. */
const QUIET_MS = 600 * SECOND

export interface Told {
  readonly at: Date
  readonly message: Message
}

export interface Repository extends AsyncDisposable {
  readonly world: World
  /** The jobs with their cron lines. */
  readonly lines: readonly Scheduled[]
  readonly github: Github
  readonly api: GithubApi
  /** Every message, in the order in which it went out. */
  readonly told: Told[]
  readonly passes: PassReport[]
  readonly reports: RunReport[]
  /** From when to when each run was alive; of one whose runner died, until it last looked around. */
  readonly lives: { readonly job: string; readonly from: Date; readonly to: Date }[]
  now(): Date
  /** Does something at an instant of the virtual clock. */
  at(when: string | Date, what: () => Promise<unknown> | unknown): void
  /** GitHub's cron wakes a job (or ops-watch). */
  tick(job: AnyJob | 'ops/watch', when: string | Date): void
  /** A run begins at an instant and its runner dies at once: nothing but its row remains. */
  dies(job: AnyJob, when: string | Date): void
  /** Lets everything happen up to an instant. */
  runUntil(when: string | Date): Promise<void>
  /** Makes a pass now, whatever was planned; without an actor it was poked. */
  pass(wish?: Partial<PassParts>, by?: { trigger: 'schedule' | 'dispatch'; actor: string }): Promise<PassReport>
}

export interface RepositoryOptions {
  readonly jobs: readonly Scheduled[]
  /** From a dispatch to the door, in seconds; undefined: its run never starts. */
  readonly startSeconds?: () => number | undefined
  /** What a run of a job takes; undefined: no time at all. */
  readonly lifeOf?: (job: AnyJob) => Life | undefined
  /** Does a run's end wake its children? */
  readonly chains?: () => boolean
  /** GitHub comes in two kinds: does the end of a run that a token has dispatched wake children too? As others measured it
   *  does not, and its documents are silent. */
  readonly firesBelowToken?: boolean
  readonly channels?: readonly Channel[]
  readonly publicRepository?: boolean
}

interface Planned {
  readonly at: number
  readonly order: number
  readonly what: () => Promise<unknown> | unknown
}

/** Opens the repository on Monday the 18th, a minute after midnight. */
export async function aRepository(options: RepositoryOptions): Promise<Repository> {
  let now = at('18 00:01')
  let order = 0
  const queue: Planned[] = []
  const world = await aWorld(...options.jobs)
  const jobs = options.jobs.map(({ job }) => job)
  const github = await aGithub({ now: () => now, workflows: workflowsOf(jobs) })
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  const told: Told[] = []
  const { startSeconds = () => 25, chains = () => true, lifeOf = () => undefined, firesBelowToken = false } = options
  const recorder: Channel = {
    name: 'recorder',
    send(message) {
      told.push({ at: now, message })
      return Promise.resolve()
    },
  }
  const channels = [recorder, ...(options.channels ?? [])]
  const plan = (moment: number, what: Planned['what']) => queue.push({ at: moment, order: order++, what })
  const soon = (seconds: number | undefined, what: Planned['what']) =>
    seconds === undefined ? undefined : plan(now.getTime() + seconds * SECOND, what)
  /** GitHub's runs whose process lives, or since when it is dead. */
  const hearts = new Map<string, Date | 'beats'>()

  const repository: Repository = {
    world,
    lines: options.jobs,
    github,
    api,
    told,
    passes: [],
    reports: [],
    lives: [],
    now: () => now,
    at: (when, what) => void plan(instantOf(when).getTime(), what),
    tick: (job, when) => repository.at(when, () => startRun(job, 'schedule')),
    dies: (job, when) => repository.at(when, () => beginAndDie(job)),
    async runUntil(when) {
      const until = instantOf(when).getTime()
      for (;;) {
        queue.sort((a, b) => a.at - b.at || a.order - b.order)
        const [next] = queue
        if (next === undefined || next.at > until) break
        queue.shift()
        now = new Date(Math.max(now.getTime(), next.at))
        await next.what()
      }
      now = new Date(Math.max(now.getTime(), until))
    },
    async pass(wish = {}, by = { trigger: 'dispatch', actor: 'github-actions[bot]' }) {
      await letHeartsAge()
      const report = await makePass({ ...passParts(), ...wish }, { id: randomUUID(), ...by, githubRunId: undefined })
      repository.passes.push(report)
      return report
    },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }

  github.onDispatch = (dispatch: FakeDispatch, run: FakeRun) => {
    soon(startSeconds(), async () => {
      if (run.status !== 'queued') return // cancelled while it was pending
      run.status = 'in_progress'
      const job = jobs.find(({ id }) => `${id.replace('/', '-')}.yml` === dispatch.workflow)
      await doRun(job ?? 'ops/watch', { trigger: 'request', run, inputs: dispatch.inputs })
    })
    return Promise.resolve()
  }

  async function startRun(job: AnyJob | 'ops/watch', trigger: Trigger): Promise<void> {
    const id = job === 'ops/watch' ? job : job.id
    const workflow = `${id.replace('/', '-')}.yml`
    if (github.workflows.find(({ file }) => file.endsWith(`/${workflow}`))?.state !== 'active') return
    const event = trigger === 'chain' ? 'workflow_run' : 'schedule'
    const run = github.addRun({ workflow, event, status: 'in_progress', conclusion: null, at: now })
    await doRun(job, { trigger, run, inputs: {} })
  }

  async function doRun(
    job: AnyJob | 'ops/watch',
    { trigger, run, inputs }: { trigger: Trigger; run: FakeRun; inputs: Readonly<Record<string, string>> },
  ): Promise<void> {
    if (job === 'ops/watch') await repository.pass()
    else {
      const raw = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [toParamName(name), value]))
      delete raw['environment']
      const { request, ...given } = raw
      return await live(job, { trigger, run, raw: given, request })
    }
    run.status = 'completed'
    run.conclusion ??= 'success'
  }

  async function live(
    job: AnyJob,
    { trigger, run, raw, request }: { trigger: Trigger; run: FakeRun; raw: Record<string, string>; request?: string | undefined }, // prettier-ignore
  ): Promise<void> {
    await letHeartsAge()
    const began = now
    const life = lifeOf(job)
    const slow = life && slowDown(job)
    const cancelled = new AbortController()
    const poke = async () => void (await api.dispatchWorkflow('ops-watch.yml', {}))
    const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: run.attempt })
    const own = { poke, origin, monotonicMs: () => now.getTime(), cancelled: cancelled.signal, rhythm: RHYTHM, lake: world.sql, closeLake: () => Promise.resolve() } // prettier-ignore
    const ended = world.wake(slow?.job ?? job, now, { trigger, raw, request, parts: own })
    const end = async (lives: boolean) => {
      const lastLook = new Date(began.getTime() + Math.floor((now.getTime() - began.getTime()) / LOOK_EVERY_MS) * LOOK_EVERY_MS) // prettier-ignore
      repository.lives.push({ job: job.id, from: began, to: lives ? now : lastLook })
      hearts.set(run.id, now)
      run.status = 'completed'
      run.conclusion = lives ? await reportOf(ended) : 'failure'
      const fires = trigger !== 'request' || firesBelowToken
      for (const child of jobs.filter(({ needs }) => needs[job.id] === 'fresh')) {
        if (chains() && fires) soon(startSeconds(), () => startRun(child, 'chain'))
      }
    }
    if (!slow || !(await Promise.race([slow.begun, ended.then(() => false)]))) return await end(true)
    hearts.set(run.id, 'beats')
    planLooks(job, run, { poke, began })
    soon(life.seconds, async () => {
      await letHeartsAge()
      if (life.end === 'cancelled') cancelled.abort(new Error('GitHub cancelled the run: it took too long'))
      else if (life.end !== 'killed') slow.letGo()
      await end(life.end !== 'killed')
    })
  }

  async function reportOf(ended: Promise<RunReport>): Promise<'success' | 'failure'> {
    const report = await ended
    repository.reports.push(report)
    return exitCodeOf(report.outcome) === 0 ? 'success' : 'failure'
  }

  function planLooks(job: AnyJob, run: FakeRun, { poke, began }: { poke: () => Promise<void>; began: Date }): void {
    const look = async () => {
      if (hearts.get(run.id) !== 'beats') return
      await letHeartsAge()
      const log = createLog({ write: (line) => world.log.push(line), now: () => now, format: 'text', redact: plain })
      const urgent = (now.getTime() - began.getTime()) % QUIET_MS === 0
      await lookAndPoke({ ledger: world.sql, jobs, log, poke }, { by: job.id, now, urgent })
      plan(now.getTime() + LOOK_EVERY_MS, look)
    }
    plan(now.getTime() + LOOK_EVERY_MS, look)
  }

  async function beginAndDie(job: AnyJob): Promise<void> {
    const workflow = `${job.id.replace('/', '-')}.yml`
    const run = github.addRun({ workflow, event: 'schedule', status: 'completed', conclusion: 'failure', at: now })
    await writeSlotsDue(world.sql, jobs, now)
    const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: 1 })
    const wakeUp = { trigger: 'schedule', byPerson: false, raw: {} } as const
    const params = { dryRun: false, force: false, cascade: false }
    await openRun(job, { sql: world.sql, wakeUp, params, defaultParams: true, namedPeriod: undefined, environment: 'test', origin, now }) // prettier-ignore
  }

  /** Leases are the database's clock; here it is made to have moved with ours. */
  async function letHeartsAge(): Promise<void> {
    const beats = [...hearts].map(([id, heart]) => ({ id, at: heart === 'beats' ? now : heart }))
    for (const { id } of beats) if (hearts.get(id) !== 'beats' && !(await isRunning(id))) hearts.delete(id)
    await world.sql`
      update ledger.runs r
      set recorded_at = clock_timestamp() - (${now}::timestamptz - r.started_at),
        heartbeat_at = clock_timestamp() - (${now}::timestamptz - coalesce(
          (select beat.at from jsonb_to_recordset(${world.sql.json(beats as never)}::jsonb) as beat (id bigint, at timestamptz)
            where beat.id = r.github_run_id),
          r.started_at
        ))
      where outcome = 'running'
    `
  }

  async function isRunning(githubRunId: string): Promise<boolean> {
    const rows = await world.sql`select 1 from ledger.runs where github_run_id = ${githubRunId} and outcome = 'running'`
    return rows.length > 0
  }

  function passParts(): PassParts {
    return {
      sql: world.sql,
      jobs,
      catalog: options.jobs.map(toCatalogJob),
      environment: 'test',
      identity: ownIdentity(),
      executor: createActionsExecutor(api),
      github: api,
      publicRepository: options.publicRepository ?? true,
      clockDeclared: false,
      tell: tellBy(world.sql, channels, github.repository),
      clock: () => now,
      explain: (error) => (isFromDatabase(error) ? explainDatabaseError(error, world.url) : (error as Error)).message,
      log: createLog({ write: (line) => world.log.push(line), now: () => now, format: 'text', redact: plain }),
    }
  }

  return repository
}

// The heart beats by the virtual clock (see letHeartsAge), and a job that is told to stop stops.
const RHYTHM = {
  heartbeatMs: 2 ** 31 - 1,
  windDownMs: 1000,
  endForMs: () => 1500,
  pauses: { firstMs: 20, longestMs: 200 },
}

const plain = (text: string) => text
const instantOf = (when: string | Date) => (typeof when === 'string' ? at(when) : when)
