// What happens when somebody is deaf: to the message, to the others, and to what waits behind it.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { createChannels, type ChannelSettings } from '../../src/alerts/index.ts'
import { aMailServer, aWebhookServer } from '../helpers/alert-servers.ts'
import { at, say } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { anEar, aStage, refuse } from '../helpers/telling.ts'

const { sql } = await aDatabaseForThisFile()
const { tell, trouble, states } = aStage(sql)

beforeEach(() => sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`)

test('Slack is deaf while e-mail works: the mail goes out, and Slack is tried again', async () => {
  await using web = await aWebhookServer()
  await using mail = await aMailServer()
  web.mood = 'hang'
  const settings: ChannelSettings = {
    SLACK_WEBHOOK_URL: `http://127.0.0.1:${web.port}/T0K3N`,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    ALERT_EMAIL_FROM: 'ops@acme.example',
    ALERT_EMAIL_TO: 'ann@acme.example',
  }
  const { channels } = createChannels({ settings, github: undefined })
  await trouble('nfl/bronze', ['warning', '19 08:40'])

  const deaf = await tell('19 08:40', channels, { sendWithinMs: 1000 })
  const before = await states()
  web.mood = 'accept'
  const healed = await tell('19 08:41', channels)

  assert.deepEqual([deaf.sent.map(({ channel }) => channel), deaf.failed.map(({ channel }) => channel)], [['email'], ['slack']]) // prettier-ignore
  assert.deepEqual(before, ['email sent', 'slack due 19 08:41 after 1'])
  assert.deepEqual(deaf.nextAt, at('19 08:41'))
  assert.deepEqual([healed.sent.map(({ channel }) => channel), mail.received.length], [['slack'], 1])
})

test('a revoked webhook is asked again a day later, and the others are told', async () => {
  await using web = await aWebhookServer()
  web.mood = { status: 410 }
  const settings = { SLACK_WEBHOOK_URL: `http://127.0.0.1:${web.port}/T0K3N` }
  const { channels } = createChannels({ settings, github: undefined })
  const email = anEar('email')
  await trouble('nfl/bronze', ['critical', '19 08:40'])

  const account = await tell('19 08:40', [...channels, email])
  await tell('20 08:39', [...channels, email])
  const meanwhile = web.received.length
  await tell('20 08:40', [...channels, email])

  assert.deepEqual([meanwhile, web.received.length, account.nextAt], [1, 2, at('20 08:40')])
  assert.deepEqual(account.failed.map(({ channel, refused }) => [channel, refused]), [['slack', true]]) // prettier-ignore
  assert.match(account.failed[0]!.error, /^slack answered 410: .* set SLACK_WEBHOOK_URL to it\.$/)
  assert.equal(email.heard.length, 1)
})

test('a channel that asks for patience gets it, for all that waits for it', async () => {
  const busy = anEar('slack', refuse(600))
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await trouble('nfl/silver', ['warning', '19 08:40'])

  const account = await tell('19 08:40', [busy])

  assert.deepEqual(await states(), ['slack due 19 08:50 after 1', 'slack due 19 08:50 after 0'])
  assert.deepEqual([account.failed.length, account.waiting.length], [1, 1])
})

test('a message that its channel chokes on does not hold up the others for ever', async () => {
  const slack = anEar('slack', (message) => (message.headline.includes('nfl/bronze') ? refuse()() : Promise.resolve()))
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  await trouble('nfl/silver', ['warning', '19 08:40'])

  await tell('19 08:40', [slack])
  const before = slack.heard.length
  await tell('19 08:41', [slack])

  assert.deepEqual([before, slack.heard], [0, ['▲ warning: nfl/silver is in trouble']])
})

test('after ten tries in vain a message is tried daily while its incident is open', async () => {
  const slack = anEar('slack', refuse())
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  const tries: string[] = []
  let next = at('19 08:40')
  for (let i = 0; i < 13; i++) {
    tries.push(say(next))
    next = (await tell(say(next), [slack])).nextAt!
  }

  assert.deepEqual(tries.slice(8), ['19 12:33', '19 13:33', '20 13:33', '21 13:33', '22 13:33'])
  assert.deepEqual(await states(), ['slack due 23 13:33 after 13'])
})

test('a channel that crashes or never answers is a failure like any other, without its secrets', async () => {
  const crash = anEar('slack', () => Promise.reject(new TypeError('no such thing as s3cr3t')))
  const mute = anEar('email', () => new Promise(() => undefined))
  const webhook = anEar('webhook')
  await trouble('nfl/bronze', ['warning', '19 08:40'])
  const redact = (text: string) => text.replaceAll('s3cr3t', '***')

  const { failed, sent } = await tell('19 08:40', [crash, mute, webhook], { sendWithinMs: 50, redact })

  assert.deepEqual(failed.map(({ error }) => error).sort(), ['email did not answer within 0.05 s. It will be tried again.', 'slack could not be told: its channel crashed. (no such thing as ***)']) // prettier-ignore
  assert.deepEqual(sent.map(({ channel }) => channel), ['webhook']) // prettier-ignore
})
