// The outside clocks of README, as they stand there, against a GitHub that has put ops-watch to sleep.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { aGithub } from '../helpers/github-server.ts'
import type { FakeWorkflow, Github } from '../helpers/github-shapes.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const README = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8')
const home = mkdtempSync(join(tmpdir(), 'outside-clock-'))
after(() => rmSync(home, { recursive: true }))

/** The first block of this language after the words that announce it. */
function recipe(announced: string, language: string, github: Github): string {
  const block = README.slice(README.indexOf(announced)).split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  assert.ok(block, `README has no ${language} after ${announced}`)
  return block
    .replaceAll('https://api.github.com', github.url)
    .replaceAll('OWNER/NAME', github.repository)
    .replaceAll('BRANCH', github.facts.default_branch)
}

const clocks: Record<string, (github: Github) => Promise<boolean>> = {
  'the Cloudflare Worker': async (github) => {
    const file = join(home, `worker-${github.url.split(':').at(-1)}.mjs`)
    writeFileSync(file, recipe('**A Cloudflare Worker**', 'js', github))
    const worker = ((await import(file)) as { default: { scheduled(event: unknown, env: object): Promise<void> } }).default // prettier-ignore
    return await worker.scheduled({}, { GITHUB_TOKEN: github.token }).then(
      () => true,
      (error: unknown) => {
        assert.match(String(error), /GitHub answered \d+/)
        return false
      },
    )
  },
  'the crontab': async (github) => {
    writeFileSync(join(home, '.matchday-header'), `Authorization: Bearer ${github.token}\n`)
    const child = spawn('sh', ['-c', recipe('**Any crontab**', 'sh', github)], { env: { ...process.env, HOME: home } })
    const [code] = (await once(child, 'close')) as [number]
    return code === 0
  },
}

/** How a clock's tick ends while ops-watch is in a state. */
async function tick(clock: (github: Github) => Promise<boolean>, state: FakeWorkflow['state']) {
  await using github = await aGithub()
  const watch = github.workflows.find(({ name }) => name === 'ops-watch')!
  watch.state = state
  const isFine = await clock(github)
  const enables = github.requests.filter(({ method }) => method === 'PUT').length
  return { isFine, enables, state: watch.state, started: github.dispatches.map(({ workflow }) => workflow) }
}

for (const [name, clock] of Object.entries(clocks)) {
  test(`${name} starts ops-watch, and enables nothing that is awake`, async () => {
    const done = await tick(clock, 'active')

    assert.deepEqual(done, { isFine: true, enables: 0, state: 'active', started: ['ops-watch.yml'] })
  })

  test(`${name} wakes an ops-watch that fell asleep, and starts it`, async () => {
    const done = await tick(clock, 'disabled_inactivity')

    assert.deepEqual(done, { isFine: true, enables: 1, state: 'active', started: ['ops-watch.yml'] })
  })

  test(`${name} leaves an ops-watch alone that a person has disabled, and fails`, async () => {
    const done = await tick(clock, 'disabled_manually')

    assert.deepEqual(done, { isFine: false, enables: 0, state: 'disabled_manually', started: [] })
  })
}
