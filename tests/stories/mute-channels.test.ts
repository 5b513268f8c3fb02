// A way to people that does not work: the others hear of it at once, and it is over when it works.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { aJob } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { anEar } from '../helpers/telling.ts'
import { sayTold } from './stage.ts'

const job = aJob({ id: 'test/late' })

test('a revoked webhook is told of by the same pass to whoever can be told, and it is over once the hook is mended', async () => {
  const state = { settings: 'old', mended: false }
  const ear = anEar('slack', async () => {
    await Promise.resolve()
    if (!state.mended) throw new SourceFailure('slack answered 410: expected 2xx.', { retryable: false })
  })
  const slack = { ...ear, settings: () => Promise.resolve(state.settings) }
  await using repository = await aRepository({
    jobs: [{ job, cron: ['7 8 * * *'] }],
    startSeconds: () => undefined,
    channels: [slack],
  })
  await repository.runUntil('18 09:00')
  await repository.pass()
  const first = sayTold(repository)

  await repository.runUntil('18 10:30')
  Object.assign(state, { settings: 'new', mended: true })
  await repository.pass()
  const told = sayTold(repository, 'ops/watch')

  assert.deepEqual(first.sort(), ['alerts_broken warning', 'never_seen critical'])
  assert.equal(told.at(-1), 'alerts_broken well')
  assert.ok(
    ear.heard.some((headline) => headline.includes('test/late')),
    ear.heard.join(),
  )
})

test('that nobody listens ends a pass red and keeps nothing from being done', async () => {
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
  await repository.runUntil('18 09:00')

  const report = await repository.pass({ listen: () => Promise.reject(new TypeError('broken')) })
  const red = await repository.pass({ listen: () => Promise.resolve({ why: 'Nobody has been told.', red: true }) })

  assert.deepEqual(report.failures.map(({ step }) => step), ['looking whether anybody was told']) // prettier-ignore
  assert.ok(repository.github.dispatches.length > 0 && sayTold(repository, 'test/late').length > 0)
  assert.deepEqual(red.rounds.map(({ unheard }) => unheard?.red), [true]) // prettier-ignore
})
