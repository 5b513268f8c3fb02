// Is anybody listening? What of the open incidents nobody has heard of, and why.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { parseRoutes } from '../../src/alerts/routes.ts'
import { sayUnheard } from '../../src/alerts/unheard.ts'
import { SourceFailure } from '../../src/core/errors.ts'
import { takeUnheardTurn } from '../../src/ledger/deliveries-refused.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { anEar, aStage } from '../helpers/telling.ts'

const { sql } = await aDatabaseForThisFile()
const { tell, trouble } = aStage(sql)

beforeEach(() => sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`)

const gone = (name: string) =>
  anEar(name, () =>
    Promise.reject(new SourceFailure(`${name} answered 410: expected 2xx. Make a new one.`, { retryable: false })),
  )

const unheard = (now: string, channels: readonly string[], wish: { routes?: string; problems?: string[] } = {}) =>
  sayUnheard({ sql, now: at(now), channels, routes: parseRoutes(wish.routes), problems: wish.problems ?? [] })

test('an incident that every channel refuses is told of after an hour, with the channels and why', async () => {
  const [slack, issue] = [gone('slack'), gone('github-issue')]
  await trouble('nfl/bronze', ['critical', '19 08:40'])
  await tell('19 08:40', [slack, issue])

  const early = await unheard('19 09:39', ['github-issue', 'slack'])
  const said = await unheard('19 09:40', ['github-issue', 'slack'])

  assert.equal(early, undefined)
  assert.equal(
    said,
    'Nobody has been told for more than an hour of what is open: nfl/bronze. github-issue answered 410: expected 2xx. Make a new one. slack answered 410: expected 2xx. Make a new one. Mend one of these (README, "Where to be told"): what is open is then told by itself.',
  )
})

test('one channel that has accepted it is enough, and what it had heard before counts', async () => {
  const [slack, email] = [gone('slack'), anEar('email')]
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack, email])
  const once = await unheard('19 10:00', ['slack', 'email'])
  await flip('well', '19 10:01')
  await flip('warning', '19 10:02')
  await tell('19 10:02', [slack, email])

  assert.deepEqual([once, await unheard('19 12:00', ['slack', 'email'])], [undefined, undefined])
})

test('what was accepted before it closed does not count for its return', async () => {
  const email = anEar('email')
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [email])
  await flip('well', '19 10:00')
  await tell('19 10:00', [email])
  await flip('warning', '19 12:00')
  await tell('19 12:00', [gone('email')])

  assert.match((await unheard('19 13:00', ['email'])) ?? '', /nfl\/bronze\. email answered 410/)
})

test('without any channel at all that counts as well, and settings that cannot be read are named', async () => {
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [])

  const said = await unheard('19 09:40', [], { problems: ['alerts: SLACK_WEBHOOK_URL is no address.'] })

  assert.match(said ?? '', /nfl\/bronze\. no channel is set up\. alerts: SLACK_WEBHOOK_URL is no address\. Mend/)
})

test('what the routes tell nobody is nobody’s to hear, and what is over needs no ear', async () => {
  const quiet = '{"channels":{"slack":{"except":["overdue"]}}}'
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await trouble('nfl/silver', ['critical', '19 08:40'], ['well', '19 09:00'])
  await tell('19 09:00', [gone('slack')], { routes: parseRoutes(quiet) })

  assert.equal(await unheard('19 12:00', ['slack'], { routes: quiet }), undefined)
})

test('a channel that never answered is named too, and of many incidents three', async () => {
  for (let i = 0; i < 5; i++) await trouble(`test/job${i}`, ['warning', '19 08:40'])

  assert.match(
    (await unheard('19 12:00', ['slack'])) ?? '',
    /test\/job0, test\/job1, test\/job2 and 2 more\. slack has not answered\./,
  )
})

test('of all the passes of a day one is red', async () => {
  const turn = (when: string) => takeUnheardTurn(sql, at(when))
  const together = await Promise.all([turn('19 09:40'), turn('19 09:40'), turn('19 09:40')])
  const later = [await turn('19 10:40'), await turn('20 09:39'), await turn('20 09:40')]

  assert.deepEqual([together.filter(Boolean).length, later], [1, [false, false, true]])
})
