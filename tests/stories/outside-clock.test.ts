// An outside clock that asks before it starts a pass: how few it starts, and what becomes known when its token has expired.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob, at, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { after, sayTold } from './stage.ts'

const job = aJob({ id: 'test/daily' })

/** A clock that asks every four minutes, and the starts it came to. It has a token that GitHub takes but for some hours. */
function askingClock(repository: Repository, [from, until]: [string, string], expired?: [string, string]): Date[] {
  const started: Date[] = []
  const ask = async () => {
    const now = repository.now()
    const [wanted] = await repository.world.sql`select 1 from ledger.pass_wanted(${now})`
    if (!wanted || (expired && now > at(expired[0]) && now < at(expired[1]))) return
    started.push(now)
    await repository.pass({}, { trigger: 'dispatch', actor: 'ann' })
  }
  for (let moment = after(from, 0); moment < at(until); moment = after(moment, 4)) repository.at(moment, ask)
  return started
}

/** GitHub's cron comes this often. */
function cronPasses(repository: Repository, [from, until]: [string, string], everyMinutes: number): void {
  for (let moment = after(from, 0); moment < at(until); moment = after(moment, everyMinutes))
    repository.at(moment, () => repository.pass({}, { trigger: 'schedule', actor: 'ann' }))
}

test('a clock that asks starts a pass an hour on a quiet day, and one within four minutes of what is overdue', async () => {
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
  const started = askingClock(repository, ['18 00:04', '19 00:04'])
  await repository.pass()

  await repository.runUntil('19 00:10')

  assert.ok(started.length >= 22 && started.length <= 26, started.map(say).join())
  assert.ok(started.some((when) => when >= at('18 08:37') && when <= at('18 08:41')), started.map(say).join()) // prettier-ignore
  assert.deepEqual(sayTold(repository, 'ops/watch'), [])
})

test('a clock whose token expires is told of when somebody else makes the pass that it owed, and is over with its next pass', async () => {
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 1 1 *'] }] })
  const started = askingClock(repository, ['18 00:04', '22 12:00'], ['21 10:00', '22 06:00'])
  cronPasses(repository, ['18 03:37', '22 12:00'], 300)
  await repository.pass()

  await repository.runUntil('22 12:00')

  const told = repository.told.filter(({ message }) => message.incident.cause === 'clock_silent')
  assert.deepEqual(told.map(({ at: when, message }) => `${say(when)} ${message.kind}`), ['21 16:37 opened', `${say(started.find((when) => when > at('22 06:00'))!)} recovered`]) // prettier-ignore
  assert.match(told[0]!.message.headline, /The outside clock started no pass for 4 h in which one was wanted/)
  assert.match(told[0]!.message.sentences.join(' '), /token has expired/)
})

test('without a clock nobody is told that there is a silent one', async () => {
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 1 1 *'] }] })
  cronPasses(repository, ['18 03:37', '22 12:00'], 300)

  await repository.runUntil('22 12:00')

  assert.deepEqual([...new Set(sayTold(repository))], ['wake_up_gap warning'])
})
