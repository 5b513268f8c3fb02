// A refusal is about today's settings: what becomes of it when a person mends them, and of channels that come later.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import fc from 'fast-check'

import type { Channel } from '../../src/alerts/index.ts'
import { createChannels } from '../../src/alerts/index.ts'
import { SourceFailure } from '../../src/core/errors.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { aWebhookServer } from '../helpers/alert-servers.ts'
import { at, say } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import { anEar, aStage } from '../helpers/telling.ts'

const { sql } = await aDatabaseForThisFile()
const { tell, trouble, states } = aStage(sql)

beforeEach(() => sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`)

/** A channel that refuses for as long as it is not mended. */
function aRevoked(name = 'slack', settings = 'old') {
  const state = { settings, mended: false, asked: 0 }
  const ear = anEar(name, async () => {
    state.asked += 1
    await Promise.resolve()
    if (!state.mended) throw new SourceFailure(`${name} answered 410`, { retryable: false })
  })
  const channel: Channel = { ...ear, settings: () => Promise.resolve(state.settings) }
  return { channel, heard: ear.heard, state }
}

test('when the settings of a channel change, what is open is told at once and once', async () => {
  const slack = aRevoked()
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack.channel])
  await tell('19 09:40', [slack.channel])
  const before = slack.state.asked
  Object.assign(slack.state, { settings: 'new', mended: true })

  await tell('19 09:41', [slack.channel])
  await tell('19 09:42', [slack.channel])

  assert.deepEqual([before, slack.state.asked, slack.heard], [1, 2, ['▲ warning: nfl/bronze is in trouble']])
  assert.deepEqual(await states(), ['slack sent'])
})

test('settings that are changed and still wrong are asked once, and then daily', async () => {
  const slack = aRevoked()
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack.channel])
  slack.state.settings = 'as wrong'

  const account = await tell('19 09:41', [slack.channel])
  await tell('19 09:42', [slack.channel])

  assert.deepEqual([slack.state.asked, account.nextAt], [2, at('20 09:41')])
})

test('an incident that closed meanwhile needs no message', async () => {
  const slack = aRevoked()
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack.channel])
  await flip('well', '19 09:00')
  await tell('19 09:00', [slack.channel])
  Object.assign(slack.state, { settings: 'new', mended: true })

  const account = await tell('19 09:01', [slack.channel])

  assert.deepEqual([slack.heard, slack.state.asked, account.nextAt], [[], 1, undefined])
})

test('a channel that works again for one incident is told of the others in the same pass', async () => {
  const slack = aRevoked()
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await trouble('nfl/train', ['warning', '19 08:40'])
  await tell('19 08:40', [slack.channel])
  slack.state.mended = true
  await trouble('nfl/silver', ['warning', '19 10:00'])

  await tell('19 10:00', [slack.channel])

  assert.deepEqual(slack.heard.sort(), ['▲ warning: nfl/bronze is in trouble', '▲ warning: nfl/silver is in trouble', '▲ warning: nfl/train is in trouble']) // prettier-ignore
})

test('a channel that accepted a test message is told what it refused before', async () => {
  const slack = aRevoked()
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack.channel])
  slack.state.mended = true

  await tell('19 08:41', [slack.channel])
  const before = slack.heard.length
  await tell('19 08:42', [slack.channel], { worked: ['slack'] })

  assert.deepEqual([before, slack.heard.length], [0, 1])
})

test('a message that its channel will never take is not asked for without end while others go through', async () => {
  let asked = 0
  const slack = anEar('slack', (message) => {
    if (!message.headline.includes('nfl/bronze')) return Promise.resolve()
    asked += 1
    return Promise.reject(new SourceFailure('slack answered 400', { retryable: false }))
  })
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  for (let i = 0; i < 5; i++) {
    await trouble(`test/job${i}`, ['warning', '19 08:40'])
    await tell(`19 08:4${i}`, [slack])
    await tell(`19 08:4${i}`, [slack])
  }

  assert.ok(asked <= 5, `asked ${asked} times`)
  assert.equal(slack.heard.length, 5)
})

test('a channel that is added later is told what is open: one message each, and no history', async () => {
  const [email, slack] = [anEar('email'), anEar('slack')]
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'], ['critical', '19 08:50'])
  const { flip: end } = await trouble('nfl/silver', ['warning', '19 08:40'])
  await trouble('nfl/train', ['info', '19 08:40'])
  await tell('19 08:50', [email])
  await flip('well', '19 10:00')
  await flip('warning', '19 11:30')
  await end('well', '19 10:00')
  await tell('19 11:30', [email])

  await tell('22 08:00', [email, slack])
  await tell('22 08:01', [email, slack])

  assert.deepEqual(slack.heard, ['▲ warning: nfl/bronze is in trouble'])
})

test('a channel that was taken away and is back is told what is open', async () => {
  const [slack, email] = [anEar('slack'), anEar('email')]
  const { flip } = await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [slack, email])
  await flip('critical', '19 10:00')
  await tell('19 10:00', [email])

  await tell('19 12:00', [slack, email])
  await tell('19 12:01', [slack, email])

  assert.deepEqual(slack.heard, ['▲ warning: nfl/bronze is in trouble', '✕ now critical: nfl/bronze is in trouble'])
  assert.equal(email.heard.length, 2)
})

test('what an older version gave up for good is told while its incident is open', async () => {
  const slack = anEar('slack')
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await tell('19 08:40', [anEar('email')])
  await sql`
    insert into ledger.deliveries (flip_id, incident_id, channel, state, tries, next_try_at, error)
    select id, incident_id, 'slack', 'failed', 1, flipped_at, 'slack answered 410' from ledger.flips
  `

  await tell('22 08:40', [slack])

  assert.deepEqual(slack.heard, ['▲ warning: nfl/bronze is in trouble'])
})

test('issues that are switched on again are opened by the next pass', async () => {
  await using github = await aGithub({ workflows: [] })
  github.facts.has_issues = false
  const { url: apiUrl, repository, token } = github
  const open = () => createChannels({ settings: {}, github: createGithubApi({ apiUrl, repository, token }) }).channels
  await trouble('nfl/bronze', ['warning', '19 08:40'])

  const refused = await tell('19 08:40', open())
  await tell('19 09:40', open())
  const before = github.issues.length
  github.facts.has_issues = true
  await tell('19 09:41', open())

  assert.match(refused.failed[0]!.error, /410 .*Issues are switched off .*Settings → General → Features → Issues\.$/)
  assert.deepEqual([before, github.issues.map(({ state }) => state)], [0, ['open']])
})

test('the ledger keeps of a channel’s settings four digits, which say nothing, and others for others', async () => {
  await using web = await aWebhookServer()
  web.mood = { status: 404 }
  const channelsOf = (path: string) =>
    createChannels({ settings: { SLACK_WEBHOOK_URL: `http://127.0.0.1:${web.port}/${path}` }, github: undefined })
      .channels
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  const kept: string[] = []
  for (const [i, path] of ['T0K3N', 'T0K3N', 'OTHER'].entries()) {
    await tell(`${19 + i} 08:40`, channelsOf(path))
    const [row] = await sql<{ refused_by: string }[]>`select refused_by from ledger.deliveries`
    kept.push(row!.refused_by)
  }

  for (const one of kept) assert.match(one, /^[0-9a-f]{4}$/)
  assert.deepEqual([kept[0] === kept[1], kept[1] === kept[2]], [true, false])
})

test('five tellers at once tell a channel that comes later once', async () => {
  const slack = anEar('slack')
  for (let i = 0; i < 8; i++) await trouble(`test/job-${i}`, ['warning', '19 08:40'])
  await tell('19 08:40', [])

  await Promise.all(Array.from({ length: 5 }, () => tell('19 09:40', [slack])))

  assert.deepEqual([slack.heard.length, new Set(slack.heard).size], [8, 8])
})

type Step = 'break' | 'pass trouble' | 'mend' | 'remove' | 'worse' | 'better' | 'end' | 'later' | 'much later'

test('whatever happened to a channel: once it works, it knows of what is open, and of nothing twice', async () => {
  const steps = fc.array(fc.constantFrom<Step>('break', 'pass trouble', 'mend', 'remove', 'worse', 'better', 'end', 'later', 'much later'), { maxLength: 14 }) // prettier-ignore
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      await sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`
      let now = at('19 08:40').getTime()
      let mood: 'works' | 'refuses' | 'is busy' | 'gone' = 'works'
      let health = 'well'
      let settings = 0
      const ear = anEar('slack', async () => {
        await Promise.resolve()
        if (mood !== 'works') throw new SourceFailure('no', { retryable: mood === 'is busy' })
      })
      const slack: Channel = { ...ear, settings: () => Promise.resolve(String(settings)) }
      const pass = () => tell(say(new Date(now)), mood === 'gone' ? [] : [slack])
      const { flip } = await trouble('nfl/bronze')
      const turn = async (to: 'critical' | 'warning' | 'well') => {
        if (to === health) return
        health = to
        await flip(to, say(new Date(now)))
      }
      const acts: Record<Step, () => Promise<void> | void> = {
        break: () => void (mood = 'refuses'),
        'pass trouble': () => void (mood = 'is busy'),
        remove: () => void (mood = 'gone'),
        mend: () => void ([mood, settings] = ['works', settings + 1]),
        worse: () => turn('critical'),
        better: () => turn('warning'),
        end: () => turn('well'),
        later: () => void (now += 2 * 3_600_000),
        'much later': () => void (now += 30 * 3_600_000),
      }
      for (const step of [...story, 'mend' as const]) {
        now += 60_000
        await acts[step]()
        await pass()
      }
      now += 2 * 3_600_000 // the hour between two messages, and the longest pause
      await pass()

      const last = ear.heard.at(-1) ?? ''
      // What was over before a channel was there again is no news to it.
      const over = story.includes('remove') ? /^/ : /^$|well again/
      const expected = health === 'well' ? over : health === 'critical' ? /critical/ : /warning/
      assert.match(last, expected, ear.heard.join('\n'))
      assert.deepEqual((await states()).filter((state) => state.includes('due')), []) // prettier-ignore
      for (const [i, headline] of ear.heard.entries()) assert.notEqual(headline, ear.heard[i + 1])
    }),
    { numRuns: 60 },
  )
})
