// What woke the process, from GitHub's event or the command line; and which ref may touch production.

import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { ConfigFailure } from '../../src/core/errors.ts'
import { parseEnv } from '../../src/lib/env.ts'
import { checkRef, findStranger, readEvent, tellActions, tellRefusal } from '../../src/runner/github.ts'
import { createRunRecord } from '../../src/runner/record.ts'
import { wakeUpOfEvent, wakeUpOfFlags, type GithubEvent } from '../../src/runner/wake-up.ts'
import { aJob, aRun } from '../helpers/builders.ts'

function anEvent(wish: Partial<GithubEvent>): GithubEvent {
  return { name: 'schedule', attempt: 1, actor: 'ann', payload: {}, ...wish }
}

const dispatch = (actor: string, inputs?: unknown) =>
  anEvent({ name: 'workflow_dispatch', actor, payload: inputs === undefined ? {} : { inputs } })

const TABLE: { what: string; event: GithubEvent; trigger: string; byPerson: boolean }[] = [
  { what: 'a cron tick', event: anEvent({}), trigger: 'schedule', byPerson: false },
  { what: 'the end of a parent', event: anEvent({ name: 'workflow_run' }), trigger: 'chain', byPerson: false },
  { what: 'a dispatch by a person', event: dispatch('ann'), trigger: 'manual', byPerson: true },
  { what: 'a dispatch by a bot', event: dispatch('github-actions[bot]'), trigger: 'request', byPerson: false },
  { what: 'a re-run of a tick', event: anEvent({ attempt: 2 }), trigger: 'rerun', byPerson: false },
  { what: 'a re-run of a dispatch', event: { ...dispatch('ann'), attempt: 2 }, trigger: 'rerun', byPerson: true },
]

for (const { what, event, trigger, byPerson } of TABLE) {
  test(`${what} is the trigger ${trigger}`, () => {
    assert.deepEqual(wakeUpOfEvent(event), { trigger, byPerson, raw: {} })
  })
}

test('inputs are read with underscores or hyphens, booleans stay booleans, numbers become text', () => {
  const { raw } = wakeUpOfEvent(dispatch('ann', { dry_run: true, 'dry-run-too': 'false', week: 12, season: '' }))

  assert.deepEqual(raw, { dryRun: true, dryRunToo: 'false', week: '12', season: '' })
})

test('a dispatch that names its request answers it, whoever’s token sent it, and its number is no parameter', () => {
  for (const actor of ['github-actions[bot]', 'ann']) {
    const wakeUp = wakeUpOfEvent(dispatch(actor, { request: '12', force: true }))

    assert.deepEqual(wakeUp, { trigger: 'request', byPerson: false, raw: { force: true }, requestId: '12' })
  }
})

test('an old attempt that is started again is not held to its request', () => {
  const wakeUp = wakeUpOfEvent({ ...dispatch('github-actions[bot]', { request: '12', force: true }), attempt: 2 })

  assert.deepEqual(wakeUp, { trigger: 'rerun', byPerson: false, raw: { force: true } })
})

test('an empty request is none, and what is no number is refused', () => {
  assert.deepEqual(wakeUpOfEvent(dispatch('ann', { request: '' })), { trigger: 'manual', byPerson: true, raw: {} })
  for (const request of ['latest', '0', '-1', '12; drop table', true, '9'.repeat(19)])
    assert.throws(() => wakeUpOfEvent(dispatch('ann', { request })), /expected the number of a request.*Leave it empty/)
})

test('inputs of a tick are not looked at', () => {
  assert.deepEqual(wakeUpOfEvent(anEvent({ payload: { inputs: { week: '12' } } })).raw, {})
})

for (const attempt of [1, 2]) {
  test(`an event that starts no job is refused with those that do, on attempt ${attempt} too`, () => {
    assert.throws(() => wakeUpOfEvent(anEvent({ name: 'push', attempt })), {
      name: 'ConfigFailure',
      message: /"push" does not start a job: expected schedule, workflow_run or workflow_dispatch/,
    })
  })
}

test('a command line is a person’s, unless it names a trigger', () => {
  assert.deepEqual(wakeUpOfFlags(undefined, { week: '1' }), { trigger: 'manual', byPerson: true, raw: { week: '1' } })
  assert.equal(wakeUpOfFlags('chain', {}).byPerson, false)
  assert.deepEqual(wakeUpOfFlags(undefined, {}, '12'), {
    trigger: 'request',
    byPerson: false,
    raw: {},
    requestId: '12',
  })
  assert.throws(() => wakeUpOfFlags('cron', {}), /--trigger "cron": expected schedule, chain, manual, rerun, request/)
})

const onActions = (wish: Record<string, string> = {}) =>
  parseEnv({ GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/heads/main', ...wish })

test('production runs on the default branch, whatever it is called', () => {
  const event = anEvent({ payload: { repository: { default_branch: 'trunk' } } })

  checkRef(onActions({ GITHUB_REF: 'refs/heads/trunk' }), 'production', event)
  assert.throws(
    () => checkRef(onActions(), 'production', event),
    /only on the default branch "trunk".*refs\/heads\/main/,
  )
})

test('a schedule is of the default branch, although it may say nothing of its repository', () => {
  for (const GITHUB_REF of ['refs/heads/trunk', 'refs/heads/main']) {
    checkRef(onActions({ GITHUB_REF }), 'production', anEvent({ name: 'schedule' }))
  }
})

test('production is refused where the event does not say which branch is the default', () => {
  const refused =
    /only on the default branch, and the event does not say which that is; this run is on refs\/heads\/main/

  for (const event of [anEvent({ name: 'workflow_dispatch' }), anEvent({ name: 'workflow_run' }), undefined]) {
    assert.throws(() => checkRef(onActions(), 'production', event), refused)
  }
})

test('production is refused on another branch, a tag of the same name and without a ref', () => {
  const event = anEvent({ name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } })
  for (const ref of ['refs/heads/feature', 'refs/heads/Main', 'refs/tags/main', 'refs/pull/1/merge', '']) {
    assert.throws(() => checkRef(onActions({ GITHUB_REF: ref }), 'production', event), ConfigFailure)
    assert.throws(() => checkRef(onActions({ GITHUB_REF: ref.replace('heads', 'tags') }), 'production', undefined), ConfigFailure) // prettier-ignore
  }
})

test('other environments and laptops are not asked for their branch', () => {
  checkRef(onActions({ GITHUB_REF: 'refs/heads/feature' }), 'development', undefined)
  checkRef(parseEnv({ GITHUB_REF: 'refs/heads/feature' }), 'production', undefined)
})

const HEAD = { head_branch: 'trunk', head_repository: { full_name: 'acme/league' } }
const OWN = { full_name: 'acme/league', default_branch: 'trunk' }
const aChain = (payload: Record<string, unknown>) => anEvent({ name: 'workflow_run', payload })
const HERE = parseEnv({ GITHUB_REPOSITORY: 'acme/league' })

test('the end of a run of the default branch wakes, and whatever is no chain is not asked for its head', () => {
  assert.equal(findStranger(HERE, aChain({ repository: OWN, workflow_run: HEAD })), undefined)
  for (const event of [anEvent({}), dispatch('ann', {}), undefined]) assert.equal(findStranger(HERE, event), undefined)
})

const STRANGERS: readonly [what: string, payload: Record<string, unknown>][] = [
  ["a fork's, on a branch of that name", { repository: OWN, workflow_run: { ...HEAD, head_repository: { full_name: 'somebody/league' } } }],
  ["a fork's that is gone", { repository: OWN, workflow_run: { ...HEAD, head_repository: null } }],
  ["another branch's", { repository: OWN, workflow_run: { ...HEAD, head_branch: 'try' } }],
  ["a tag's, which has no branch", { repository: OWN, workflow_run: { ...HEAD, head_branch: null } }],
  ['one of which nothing is known', {}],
  ['one beside an unknown default branch', { repository: { full_name: 'acme/league' }, workflow_run: { head_repository: HEAD.head_repository } }],
] // prettier-ignore

for (const [what, payload] of STRANGERS) {
  test(`the end of a run wakes nothing: ${what}`, () => {
    assert.match(findStranger(HERE, aChain(payload)) ?? '', /only the default branch of this repository wakes its jobs/)
  })
}

test('an event is read from its file; outside GitHub there is none', () => {
  const path = aFile('event.json', '{"inputs": {"week": "12"}}')
  const event = readEvent(parseEnv({ GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_EVENT_PATH: path, GITHUB_RUN_ATTEMPT: '3', GITHUB_ACTOR: 'ann' })) // prettier-ignore

  assert.deepEqual(event, { name: 'workflow_dispatch', attempt: 3, actor: 'ann', payload: { inputs: { week: '12' } } })
  assert.equal(readEvent(parseEnv({})), undefined)
})

test('an event file that is not JSON is refused in one sentence', () => {
  const path = aFile('event.json', '<html>')

  assert.throws(() => readEvent(parseEnv({ GITHUB_EVENT_NAME: 'schedule', GITHUB_EVENT_PATH: path })), {
    name: 'ConfigFailure',
    message: 'the event file named by GITHUB_EVENT_PATH cannot be read as JSON',
  })
})

test('away from Actions nothing is told to Actions', async () => {
  const report = { job: aJob(), run: aRun(), gate: undefined, outcome: 'failed', reason: 'x', record: createRunRecord((text) => text), errors: [], durationMs: 1, overdue: [] } as const // prettier-ignore

  await tellActions(parseEnv({}), report)
  await tellRefusal({}, 'x')
})

function aFile(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'matchday-event-')), name)
  writeFileSync(path, text)
  return path
}
