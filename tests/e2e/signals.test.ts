// A cancelled workflow: the runner's signal reaches Node through the composite action's own last step, and the run ends as
// cancelled before the runner kills it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

import { parse } from 'yaml'

import { monotonicMs, systemNow } from '../../src/lib/clock.ts'
import { ROOT } from '../checks/files.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGamesServer, aTimetable } from './season.ts'

/** GitHub sends SIGINT, and SIGTERM after 7.5 s. */
const PATIENCE_MS = 7_000

const now = systemNow()
const { sql, url } = await aDatabaseForThisFile()
const timetable = aTimetable(sql, now)
const source = await aGamesServer(now, { silent: true })
const folder = mkdtempSync(join(tmpdir(), 'matchday-signals-'))
after(async () => {
  rmSync(folder, { recursive: true })
  await source[Symbol.asyncDispose]()
})

/** The last step of run-job as a runner starts it: its text in a file, read by bash with GitHub's own options. */
function startLastStep(script: string) {
  const action = parse(readFileSync(join(ROOT, '.github/actions/run-job/action.yml'), 'utf8')) as {
    runs: { steps: { run?: string }[] }
  }
  const file = join(folder, 'step.sh')
  writeFileSync(file, action.runs.steps.at(-1)?.run ?? '')
  return spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', file], {
    cwd: ROOT,
    stdio: 'ignore',
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      SCRIPT: script,
      DATABASE_URL: url,
      MATCHDAY_ENVIRONMENT: 'test',
      NFLVERSE_URL: source.url,
    },
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the middle of a run ends it as cancelled within ${PATIENCE_MS / 1000} s and gives its slot back`, async () => {
    const due = await timetable.makeDue('nfl/bronze')
    const asked = source.nextQuestion()
    const step = startLastStep('scripts/nfl/bronze.ts')
    const ended = once(step, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    await Promise.race([asked, ended])

    const sentAt = monotonicMs()
    step.kill(signal)
    const [code] = await ended
    const tookMs = monotonicMs() - sentAt

    assert.equal(code, 1)
    assert.ok(tookMs < PATIENCE_MS, `${tookMs} ms`)
    const [run] = await sql`
      select outcome, reason, slot_due_at, finished_at is not null as finished
      from ledger.runs order by recorded_at desc limit 1
    `
    assert.deepEqual(
      { ...run },
      { outcome: 'cancelled', reason: `told to stop by ${signal}`, slot_due_at: due, finished: true },
    )
    const [slot] = await sql`select state, tries from ledger.slots where job = 'nfl/bronze' and due_at = ${due}`
    assert.deepEqual({ ...slot }, { state: 'due', tries: 0 })
  })
}
