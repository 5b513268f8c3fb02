// From flips to people, on a real ledger: who is told what, when, and once.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { createChannels } from '../../src/alerts/index.ts'
import { parseRoutes } from '../../src/alerts/routes.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { listDueDeliveries } from '../../src/ledger/deliveries-due.ts'
import { claimDelivery, writeDeliveries } from '../../src/ledger/deliveries.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import { anEar, aStage, refuse } from '../helpers/telling.ts'

const { sql } = await aDatabaseForThisFile()
const { tell, trouble, states } = aStage(sql)

beforeEach(() => sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`)

test('a flip is told to every channel, and then never again', async () => {
  const [slack, email] = [anEar('slack'), anEar('email')]
  await trouble('nfl/bronze', ['warning', '19 08:40'])

  const first = await tell('19 08:40', [slack, email])
  const second = await tell('19 08:45', [slack, email])

  assert.deepEqual([slack.heard, email.heard], [['▲ warning: nfl/bronze is in trouble'], ['▲ warning: nfl/bronze is in trouble']]) // prettier-ignore
  assert.deepEqual(first.sent.map(({ channel, subject }) => `${channel} ${subject}`).sort(), ['email nfl/bronze', 'slack nfl/bronze']) // prettier-ignore
  assert.deepEqual(second, { sent: [], failed: [], dropped: [], waiting: [], nextAt: undefined })
  assert.deepEqual([...(await sql`select told_at from ledger.flips`)], [{ told_at: at('19 08:40') }])
})

test('what becomes worse is told at once; what else follows within the hour waits for its end, and only the newest is told', async () => {
  const slack = anEar()
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack])
  await flip('critical', '19 08:50')
  const worse = await tell('19 08:50', [slack])
  await flip('warning', '19 09:00')
  const early = await tell('19 09:00', [slack])
  await flip('well', '19 09:10')
  const covering = await tell('19 09:10', [slack])
  await tell('19 09:50', [slack])

  assert.deepEqual([worse.sent.length, worse.waiting.length], [1, 0])
  assert.deepEqual([early.waiting.length, early.nextAt], [1, at('19 09:50')])
  assert.deepEqual(
    [covering.dropped.map(({ why }) => why), covering.waiting.length],
    [['covered by a later message'], 1],
  )
  assert.deepEqual(slack.heard.slice(2), ['● well again: nfl/bronze was late for 30 m'])
})

test('trouble that ends and comes back within the hour is told once', async () => {
  const slack = anEar()
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack])
  await flip('well', '19 08:50')
  await tell('19 08:50', [slack])
  await flip('warning', '19 09:00')
  const account = await tell('19 09:00', [slack])

  assert.deepEqual(account.dropped.map(({ why }) => why), ['covered by a later message', 'nothing new since the last message']) // prettier-ignore
  assert.deepEqual([slack.heard.length, account.nextAt], [1, undefined])
})

test('trouble that was over before anybody was told is told once, as over; mere information is not', async () => {
  const issue = anEar('github-issue')
  await trouble('nfl/bronze', ['warning', '19 08:40'], ['well', '19 08:52'])
  await trouble('nfl/silver', ['info', '19 08:40'], ['well', '19 08:52'])

  await tell('19 08:52', [issue])

  assert.deepEqual(issue.heard, ['● well again: nfl/bronze was late for 12 m'])
  assert.deepEqual(await states(), ['github-issue dropped: covered by a later message', 'github-issue sent', 'github-issue dropped: covered by a later message', 'github-issue dropped: over before it was told, and of no weight']) // prettier-ignore
})

test('an incident that comes back within a day comes back as its own issue', async () => {
  await using github = await aGithub({ workflows: [] })
  const { url: apiUrl, repository, token } = github
  const { channels } = createChannels({ settings: {}, github: createGithubApi({ apiUrl, repository, token }) })
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', channels)
  await flip('well', '19 10:00')
  await tell('19 10:00', channels)
  const closed = github.issues[0]!.state
  await flip('warning', '19 12:00')
  await tell('19 12:00', channels)

  assert.deepEqual([closed, github.issues.map(({ state }) => state)], ['closed', ['open']])
  assert.equal(github.comments.length, 2)
})

test('a pass that dies between claim and record only delays its message', async () => {
  const slack = anEar()
  const { incidentId, flip } = await trouble('nfl/bronze')
  const id = await flip('warning', '19 08:40')
  await writeDeliveries(sql, [{ id, incidentId, channels: ['slack'] }], at('19 08:40'))
  await claimDelivery(sql, (await listDueDeliveries(sql, 1))[0]!, at('19 08:41'))

  await tell('19 08:40', [slack])
  const meanwhile = slack.heard.length
  await tell('19 08:41', [slack])

  assert.deepEqual([meanwhile, slack.heard.length], [0, 1])
  assert.deepEqual(await states(), ['slack sent'])
})

test('while a message is being sent, a later one of its incident waits', async () => {
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  const second = anEar()
  const slack = anEar('slack', async () => {
    await flip('well', '19 08:40')
    await tell('19 08:40', [second])
  })

  await tell('19 08:40', [slack])

  assert.deepEqual([slack.heard.length, second.heard], [1, []])
  assert.deepEqual(await states(), ['slack sent', 'slack due 19 08:40 after 0'])
})

test('five tellers at once send every message once', async () => {
  const [slack, email] = [anEar('slack'), anEar('email')]
  for (let i = 0; i < 10; i++) await trouble(`test/job-${i}`, ['warning', '19 08:40'])

  await Promise.all(Array.from({ length: 5 }, () => tell('19 08:40', [slack, email])))

  assert.deepEqual([slack.heard.length, new Set(slack.heard).size, email.heard.length], [10, 10, 10])
  assert.equal((await states()).filter((state) => state.endsWith('sent')).length, 20)
})

test('one call sends fifty messages at most, fairly, and says that more wait', async () => {
  const [slack, email] = [anEar('slack'), anEar('email')]
  for (let i = 0; i < 30; i++) await trouble(`test/job-${i}`, ['warning', '19 08:40'])

  const account = await tell('19 08:40', [slack, email])
  const rest = await tell('19 08:40', [slack, email])

  assert.deepEqual([slack.heard.length, email.heard.length, account.sent.length, account.waiting.length, rest.sent.length], [30, 30, 50, 10, 10]) // prettier-ignore
  assert.deepEqual(account.nextAt, at('19 08:40'))
  assert.equal(account.sent.filter(({ channel }) => channel === 'slack').length, 25)
})

test('the routes decide who is told and how grave it is', async () => {
  const [slack, issue] = [anEar('slack'), anEar('github-issue')]
  await trouble('nfl/bronze', ['critical', '19 08:40'])

  await tell('19 08:40', [slack, issue], { routes: parseRoutes('{"severities":{"overdue":"info"}}') })

  assert.deepEqual([slack.heard, issue.heard], [[], ['○ for information: nfl/bronze is in trouble']])
})

test('without any channel flips count as told, and what waits for a channel that is gone is dropped', async () => {
  const slack = anEar('slack', refuse())
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack])
  await trouble('nfl/silver', ['warning', '19 08:41'])

  const account = await tell('19 08:41', [])

  assert.deepEqual(await states(), ['slack dropped: the channel is not set up any more'])
  assert.equal(account.dropped.length, 1)
  assert.equal((await sql`select 1 from ledger.flips where told_at is null`).length, 0)
})
