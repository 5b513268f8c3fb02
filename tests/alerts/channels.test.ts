// The contract of all alert channels, against real servers.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Mood } from '../helpers/alert-servers.ts'
import { aMessage, failureOf, rigs, send } from '../helpers/alert-rigs.ts'

for (const [name, makeRig] of Object.entries(rigs)) {
  test(`${name}: a message arrives with its headline, its sentences and its links`, async () => {
    await using rig = await makeRig()

    await send(rig.channel, aMessage({ run: { id: 'run-1', githubRunId: '12000000001', simulated: false } }))

    assert.equal(rig.channel.name, name)
    const [text = '', more] = rig.received()
    assert.equal(more, undefined)
    for (const part of ['nfl/bronze is late since', 'A rescue was asked for.', 'Tue 19 Nov 2024 08:37 UTC'])
      assert.ok(text.includes(part), `"${part}" is not in ${text}`)
    assert.ok(text.includes('https://github.com/acme/league/actions/runs/12000000001'), text)
    assert.ok(text.includes('https://acme.example/league/jobs/nfl/bronze'), text)
  })

  test(`${name}: the longest message is cut to what the medium takes`, async () => {
    await using rig = await makeRig()
    const long = '<&*_@😀'.repeat(20_000)

    await send(rig.channel, aMessage({ incident: { title: long, detail: long } }))

    assert.equal(rig.received().length, 1)
    assert.ok(rig.received()[0]!.length < 65_536, `${rig.received()[0]!.length} is too long`)
    assert.ok(rig.received()[0]!.includes('…'), 'nothing says that it was cut')
  })

  test(`${name}: what is gone for good is refused as permanent, and the error keeps the secret`, async () => {
    await using rig = await makeRig()
    for (const status of rig.says.gone) {
      rig.mood = { status }

      const failure = await failureOf(send(rig.channel, aMessage()))

      assert.equal(failure.retryable, false, `${status}: ${failure.message}`)
      assert.ok(!JSON.stringify([failure.message, failure.context, String(failure.cause)]).includes(rig.secret))
      assert.ok(failure.message.includes(String(status)), failure.message)
    }
  })

  test(`${name}: a server that is too busy, broken, deaf or gone is refused for now, and the error keeps the secret`, async () => {
    await using rig = await makeRig()
    const moods: Mood[] = [{ status: rig.says.later }, { status: rig.says.broken }, 'reset']
    for (const mood of moods) {
      rig.mood = mood

      const failure = await failureOf(send(rig.channel, aMessage()))

      assert.equal(failure.retryable, true, failure.message)
      assert.ok(!`${failure.message} ${String(failure.cause)}`.includes(rig.secret), failure.message)
    }
  })

  test(`${name}: a message that was refused arrives at the next try`, async () => {
    await using rig = await makeRig()
    rig.mood = { status: rig.says.broken }
    await failureOf(send(rig.channel, aMessage()))
    const refused = rig.received().length
    rig.mood = 'accept'

    await send(rig.channel, aMessage())

    assert.equal(rig.received().length, refused + 1)
  })
}

for (const name of ['slack', 'discord', 'webhook', 'email']) {
  test(`${name}: sending ends when its signal is aborted`, async () => {
    await using rig = await rigs[name]!()
    rig.mood = 'hang'

    const failure = await failureOf(send(rig.channel, aMessage(), { signal: AbortSignal.timeout(100) }))

    assert.equal(failure.retryable, true)
    assert.match(failure.message, /in time|time for it was over/)
  })
}

for (const name of ['github-issue', 'slack', 'discord', 'webhook']) {
  test(`${name}: the seconds of Retry-After come with the refusal`, async () => {
    await using rig = await rigs[name]!()
    rig.mood = { status: 429, headers: { 'retry-after': '90' } }

    assert.equal((await failureOf(send(rig.channel, aMessage()))).retryAfterSeconds, 90)
  })
}
