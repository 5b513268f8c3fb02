// `npm run schedule`: what the workflow files promise. Every job with its cron lines, its next slots, how late it may be
// before it is rescued, and how late at all.

import { sayDuration, sayInstant } from '../src/core/wording.ts'
import { jobs } from '../src/leagues/index.ts'
import { systemNow } from '../src/lib/clock.ts'
import { say, sayJson } from '../src/lib/output.ts'
import { readCatalog } from '../src/schedule/catalog.ts'
import { nextDue } from '../src/schedule/cron.ts'
import { listPromises, type JobPromise } from '../src/schedule/deadlines.ts'
import { runCommand } from './command.ts'

const HELP = `Lists what the workflow files promise: cron lines, next slots, grace and deadline of every job.

Usage: npm run schedule -- [--json]

  grace      how late a slot may be before ops-watch starts it
  deadline   how late it may be served at all; then it is missed. Never after the next slot that depends on it`

const MINUTE = 60_000

await runCommand({
  call: 'npm run schedule --',
  help: HELP,
  options: { json: { type: 'boolean' } },
  async run({ json }) {
    const catalog = await readCatalog(process.cwd(), jobs)
    const now = systemNow()
    const promises = listPromises(catalog.jobs, jobs)
    if (json) for (const one of promises) sayJson({ ...one, next: nextOf(one, now) })
    else say(promises.map((one) => describe(one, now)).join('\n'))
  },
})

function describe(promise: JobPromise, now: Date): string {
  const { dependent, graceMinutes, deadlineMinutes, onMissed } = promise
  const needed = dependent ? `; ${dependent.job} needs it ${sayDuration(dependent.minutes * MINUTE)} after` : ''
  const lines = promise.lines.map((line) => {
    const next = nextDue(line, now)
    return `    ${line.cron.padEnd(16)} ${line.zone.padEnd(20)} next ${next ? sayInstant(next, line.zone) : 'never'}`
  })
  return [
    `${promise.job}: grace ${sayDuration(graceMinutes * MINUTE)}, deadline ${sayDuration(deadlineMinutes * MINUTE)}, missed slots: ${onMissed}${needed}`,
    ...lines,
  ].join('\n')
}

function nextOf({ lines }: JobPromise, now: Date): Date | null {
  const moments = lines.flatMap((line) => nextDue(line, now) ?? []).sort((a, b) => a.getTime() - b.getTime())
  return moments[0] ?? null
}
