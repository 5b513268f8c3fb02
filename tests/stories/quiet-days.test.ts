// A repository in which nobody commits for two months: who is told how often, and what is done.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob, at } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'

const DAY = 24 * 60 * 60_000
const START = at('18 00:01').getTime()
const COMMITTED = new Date(START - 40 * DAY)
const job = aJob({ id: 'test/daily' })

/** A pass every six hours for so many days, of a repository without a commit for 40 days. */
async function quiet(
  days: number,
  wish: { public?: boolean; keepAwake?: boolean; on?: Record<number, (repository: Repository) => void> } = {},
) {
  const repository = await aRepository({ jobs: [{ job, cron: ['7 8 1 1 *'] }] })
  repository.github.lastCommitAt = COMMITTED
  repository.github.facts.private = wish.public === false
  for (let hour = 0; hour < days * 24; hour += 6) {
    await repository.runUntil(new Date(START + hour * 3_600_000))
    if (hour % 24 === 0) wish.on?.[hour / 24]?.(repository)
    // As a schedule's event may be: it does not say whether the repository is public.
    await repository.pass({ publicRepository: undefined, keepAwake: wish.keepAwake ?? false })
  }
  const told = repository.told.filter(({ message }) => message.incident.cause === 'disabled')
  const enables = repository.github.requests.filter(({ method }) => method === 'PUT')
  const dayOf = (when: Date) => Math.floor((when.getTime() - COMMITTED.getTime()) / DAY)
  return {
    repository,
    told: told.map(({ at: when, message }) => `day ${dayOf(when)}: ${message.kind} ${message.health}`),
    messages: told.map(({ message }) => message),
    enabledOn: enables.map(({ at: when }) => dayOf(when)),
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  }
}

test('from day 45 without a commit people are told weekly, with the click that helps', async () => {
  await using story = await quiet(29)

  assert.deepEqual(story.told, [
    'day 45: opened warning',
    'day 52: reminded warning',
    'day 59: reminded warning',
    'day 66: reminded warning',
  ])
  const [, second] = story.messages
  assert.match(second!.headline, /^▲ warning, still: GitHub disables all schedules .* ops-watch too/)
  assert.ok(second!.links.some(({ url }) => url.endsWith('/actions')))
  assert.match(second!.sentences.join(' '), /commit to the default branch/)
  assert.deepEqual(story.enabledOn, [])
})

test('a commit ends it, and then nobody is told', async () => {
  const commit = (repository: Repository) => void (repository.github.lastCommitAt = repository.now())
  await using story = await quiet(29, { on: { 8: commit } })

  assert.deepEqual(story.told, ['day 45: opened warning', 'day 48: recovered well'])
})

test('a private repository is never disabled, and nobody is told', async () => {
  await using story = await quiet(25, { public: false, keepAwake: true })

  assert.deepEqual([story.told, story.enabledOn], [[], []])
})

test('with KEEP_AWAKE active workflows are enabled weekly from day 45 on, and what a person has disabled is not', async () => {
  await using story = await quiet(29, {
    keepAwake: true,
    on: { 0: ({ github }) => void (github.workflows[0]!.state = 'active') },
  })
  await using disabled = await quiet(12, {
    keepAwake: true,
    on: { 0: ({ github }) => void (github.workflows[0]!.state = 'disabled_manually') },
  })

  const active = story.repository.github.workflows.length
  assert.deepEqual([...new Set(story.enabledOn)], [45, 52, 59, 66])
  assert.equal(story.enabledOn.length, 4 * active)
  assert.ok(story.told.every((text) => text.endsWith('info') || text === 'day 45: opened warning'), story.told.join()) // prettier-ignore
  assert.equal(disabled.repository.github.workflows[0]!.state, 'disabled_manually')
})

test('schedules that fell asleep are enabled by the first pass, and told of at once', async () => {
  const sleep = ({ github }: Repository) => {
    for (const workflow of github.workflows) workflow.state = 'disabled_inactivity'
  }
  await using story = await quiet(24, { on: { 21: sleep } })

  assert.ok(story.told.includes('day 61: worse critical'), story.told.join())
  assert.deepEqual([...new Set(story.enabledOn)], [61])
  assert.ok(story.repository.github.workflows.every(({ state }) => state === 'active'))
})
