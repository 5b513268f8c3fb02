// What `npm start` runs: a league's week of the real schedule on a virtual clock.

import { ConfigFailure } from '../src/core/errors.ts'
import { leagues } from '../src/leagues/index.ts'
import { systemNow } from '../src/lib/clock.ts'
import { parseEnv } from '../src/lib/env.ts'
import { openScreen } from '../src/lib/output.ts'
import { addressOf, replay } from '../src/replay/replay.ts'
import { listenForEnd, runCommand } from './command.ts'
import { buildSite, writeSite } from './dashboard/build-site.ts'
import { readContext } from './dashboard/context.ts'

// The first that can be replayed.
const league = leagues.find((one) => one.replay !== undefined)
const replayed = await league?.replay?.()

const HELP = `Replays a week of the real schedule on a virtual clock, in a database of its own.

Usage: npm start -- [options]

  ${replayed?.help ?? ''}
  --from, --to INSTANT      another window, such as 2024-11-19T13:00:00Z
  --source FILE|URL         ${replayed?.sourceHelp ?? ''}
  --database URL            another database than the embedded one; it must be empty or a replay's
  --workflows DIR           a folder whose .github/workflows is the schedule; this project by default
  --fresh                   start over; without it a replay goes on where it stopped
  --help

Exit code: 0 the week was replayed; 1 it failed or was stopped; 2 misuse.`

const naming = Object.fromEntries((replayed?.options ?? []).map((name) => [name, { type: 'string' } as const]))

const options = {
  ...naming,
  from: { type: 'string' },
  to: { type: 'string' },
  source: { type: 'string' },
  database: { type: 'string' },
  workflows: { type: 'string' },
  fresh: { type: 'boolean', default: false },
} as const

await runCommand({
  call: 'npm start --',
  help: HELP,
  options,
  async run(flags) {
    if (league === undefined || replayed === undefined) throw new ConfigFailure('none of the leagues can be replayed')
    const workflows = flags.workflows ?? process.cwd()
    const given: Readonly<Record<string, unknown>> = flags
    await replay({
      league,
      replayed,
      named: Object.fromEntries(Object.keys(naming).map((name) => [name, given[name] as string | undefined])),
      from: readInstant('from', flags.from),
      to: readInstant('to', flags.to),
      source: flags.source ?? (process.env[addressOf(league, replayed)] || undefined),
      database: flags.database,
      fresh: flags.fresh,
      workflows,
      projectRoot: process.cwd(),
      now: systemNow(),
      cancelled: listenForEnd('; npm start goes on where it stopped'),
      screen: openScreen(process.env['TERM']),
      publish: async (sql, { name, to }) => {
        const folder = `.matchday/site/${name}`
        const site = await readContext(sql, {
          env: parseEnv({}),
          environment: 'replay',
          now: to,
          jobs: league.jobs,
          workflows,
        })
        await writeSite(folder, await buildSite(sql, site))
        return `${folder}/index.html`
      },
    })
  },
})

function readInstant(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new ConfigFailure(`--${name} "${text}": expected an instant such as 2024-11-19T13:00:00Z`)
}
