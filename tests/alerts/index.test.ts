import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CHANNEL_NAMES, createChannels, type ChannelSettings } from '../../src/alerts/index.ts'

const MAIL = { SMTP_URL: 'smtps://ann:pw@smtp.acme.example', ALERT_EMAIL_FROM: 'Ops <ops@acme.example>', ALERT_EMAIL_TO: 'ann@acme.example' } // prettier-ignore

function make(settings: ChannelSettings) {
  const { channels, problems } = createChannels({ settings, github: undefined })
  return {
    names: channels.map(({ name }) => name),
    problems: problems.map(({ why }) => why),
    silent: problems.map(({ channel }) => channel),
  }
}

test('what is not set up is not there, and an empty setting is none', () => {
  assert.deepEqual(make({}), { names: [], problems: [], silent: [] })
  assert.deepEqual(make({ SLACK_WEBHOOK_URL: ' ', SMTP_URL: '' }), { names: [], problems: [], silent: [] })
})

test('what is set up is there, in the order of the registry', () => {
  const hook = 'https://hooks.example/x'
  const all = { ...MAIL, SLACK_WEBHOOK_URL: hook, DISCORD_WEBHOOK_URL: hook, ALERT_WEBHOOK_URL: hook }

  assert.deepEqual(make(all), {
    names: CHANNEL_NAMES.filter((name) => name !== 'github-issue'),
    problems: [],
    silent: [],
  })
})

test('a channel that is set up wrongly says what is wrong, never its secret, and leaves the others alone', () => {
  const { names, problems, silent } = make({ ...MAIL, SLACK_WEBHOOK_URL: 'http://hooks.example/s3cr3t', DISCORD_WEBHOOK_URL: 's3cr3t' }) // prettier-ignore

  assert.deepEqual([names, silent], [['email'], ['slack', 'discord']])
  assert.deepEqual(
    problems.map((problem) => problem.split('.')[0]),
    ['alerts: SLACK_WEBHOOK_URL is not an address that begins with https://', 'alerts: DISCORD_WEBHOOK_URL is not an address that begins with https://'], // prettier-ignore
  )
  assert.ok(!problems.join().includes('s3cr3t'))
})

test('e-mail lists all that is wrong with its settings at once', () => {
  const { problems } = make({ SMTP_URL: 'https://smtp.acme.example', ALERT_EMAIL_TO: 'ann@acme.example, bob' })

  assert.equal(problems.length, 1)
  for (const name of ['SMTP_URL', 'ALERT_EMAIL_FROM', 'ALERT_EMAIL_TO'])
    assert.ok(problems[0]!.includes(name), problems[0])
})
