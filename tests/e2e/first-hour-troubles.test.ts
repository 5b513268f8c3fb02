// A new repository where something is missing or broken: each silent failure is a sentence that somebody reads, and once it is mended
// people are told what is open. Nobody has an outside clock.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aMailServer, aWebhookServer, type Mood } from '../helpers/alert-servers.ts'
import type { HostedRun } from '../helpers/hosted/types.ts'
import { aNewRepository, count, explain, MONDAY, setUp, tellHops, type NewRepository } from './new-repository.ts'

const logOf = (run: HostedRun | undefined) => run?.jobs.map(({ log }) => log).join('\n') ?? ''
const redPasses = (runs: readonly HostedRun[]) =>
  runs.filter(({ workflow, conclusion }) => workflow === 'ops-watch' && conclusion === 'failure')

/** A channel beside the issues, with the server that it reaches. */
interface Medium extends AsyncDisposable {
  readonly name: string
  /** The secrets and variables that name it; `fresh` is what a person sets after it was revoked. */
  readonly settings: (fresh: boolean) => { secrets: Record<string, string>; vars?: Record<string, string> }
  set mood(mood: Mood)
  /** What has come since it accepts. */
  readonly accepted: () => string[]
}

async function aHook(name: string, secrets: (url: string) => Record<string, string>): Promise<Medium> {
  const server = await aWebhookServer()
  return {
    name,
    settings: (fresh) => ({ secrets: secrets(`http://127.0.0.1:${server.port}/${fresh ? 'a-new-path' : 'an-old-path'}`) }), // prettier-ignore
    set mood(mood: Mood) {
      server.mood = mood
    },
    accepted: () => server.received.filter(({ path }) => path === '/a-new-path').map(({ body }) => body),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function aMailbox(): Promise<Medium> {
  const server = await aMailServer()
  return {
    name: 'email',
    settings: (fresh) => ({
      secrets: { SMTP_URL: `smtp://ann:${fresh ? 'a-new-word' : 'an-old-word'}@127.0.0.1:${server.port}` },
      vars: { ALERT_EMAIL_FROM: 'matchday@league.example', ALERT_EMAIL_TO: 'ann@league.example' },
    }),
    set mood(mood: Mood) {
      server.mood = mood
    },
    accepted: () => server.received,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Set up while the provider has gone for good: something is wrong from the first minutes on. */
async function inTrouble(prepare: (hour: NewRepository) => void): Promise<NewRepository> {
  const hour = await aNewRepository({ start: MONDAY })
  hour.internet.trouble = 'gone'
  prepare(hour)
  await setUp(hour)
  return hour
}

const tellsOfBronze = (text: string) => text.includes('nfl/bronze')

test('with issues off and nowhere else to tell, ops-watch is red once a day, and issues that are on again tell what is open', async (t) => {
  await using hour = await inTrouble(({ repository }) => (repository.github.facts.has_issues = false))

  const first = [...hour.repository.runs]
  const anHourLater = await hour.tickAfter(70, 'ops-watch')
  const sameDay = await hour.tickAfter(60, 'ops-watch')
  const nextDay = await hour.tickAfter(24 * 60, 'ops-watch')
  hour.repository.github.facts.has_issues = true
  const mended = [...(await hour.tickAfter(60, 'ops-watch')), ...(await hour.tickAfter(24 * 60, 'ops-watch'))]

  tellHops(t, hour)
  assert.equal(redPasses(first).length, 0)
  assert.equal(redPasses(anHourLater).length, 1, 'nobody was told of the failure for an hour')
  assert.match(logOf(redPasses(anHourLater)[0]), /github-issue/)
  assert.equal(redPasses(sameDay).length, 0)
  assert.equal(redPasses(nextDay).length, 1)
  assert.equal(redPasses(mended).length, 0, explain(mended))
  assert.ok(hour.repository.github.issues.some(({ title }) => tellsOfBronze(title)))
})

test('each channel, revoked and set anew: the open incident is told at once, and a test message comes where a person asks for one', async (t) => {
  await using slack = await aHook('slack', (url) => ({ SLACK_WEBHOOK_URL: url }))
  await using discord = await aHook('discord', (url) => ({ DISCORD_WEBHOOK_URL: url }))
  await using webhook = await aHook('webhook', (url) => ({ ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: 'between-us-two' })) // prettier-ignore
  await using email = await aMailbox()
  const media: readonly Medium[] = [slack, discord, webhook, email]
  await using hour = await inTrouble(({ repository }) => {
    repository.github.facts.has_issues = false
    for (const medium of media) {
      medium.mood = medium === email ? { status: 550 } : { status: 404, body: 'no_service' }
      setTo(repository, medium.settings(false))
    }
  })

  const deaf = await hour.tickAfter(70, 'ops-watch')
  const [red] = redPasses(deaf)
  for (const { name } of media) assert.match(logOf(red), new RegExp(name))

  for (const medium of media) {
    medium.mood = 'accept'
    setTo(hour.repository, medium.settings(true))
    const runs = await hour.tickAfter(5, 'ops-watch')
    assert.ok(medium.accepted().some(tellsOfBronze), `${medium.name}: ${medium.accepted().join('\n')}`)
    assert.deepEqual(redPasses(runs), [], explain(runs))
  }

  hour.repository.github.facts.has_issues = true
  hour.repository.press('ops-watch', { test_alerts: 'true' })
  const tried = await hour.repository.settle()

  tellHops(t, hour)
  assert.deepEqual(redPasses(tried), [], explain(tried))
  for (const { name, accepted } of media)
    assert.ok(
      accepted().some((text) => text.includes('test: Matchday reaches you here')),
      name,
    )
})

function setTo({ secrets, vars }: NewRepository['repository'], settings: ReturnType<Medium['settings']>): void {
  Object.assign(secrets, settings.secrets)
  Object.assign(vars, settings.vars)
}

test('routes that cannot be read silence nobody, and are told', async (t) => {
  await using hour = await inTrouble(({ repository }) => (repository.vars['ALERT_ROUTES'] = '{ "failed": '))

  tellHops(t, hour)
  const titles = hour.repository.github.issues.map(({ title }) => title)
  assert.ok(titles.some(tellsOfBronze), titles.join('\n'))
  assert.ok(titles.some((title) => title.includes('ALERT_ROUTES')), titles.join('\n')) // prettier-ignore
  assert.match(hour.repository.runs.map(logOf).join('\n'), /the repository variable ALERT_ROUTES cannot be used/)
})

test('in a private repository without Pages set-up says its minutes, that nobody looks in between, and where the switch is; the site is an artifact', async (t) => {
  await using hour = await aNewRepository({ start: MONDAY, isPrivate: true })
  hour.repository.github.facts.has_pages = false

  const run = await setUp(hour)
  hour.repository.press('ops-dashboard')
  const built = await hour.repository.settle()

  tellHops(t, hour)
  assert.match(logOf(run), /a month takes about [\d,]+ minutes of Actions .* of the 2,000 that GitHub Free includes/)
  assert.match(logOf(run), /No outside clock/)
  assert.match(logOf(run), /Pages is off: choose Settings → Pages/)
  assert.ok((await count(hour, 'predictions.games')) > 0)
  assert.deepEqual(built.filter(({ conclusion }) => conclusion !== 'success'), [], explain(built)) // prettier-ignore
  assert.deepEqual([...new Set(hour.repository.sites)], ['actions/upload-artifact'])
})

test('workflows that fell asleep are woken by set-up, and the first hour goes on', async (t) => {
  await using hour = await aNewRepository({ start: MONDAY })
  const { workflows } = hour.repository.github
  const scheduled = workflows.filter(({ file }) => !/ops-(?:setup|override)|ci\.yml/.test(file))
  for (const workflow of scheduled) workflow.state = 'disabled_inactivity'

  const run = await setUp(hour)

  tellHops(t, hour)
  assert.deepEqual(workflows.filter(({ state }) => state !== 'active'), []) // prettier-ignore
  assert.match(logOf(run), /Enabled again, because GitHub had disabled them for inactivity: .*nfl-silver\.yml/)
  assert.ok((await count(hour, 'predictions.games')) > 0)
})

test('a push to another branch is skipped: nothing is installed, and no secret is read', async () => {
  await using hour = await aNewRepository({ branch: 'trunk' })
  hour.repository.secrets['DATABASE_URL'] = hour.database.url

  hour.repository.push(['.github/workflows/nfl-bronze.yml'], 'feature')
  const runs = await hour.repository.settle()

  assert.deepEqual(runs.map(({ workflow, conclusion }) => `${workflow} ${conclusion}`), ['ops-setup skipped']) // prettier-ignore
  assert.deepEqual(hour.repository.installs, [])
})
