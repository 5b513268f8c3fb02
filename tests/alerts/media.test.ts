// What is one medium's own: its marks, its limits and its way to refuse.

import assert from 'node:assert/strict'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { test } from 'node:test'

import { readAcknowledgements } from '../../src/alerts/github-issue.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { aMessage, failureOf, rigs, send, theOnly } from '../helpers/alert-rigs.ts'
import { aWebhookServer, type Received } from '../helpers/alert-servers.ts'
import { at } from '../helpers/builders.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Github } from '../helpers/github-shapes.ts'

const apiOf = ({ url: apiUrl, repository, token }: Github) => createGithubApi({ apiUrl, repository, token })

test('Retry-After may be a fraction or a date of the server itself', async () => {
  await using rig = await rigs['discord']!()
  const date = { date: 'Tue, 19 Nov 2024 08:00:00 GMT', 'retry-after': 'Tue, 19 Nov 2024 08:02:00 GMT' }
  rig.mood = { status: 429, headers: { 'retry-after': '0.65' } }
  const fraction = await failureOf(send(rig.channel, aMessage()))
  rig.mood = { status: 503, headers: date }
  const dated = await failureOf(send(rig.channel, aMessage()))

  assert.deepEqual([fraction.retryAfterSeconds, dated.retryAfterSeconds], [1, 120])
})

test('a revoked webhook is told with the setting to change and the word that Slack gives for it', async () => {
  await using rig = await rigs['slack']!()
  rig.mood = { status: 404, body: 'no_service' }

  const { message } = await failureOf(send(rig.channel, aMessage()))

  assert.equal(message, 'slack answered 404 (no_service): expected 2xx. The webhook was revoked: make a new one and set SLACK_WEBHOOK_URL to it.') // prettier-ignore
})

test('Slack gets no mention, tag or link that a text brought along', async () => {
  await using rig = await rigs['slack']!()
  await send(rig.channel, aMessage({ incident: { detail: '<!channel> <https://evil.example|log in> a & b' } }))

  const { blocks } = JSON.parse(rig.received()[0]!) as { blocks: { text: { text: string; verbatim: boolean } }[] }
  const texts = blocks.map(({ text }) => text.text)
  assert.ok(texts.includes('&lt;!channel&gt; &lt;https://evil.example|log in&gt; a &amp; b'), texts.join('\n'))
  assert.ok(blocks.every(({ text }) => text.verbatim && text.text.length <= 3000))
})

test('Discord pings nobody, makes no markup of a text, and keeps within its limits', async () => {
  await using rig = await rigs['discord']!()
  await send(rig.channel, aMessage({ incident: { detail: '@everyone <@1> **[in](https://evil.example)**', title: '*'.repeat(500) } })) // prettier-ignore

  const body = JSON.parse(rig.received()[0]!) as {
    allowed_mentions: unknown
    embeds: { title: string; description: string; fields: { name: string; value: string }[] }[]
  }
  const [embed] = body.embeds
  assert.deepEqual(body.allowed_mentions, { parse: [] })
  assert.ok(
    embed!.description.startsWith('@\u200beveryone \\<@\u200b1\\> \\*\\*\\[in\\]\\(https://evil.example\\)\\*\\*'),
  )
  assert.ok(embed!.title.length <= 256 && embed!.description.length <= 4096)
})

/** What a receiver does, as README says it. */
function isGenuine({ headers, body }: Received, secret: string, nowMs: number): boolean {
  const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-matchday-signature'])) ?? []
  const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest()
  const isFresh = Math.abs(nowMs / 1000 - Number(t)) <= 300
  return isFresh && v1 !== '' && timingSafeEqual(expected, Buffer.from(v1, 'hex'))
}

test('a webhook signature holds for its body, its secret and five minutes, and each try has its own', async () => {
  await using server = await aWebhookServer()
  const url = `http://127.0.0.1:${server.port}/in`
  const channel = theOnly({ ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: 'between-us' })
  await send(channel, aMessage())
  const [first] = server.received
  const { headers, body } = first!
  const signedAt = Number(/t=(\d+)/.exec(String(headers['x-matchday-signature']))?.[1]) * 1000

  const forged = { 'x-matchday-signature': String(headers['x-matchday-signature']).replace(/t=\d+/, `t=${signedAt / 1000 + 600}`) } // prettier-ignore
  const verdicts = [
    isGenuine(first!, 'between-us', signedAt + 300_000),
    isGenuine(first!, 'between-us', signedAt + 301_000),
    isGenuine(first!, 'another', signedAt),
    isGenuine({ ...first!, body: body.replace('late', 'fine') }, 'between-us', signedAt),
    isGenuine({ ...first!, headers: forged }, 'between-us', signedAt + 600_000),
  ]

  assert.deepEqual(verdicts, [true, false, false, false, false])
  assert.ok(Math.abs(signedAt - Date.now()) < 60_000)
})

test('the webhook gets the documented shape, signed over its very bytes', async () => {
  await using server = await aWebhookServer()
  const settings = { ALERT_WEBHOOK_URL: `http://127.0.0.1:${server.port}/in`, ALERT_WEBHOOK_SECRET: 'between-us' }
  await send(theOnly(settings), aMessage({ flipId: '12' }))

  const { body, headers, path } = server.received[0]!
  const { text, headline, ...rest } = JSON.parse(body) as { text: string; headline: string }
  assert.ok(isGenuine(server.received[0]!, 'between-us', Date.now()))
  assert.deepEqual([path, headers['content-type']], ['/in', 'application/json'])
  assert.ok(text.startsWith(headline))
  assert.deepEqual(rest, {
    version: 1,
    id: 'flip-12',
    kind: 'opened',
    health: 'warning',
    environment: 'production',
    incident: {
      id: '1',
      subject: 'nfl/bronze',
      cause: 'overdue',
      severity: 'warning',
      title: 'nfl/bronze is late since Tue 19 Nov 08:07 UTC',
      detail: 'A rescue was asked for.',
      slotDueAt: '2024-11-19T08:07:00.000Z',
      knowableAt: '2024-11-19T08:37:00.000Z',
      openedAt: '2024-11-19T08:40:00.000Z',
      closedAt: null,
      times: 1,
    },
    links: [{ text: 'On the site', url: 'https://acme.example/league/jobs/nfl/bronze' }],
  })
})

test('without a secret the webhook is not signed', async () => {
  await using server = await aWebhookServer()
  await send(theOnly({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${server.port}/` }), aMessage())

  assert.equal(server.received[0]!.headers['x-matchday-signature'], undefined)
})

test('the mails of an incident answer its first one, and a title cannot add a header', async () => {
  await using rig = await rigs['email']!()
  const [first] = await send(rig.channel, aMessage({ incident: { title: 'late\r\nBcc: eve@evil.example' } }))
  const kept = await send(
    rig.channel,
    aMessage({ kind: 'recovered', flipId: '2', newHealth: 'well', flippedAt: at('19 08:47') }),
    { reference: first! },
  )

  const [opening = '', closing = ''] = rig.received()
  assert.deepEqual(kept, [])
  assert.match(opening, /^Message-ID: <incident-1\.flip-1@production\.matchday>/im)
  assert.match(closing, /^In-Reply-To: <incident-1\.flip-1@production\.matchday>/im)
  assert.match(closing, /^Subject: ● well again: nfl\/bronze was late for/m)
  assert.match(opening, /^To: ann@acme\.example, bob@acme\.example/m)
  assert.doesNotMatch(opening, /^Bcc/im)
})

test('GitHub keeps one issue per incident: a comment and its end when it is over, and the same one again when it is back', async () => {
  await using github = await aGithub({ workflows: [] })
  const channel = theOnly({}, apiOf(github))
  const [reference] = await send(channel, aMessage())
  const opened = { ...github.issues[0]! }
  const over = aMessage({ kind: 'recovered', newHealth: 'well', flippedAt: at('19 08:47') })
  await send(channel, over, { reference: reference! })
  const closed = { ...github.issues[0]! }
  await send(channel, aMessage({ kind: 'reopened', newHealth: 'critical' }), { reference: reference! })

  assert.deepEqual([opened.state, closed.state, github.issues[0]!.state], ['open', 'closed', 'open'])
  assert.deepEqual([opened.labels, opened.title], [['matchday', 'incident', 'warning'], '▲ warning: nfl/bronze is late since Tue 19 Nov 08:07 UTC']) // prettier-ignore
  assert.match(github.issues[0]!.title, /^✕ critical, again: /)
  assert.equal(github.issues.length, 1)
  assert.deepEqual(github.comments.map(({ body }) => body.split('\n')[0]), ['**● well again: nfl/bronze was late for 40 m**', '**✕ critical, again: nfl/bronze is late since Tue 19 Nov 08:07 UTC**']) // prettier-ignore
})

test('GitHub gets a new issue where the old one is gone, and a closed one where it is over already', async () => {
  await using github = await aGithub({ workflows: [] })
  const channel = theOnly({}, apiOf(github))

  const [replaced] = await send(channel, aMessage(), { reference: '4711' })
  const [passed] = await send(channel, aMessage({ kind: 'passed', newHealth: 'well', flippedAt: at('19 08:49') }))

  assert.deepEqual([replaced, passed], github.issues.map(({ number }) => String(number))) // prettier-ignore
  assert.deepEqual(github.issues.map(({ state }) => state), ['open', 'closed']) // prettier-ignore
})

test('an issue that could not be closed at once is not opened a second time', async () => {
  await using github = await aGithub({ workflows: [] })
  const channel = theOnly({}, apiOf(github))
  const passed = aMessage({ kind: 'passed', newHealth: 'well', flippedAt: at('19 08:49') })
  github.refuseNext({ status: 502 }, { only: /PATCH/ })
  const kept: string[] = []
  const keep = async (reference: string) => void kept.push(reference)

  await failureOf(channel.send(passed, { reference: undefined, keep, signal: new AbortController().signal }))
  await send(channel, passed, { reference: kept[0]! })

  assert.deepEqual(github.issues.map(({ state }) => state), ['closed']) // prettier-ignore
})

test('GitHub makes no mention, reference, table cell or tag of a text', async () => {
  await using rig = await rigs['github-issue']!()
  await send(
    rig.channel,
    aMessage({ incident: { detail: '@acme/all see #1 | <img src=x> `code` [in](https://evil.example)' } }),
  )

  const body = rig.received()[0]!
  assert.ok(body.includes('&#64;&#8203;acme/all see &#35;&#8203;1 &#124; &lt;img src=x&gt; &#96;code&#96; &#91;in&#93;(https://evil.example)'), body) // prettier-ignore
})

test('acknowledged are the incidents whose issue carries the label, and what GitHub refuses costs only the rest', async () => {
  await using github = await aGithub({ workflows: [] })
  const api = apiOf(github)
  for (const labels of [['matchday'], ['matchday', 'acknowledged'], ['acknowledged']])
    await api.createIssue({ title: 'trouble', body: 'of some kind', labels })
  const open = github.issues.map(({ number }, i) => ({ incidentId: `i${i}`, reference: String(number) }))

  const read = await readAcknowledgements(api, open)
  github.refuseNext({ status: 502 }, { only: new RegExp(`/issues/${github.issues[2]!.number}$`) })
  const cut = await readAcknowledgements(api, open)

  assert.deepEqual(read, { acknowledged: ['i1', 'i2'], error: undefined })
  assert.deepEqual(cut.acknowledged, ['i1'])
  assert.match(cut.error ?? '', /502/)
})
