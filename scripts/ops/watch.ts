// ops-watch: one pass over the whole account. Starts what is overdue, gives up silent runs, asks GitHub, tells people. Woken
// by the clock, by runs that poke it, by an outside clock, or by hand: `npm run watch`.

import { randomUUID } from 'node:crypto'

import type { Tried } from '../../src/alerts/try.ts'
import { environmentOf, openApp } from '../../src/app.ts'
import { tryAlerts } from '../../src/app/tell.ts'
import { openGithub, openWatch } from '../../src/app/watch.ts'
import { escapeMarkdown } from '../../src/core/markup.ts'
import { jobs } from '../../src/leagues/index.ts'
import { checkDatabase } from '../../src/ledger/migrate.ts'
import { systemNow } from '../../src/lib/clock.ts'
import { parseEnv, type Env } from '../../src/lib/env.ts'
import { annotate, maskSecrets, note, say, sayJson, summarise } from '../../src/lib/output.ts'
import { makePass, type PassReport } from '../../src/reconcile/pass.ts'
import { sayPass } from '../../src/reconcile/report.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { patienceToOpen } from '../../src/runner/patience.ts'
import type { GithubEvent } from '../../src/runner/wake-up.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { refuseOldCheckout } from '../../src/setup/old-checkout.ts'
import { listenForEnd, runCommand } from '../command.ts'

const HELP = `One pass over the whole account: starts what is overdue, gives up silent runs, tells people what changed.

Usage: npm run watch -- [--environment development] [--json] [--test-alerts]

  --environment NAME   which environment the database must belong to
  --test-alerts        first sends a test message to every channel that is set up, and says what each answered
  --json               the pass as one line of JSON; the log goes to stderr

On a laptop what is overdue is run here, one process a job, and this command ends when they have.
Exit code: 0 the pass was made, or another is at work; 1 some of it could not be done, a channel refused its test message, or
nobody has been told of an open incident for an hour (once a day, on GitHub only); 2 misuse, or no way to act.`

const PING_WITHIN_MS = 10_000

await runCommand({
  call: 'npm run watch --',
  help: HELP,
  options: { environment: { type: 'string' }, json: { type: 'boolean' }, 'test-alerts': { type: 'boolean' } },
  run: (options) => watch(options.environment, { json: options.json === true, test: options['test-alerts'] === true }),
})

async function watch(asked: string | undefined, { json, test }: { json: boolean; test: boolean }): Promise<number> {
  const env = parseEnv(process.env)
  const event = readEvent(env)
  const inputs = event?.payload['inputs'] as { environment?: string; test_alerts?: unknown } | undefined
  const environment = environmentOf(env, asked ?? (inputs?.environment || undefined))
  checkRef(env, environment, event)
  maskSecrets(process.env)
  // First, so that the pass tells a channel that works again at once what it has refused before.
  const tried = test || String(inputs?.test_alerts) === 'true' ? await testAlerts(env, environment) : []
  const worked = tried.filter(({ error }) => error === undefined).map(({ channel }) => channel)
  const report = await passOnce(env, { event, environment, worked, write: json ? note : say })
  if (json) sayJson(report)
  else say(sayPass(report.rounds, report.gap).join('\n'))
  await tellSummary(env, report)
  // Whoever listens for the heart is to hear that people could not be told.
  if (report.rounds.every(({ untold }) => !untold)) await ping(env.HEARTBEAT_URL)
  return isWhole(report) && worked.length === tried.length ? 0 : 1
}

async function testAlerts(env: Env, environment: string): Promise<Tried[]> {
  const by = env.GITHUB_ACTOR
  const tried = await tryAlerts(env, { github: openGithub(env), environment, by, now: systemNow() })
  const lines = tried.map(({ channel, error }) =>
    error === undefined ? `● ${channel} accepted its test message` : `✕ ${channel} did not: ${error}`,
  )
  for (const line of lines) note(line)
  await summarise(env, `## Test messages\n\n${lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}\n\n`)
  return tried
}

/** A question that GitHub left unanswered may be temporary: it is no failure before people are told of it. */
function isWhole({ failures, rounds }: PassReport): boolean {
  return (
    failures.every(({ ofGithub }) => ofGithub) && !rounds.some(({ incomplete, unheard }) => incomplete || unheard?.red)
  )
}

interface Once {
  readonly event: GithubEvent | undefined
  readonly environment: string
  readonly worked: readonly string[]
  readonly write: (line: string) => void
}

async function passOnce(env: Env, { event, environment, worked, write }: Once): Promise<PassReport> {
  const projectRoot = process.cwd()
  const catalog = await readCatalog(projectRoot, jobs)
  const options = { env, jobs, environment, projectRoot, cancelled: listenForEnd(), write }
  await using app = await openApp({ ...options, evenIfClocksDisagree: true })
  await patienceToOpen(app.parts)(() => checkDatabase(app.parts.ledger, environment))
  await refuseOldCheckout(env, { sql: app.parts.ledger, github: openGithub(env), workflow: 'ops-watch' })
  const repository = event?.payload['repository'] as { private?: unknown } | undefined
  const publicRepository = typeof repository?.private === 'boolean' ? !repository.private : undefined
  const opened = openWatch({ env, app, catalog, projectRoot, publicRepository, write, worked })
  const start = { id: randomUUID(), trigger: triggerOf(event), actor: env.GITHUB_ACTOR, githubRunId: env.GITHUB_RUN_ID }
  const report = await makePass(opened.parts, start)
  await opened.settled()
  return report
}

function triggerOf(event: GithubEvent | undefined): 'schedule' | 'dispatch' | 'terminal' {
  if (event === undefined) return 'terminal'
  return event.name === 'schedule' ? 'schedule' : 'dispatch'
}

async function tellSummary(env: Env, { rounds, gap }: PassReport): Promise<void> {
  for (const { unheard } of rounds)
    if (unheard?.red) annotate('error', unheard.why, { on: env, title: 'Nobody is told' })
  const lines = sayPass(rounds, gap).map((line) => `- ${escapeMarkdown(line)}`)
  await summarise(env, `## ops-watch\n\n${lines.join('\n')}`)
}

/** Tells a dead-man switch that a pass was made. That it cannot be reached is no reason to fail. Its address is a secret, and
 *  fetch repeats one that it cannot read. */
async function ping(address: string | undefined): Promise<void> {
  if (address === undefined) return
  if (!/^https?:/i.test(address) || !URL.canParse(address))
    return note(
      'the heartbeat was not sent: HEARTBEAT_URL is not an address that begins with https://. Mend the secret.',
    )
  try {
    const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(PING_WITHIN_MS) })
    await answer.body?.cancel()
    if (!answer.ok) note(`the heartbeat was answered with ${answer.status}: expected 200. Look at HEARTBEAT_URL.`)
  } catch (error) {
    note(`the heartbeat was not heard: ${codeOf(error)}. Look at HEARTBEAT_URL.`)
  }
}

/** The system's code only (ECONNREFUSED): messages may name the address. */
function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'no answer')
}
