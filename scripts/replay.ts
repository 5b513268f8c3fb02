// What `npm start` runs: a week of the real schedule on a virtual clock.

import { ConfigFailure } from '../src/core/errors.ts'
import { jobs } from '../src/leagues/index.ts'
import { systemNow } from '../src/lib/clock.ts'
import { parseEnv } from '../src/lib/env.ts'
import { openScreen } from '../src/lib/output.ts'
import { replay } from '../src/replay/replay.ts'
import { listenForEnd, runCommand } from './command.ts'
import { readContext } from './dashboard/context.ts'
import { buildSite, writeSite } from './dashboard/site.ts'

const HELP = `Replays a week of the real schedule on a virtual clock, in a database of its own.

Usage: npm start -- [options]

  --season 2024 --week 12   which NFL week; the last complete week of the data by default
  --from, --to INSTANT      another window, such as 2024-11-19T13:00:00Z
  --source FILE|URL         nflverse's games.csv from elsewhere; live nflverse by default (or NFLVERSE_URL)
  --database URL            another database than the embedded one; it must be empty or a replay's
  --workflows DIR           a folder whose .github/workflows is the schedule; this project by default
  --fresh                   start over; without it a replay goes on where it stopped
  --help

Exit code: 0 the week was replayed; 1 it failed or was stopped; 2 misuse.`

const options = {
  season: { type: 'string' },
  week: { type: 'string' },
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
    const workflows = flags.workflows ?? process.cwd()
    // Its source is the schedule of games: other leagues would find nothing there.
    const known = jobs.filter((job) => job.league === 'nfl')
    await replay({
      season: readNumber('season', flags.season),
      week: readNumber('week', flags.week),
      from: readInstant('from', flags.from),
      to: readInstant('to', flags.to),
      source: flags.source ?? (process.env['NFLVERSE_URL'] || undefined),
      database: flags.database,
      fresh: flags.fresh,
      workflows,
      projectRoot: process.cwd(),
      jobs: known,
      now: systemNow(),
      cancelled: listenForEnd('; npm start goes on where it stopped'),
      screen: openScreen(process.env['TERM']),
      publish: async (sql, { name, to }) => {
        const folder = `.matchday/site/${name}`
        const site = await readContext(sql, {
          env: parseEnv({}),
          environment: 'replay',
          now: to,
          jobs: known,
          workflows,
        })
        await writeSite(folder, await buildSite(sql, site))
        return `${folder}/index.html`
      },
    })
  },
})

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new ConfigFailure(`--${name} "${text}": expected a number, such as --season 2024 --week 12`)
}

function readInstant(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new ConfigFailure(`--${name} "${text}": expected an instant such as 2024-11-19T13:00:00Z`)
}
