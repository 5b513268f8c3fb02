// What every executor keeps, wherever its runs happen.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { JobFailure } from '../../src/core/errors.ts'
import { createActionsExecutor } from '../../src/executors/actions.ts'
import { createLocalExecutor } from '../../src/executors/local.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import type { Executor, RunRequest } from '../../src/executors/types.ts'
import { aGithub } from '../helpers/github-server.ts'
import { until } from '../helpers/until.ts'
import { aTinyProject, childEnv } from './tiny-project.ts'

/** A place where runs happen, as far as all places are alike. The only job there is nfl/bronze. */
interface Place extends AsyncDisposable {
  readonly executor: Executor
  /** What runs were told, oldest first. */
  started(): Record<string, string>[]
  /** Lets runs end; until then they do not. */
  finish(): Promise<void>
}

async function onActions(): Promise<Place> {
  const github = await aGithub()
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  return {
    executor: createActionsExecutor(api),
    started: () => github.dispatches.map(({ inputs }) => ({ ...inputs })),
    finish: async () => github.runs.forEach((run) => (run.status = 'completed')),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  }
}

async function onThisMachine(): Promise<Place> {
  const project = aTinyProject(`await untilThere('go')`)
  const executor = createLocalExecutor({ projectRoot: project.root, write: () => undefined, env: childEnv() })
  const finish = () => {
    project.put('go')
    return executor.settled()
  }
  return {
    executor,
    started: () => project.calls().map(({ args }) => toInputs(args.slice(2))),
    finish,
    async [Symbol.asyncDispose]() {
      await finish()
      project[Symbol.dispose]()
    },
  }
}

/** `--dry-run` was `dry_run: 'true'`. */
function toInputs(flags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    flags.map((flag) => {
      const [name = '', value = 'true'] = flag.replace(/^--/, '').split('=')
      return [name.replace('-', '_'), value]
    }),
  )
}

const bronze: RunRequest = { job: 'nfl/bronze', workflow: 'nfl-bronze.yml', inputs: {} }

for (const [name, aPlace] of [
  ['actions', onActions],
  ['local', onThisMachine],
] as const) {
  test(`${name}: it goes by its name`, async () => {
    await using place = await aPlace()

    assert.equal(place.executor.name, name)
  })

  test(`${name}: a request is a run that gets the inputs`, async () => {
    await using place = await aPlace()
    const inputs = { season: '2024', week: '11', dry_run: 'true', request: '12' }

    await place.executor.submit({ ...bronze, inputs })

    await until('the run started', () => place.started().length === 1)
    assert.deepEqual(place.started(), [inputs])
  })

  test(`${name}: it is handed over before the run has ended, with a reference of its own`, async () => {
    await using place = await aPlace()

    const first = await place.executor.submit(bronze)
    const second = await place.executor.submit(bronze)

    assert.ok(first.reference && second.reference)
    assert.notEqual(first.reference, second.reference)
    await place.finish()
    assert.equal(place.started().length, 2)
  })

  test(`${name}: what cannot be started is a JobFailure that says so for good, and nothing runs`, async () => {
    await using place = await aPlace()

    await assert.rejects(
      place.executor.submit({ job: 'nfl/gold', workflow: 'nfl-gold.yml', inputs: {} }),
      (error: unknown) => error instanceof JobFailure && !error.retryable && /nfl.gold/.test(error.message),
    )

    await place.finish()
    assert.deepEqual(place.started(), [])
  })

  test(`${name}: after a failure it takes the next request`, async () => {
    await using place = await aPlace()
    await assert.rejects(place.executor.submit({ job: 'nfl/gold', workflow: 'nfl-gold.yml', inputs: {} }))

    await place.executor.submit(bronze)

    await until('the run started', () => place.started().length === 1)
  })
}

test('actions: a workflow whose file is older than this checkout is asked without the request that it does not know', async () => {
  await using github = await aGithub()
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  const workflow = github.workflows.find(({ name }) => name === 'nfl-bronze')
  assert.ok(workflow)
  workflow.inputs = [{ name: 'season', options: [] }]
  const executor = createActionsExecutor(api)

  const { reference } = await executor.submit({ ...bronze, inputs: { season: '2024', request: '12' } })

  assert.equal(reference, github.dispatches[0]?.runId)
  assert.deepEqual(github.dispatches.map(({ inputs }) => inputs), [{ season: '2024' }]) // prettier-ignore
  await assert.rejects(
    executor.submit({ ...bronze, inputs: { week: '1', request: '12' } }),
    /Unexpected inputs provided/,
  )
})
