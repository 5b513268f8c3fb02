// A repository on GitHub with its jobs, its ops-watch and its people, on a clock that the test moves: ticks come when the
// test says so, a dispatch becomes a run some seconds later, a run's end wakes what is chained to it, and every message is
// kept. Ledger, runner, reconcile and GitHub's HTTP are the real ones.

import { randomUUID } from 'node:crypto'

import { tellFlips } from '../../src/alerts/tell.ts'
import { DEFAULT_ROUTES } from '../../src/alerts/routes.ts'
import type { Channel } from '../../src/alerts/types.ts'
import type { Message } from '../../src/alerts/message.ts'
import type { AnyJob } from '../../src/core/job.ts'
import { toParamName } from '../../src/core/params.ts'
import { exitCodeOf, type Trigger } from '../../src/core/run.ts'
import { createActionsExecutor } from '../../src/executors/actions.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { ownIdentity } from '../../src/lib/process-identity.ts'
import { createLog } from '../../src/lib/log.ts'
import { makePass, type PassParts, type PassReport } from '../../src/reconcile/pass.ts'
import { openRun } from '../../src/runner/open-run.ts'
import type { RunReport } from '../../src/runner/run-job.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import type { CatalogJob } from '../../src/schedule/catalog.ts'

import { anOrigin, at, foreignProcess } from './builders.ts'
import { aGithub } from './github-server.ts'
import type { FakeDispatch, FakeRun, FakeWorkflow, Github } from './github-shapes.ts'
import { aWorld, type Scheduled, type World } from './world.ts'

const SECOND = 1000

export interface Told {
  readonly at: Date
  readonly message: Message
}

export interface Repository extends AsyncDisposable {
  readonly world: World
  readonly github: Github
  readonly api: GithubApi
  /** Every message, in the order in which it went out. */
  readonly told: Told[]
  readonly passes: PassReport[]
  readonly reports: RunReport[]
  now(): Date
  /** Does something at an instant of the virtual clock. */
  at(when: string | Date, what: () => Promise<unknown> | unknown): void
  /** GitHub's cron wakes a job (or ops-watch). */
  tick(job: AnyJob | 'ops/watch', when: string | Date): void
  /** A run begins at an instant and its runner dies at once: nothing but its row remains. */
  dies(job: AnyJob, when: string | Date): void
  /** Lets everything happen up to an instant. */
  runUntil(when: string | Date): Promise<void>
  /** Makes a pass now, whatever was planned. */
  pass(wish?: Partial<PassParts>): Promise<PassReport>
}

export interface RepositoryOptions {
  readonly jobs: readonly Scheduled[]
  /** From a dispatch to the door, in seconds. */
  readonly startSeconds?: () => number
  /** Does a run's end wake its children? */
  readonly chains?: () => boolean
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
  const { startSeconds = () => 25, chains = () => true } = options
  const recorder: Channel = {
    name: 'recorder',
    send(message) {
      told.push({ at: now, message })
      return Promise.resolve()
    },
  }
  const channels = [recorder, ...(options.channels ?? [])]
  const plan = (moment: number, what: Planned['what']) => queue.push({ at: moment, order: order++, what })
  const soon = (seconds: number, what: Planned['what']) => plan(now.getTime() + seconds * SECOND, what)

  const repository: Repository = {
    world,
    github,
    api,
    told,
    passes: [],
    reports: [],
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
    async pass(wish = {}) {
      await letHeartsAge()
      const trigger = { id: randomUUID(), trigger: 'dispatch', actor: 'github-actions[bot]', githubRunId: undefined } as const // prettier-ignore
      const report = await makePass({ ...passParts(), ...wish }, trigger)
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
      const parts = { poke: async () => void (await api.dispatchWorkflow('ops-watch.yml', {})), origin: anOrigin({ githubRunId: run.id, githubAttempt: run.attempt }) } // prettier-ignore
      const report = await world.wake(job, now, { trigger, raw, parts })
      repository.reports.push(report)
      run.conclusion = exitCodeOf(report.outcome) === 0 ? 'success' : 'failure'
      for (const child of jobs.filter(({ needs }) => needs[job.id] === 'fresh')) {
        if (chains()) soon(startSeconds(), () => startRun(child, 'chain'))
      }
    }
    run.status = 'completed'
    run.conclusion ??= 'success'
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
    await world.sql`
      update ledger.runs set heartbeat_at = clock_timestamp() - (${now}::timestamptz - started_at) where outcome = 'running'
    `
  }

  function passParts(): PassParts {
    const { sql } = world
    const redact = (text: string) => text
    const facts = { repository: github.repository, serverUrl: 'https://github.example', siteUrl: undefined, environment: 'production' } // prettier-ignore
    return {
      sql,
      jobs,
      catalog: options.jobs.map(toCatalogJob),
      environment: 'test',
      identity: ownIdentity(),
      executor: createActionsExecutor(api),
      github: api,
      publicRepository: options.publicRepository ?? true,
      async tell(moment) {
        const account = await tellFlips({ sql, now: moment, channels, routes: DEFAULT_ROUTES, redact, facts })
        return { sent: account.sent.length, failed: account.failed.map(({ channel, error }) => `${channel}: ${error}`) }
      },
      clock: () => now,
      log: createLog({ write: (line) => world.log.push(line), now: () => now, format: 'text', redact }),
    }
  }

  return repository
}

const instantOf = (when: string | Date) => (typeof when === 'string' ? at(when) : when)

function workflowsOf(jobs: readonly AnyJob[]): FakeWorkflow[] {
  return ['ops/watch', ...jobs.map(({ id }) => id)].map((id, i) => {
    const name = id.replace('/', '-')
    return {
      id: i + 1,
      file: `.github/workflows/${name}.yml`,
      name,
      state: 'active',
      dispatchable: true,
      inputs: undefined,
    }
  })
}

const INPUTS = ['season', 'week', 'day', 'force', 'cascade', 'retry']

function toCatalogJob({ job, cron }: Scheduled): CatalogJob {
  const workflow = job.id.replace('/', '-')
  const parents = (Object.keys(job.needs) as CatalogJob['parents']).filter((need) => job.needs[need] === 'fresh')
  return {
    id: job.id,
    workflow,
    file: `.github/workflows/${workflow}.yml`,
    schedules: cron.map((line) => ({ cron: line, zone: 'UTC', line: 1 })),
    parents,
    inputs: INPUTS.map((name) => ({ name, type: 'string', options: [], line: 1 })),
    timeoutMinutes: 15,
    leagueSwitch: undefined,
  }
}
