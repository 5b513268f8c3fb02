import assert from 'node:assert/strict'
import { test } from 'node:test'

import { toMessage, toPlainText, type Kind, type Message } from '../../src/alerts/message.ts'
import { CAUSES, type Cause } from '../../src/core/incident.ts'
import { at } from '../helpers/builders.ts'
import { aDelivery } from '../helpers/incidents.ts'

type Wish = Parameters<typeof aDelivery>[0]
const FACTS = {
  repository: 'acme/league',
  serverUrl: 'https://github.com',
  siteUrl: undefined,
  environment: 'production',
}

function say(kind: Kind, wish: Wish = {}, environment = 'production'): Message {
  return toMessage(aDelivery(wish), kind, { facts: { ...FACTS, environment }, redact: (text) => text })
}

const over = (wish: Wish = {}) =>
  ({ newHealth: 'well', oldHealth: 'warning', flippedAt: at('19 08:52'), ...wish }) as const

test('a headline says how grave it is and whether it is new', () => {
  const title = 'nfl/bronze is late since Tue 19 Nov 08:07 UTC'

  assert.equal(say('opened').headline, `▲ warning: ${title}`)
  assert.equal(say('opened', { newHealth: 'info' }).headline, `○ for information: ${title}`)
  assert.equal(say('reopened', { newHealth: 'critical' }).headline, `✕ critical, again: ${title}`)
  assert.equal(say('worse', { newHealth: 'critical' }).headline, `✕ now critical: ${title}`)
  assert.equal(say('better').headline, `▲ now only a warning: ${title}`)
  assert.equal(say('better', { newHealth: 'info' }).headline, `○ now only for information: ${title}`)
})

test('what was late and is served is told with its lateness and the time', () => {
  const message = say('recovered', over({ slot: { state: 'served', startedAt: at('19 08:47') } }))

  assert.equal(message.headline, '● well again: nfl/bronze was late for 40 m')
  assert.ok(
    message.sentences.includes('The slot of Tue 19 Nov 2024 08:07 UTC was served at Tue 19 Nov 2024 08:47 UTC.'),
  )
})

test('what is late no more because it was missed is not called well', () => {
  const message = say('recovered', over({ slot: { state: 'missed', startedAt: undefined }, flippedAt: at('19 14:07') }))

  assert.equal(message.headline, '○ over: nfl/bronze was late for 6 h; its slot was missed')
})

test('trouble of other kinds lasted from when it was knowable', () => {
  const incident = { cause: 'failed' as const, subject: 'source:nflverse', knowableAt: at('19 08:22') }

  assert.equal(say('recovered', over({ incident })).headline, '● well again: nflverse was failing for 30 m')
})

test('trouble that came back lasted from when it came back', () => {
  const opening = { at: at('19 08:42'), wellSince: at('19 08:30') }
  const incident = { cause: 'failed' as const, knowableAt: at('19 08:22'), times: 2, openedAt: at('19 08:22') }
  const message = say('recovered', over({ incident, opening }))

  assert.equal(message.headline, '● well again: nfl/bronze was failing for 10 m')
  assert.deepEqual(
    message.facts.find(({ name }) => name === 'Opened')?.text,
    '2 times, first Tue 19 Nov 2024 08:22 UTC',
  )
})

test('what was over before anybody was told says so', () => {
  assert.ok(say('passed', over()).sentences.includes('It was over before anybody was told.'))
  assert.ok(!say('recovered', over()).sentences.includes('It was over before anybody was told.'))
})

test('every cause has words for what it was, and an unknown one as well', () => {
  const headlines = [...CAUSES, 'haunted'].map(
    (cause) => say('recovered', over({ incident: { cause: cause as Cause } })).headline,
  )

  assert.equal(new Set(headlines).size, CAUSES.length + 1)
  assert.equal(headlines.at(-1), '● well again: nfl/bronze was in trouble for 15 m')
})

test('a replay and any other place than production is named, and simulated data is called so', () => {
  const run = { id: 'run-1', githubRunId: undefined, simulated: true }

  assert.match(say('opened', {}, 'replay').headline, /^\[replay\] ▲ warning: /)
  assert.match(say('opened', {}, 'replay').sentences[0]!, /^This is a replay/)
  assert.match(say('opened', {}, 'development').headline, /^\[development\] /)
  assert.match(say('opened', { run }).sentences[0]!, /^Simulated data/)
})

test('a message names who has acknowledged, and links to what is known only', () => {
  const run = { id: 'run-1', githubRunId: '12', simulated: false }
  const message = say('worse', { run, incident: { acknowledgedAt: at('19 08:45'), acknowledgedBy: 'ann' } })

  assert.ok(toPlainText(message).includes('Acknowledged: Tue 19 Nov 2024 08:45 UTC by ann'))
  assert.deepEqual(message.links, [{ text: 'Log on GitHub', url: 'https://github.com/acme/league/actions/runs/12' }])
  assert.deepEqual(say('opened').links, [])
})

test('a message leads to its job’s page, or to the site where it is of no job', () => {
  const linkOf = (subject: string) => {
    const facts = { ...FACTS, siteUrl: 'https://acme.example/league' }
    return toMessage(aDelivery({ incident: { subject } }), 'opened', { facts, redact: (text) => text }).links[0]?.url
  }

  assert.equal(linkOf('nfl/bronze'), 'https://acme.example/league/jobs/nfl/bronze')
  for (const subject of ['source:nflverse', 'ops/watch', 'ops/dashboard'])
    assert.equal(linkOf(subject), 'https://acme.example/league')
})

test('secrets are taken out of all that came from outside', () => {
  const incident = { title: 'postgres://ann:pw', detail: 'said postgres://ann:pw', acknowledgedAt: at('19 08:45'), acknowledgedBy: 'postgres://ann:pw' } // prettier-ignore
  const redact = (text: string) => text.replaceAll('postgres://ann:pw', '***')
  const message = toMessage(aDelivery({ incident }), 'opened', { facts: FACTS, redact })

  assert.ok(!JSON.stringify(message).includes('ann:pw'))
})

test('a headline is one line of 240 signs at most, without what would turn or hide text', () => {
  const { headline } = say('opened', { incident: { title: `late\r\nBcc: \u202eeve\u0007${'x'.repeat(500)}` } })

  assert.match(headline, /^▲ warning: late Bcc: evex+…$/)
  assert.equal(headline.length, 240)
})
