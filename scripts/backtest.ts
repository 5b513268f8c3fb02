// `npm run backtest`: how well the models would have foretold past seasons, by the jobs' own functions.

import { ConfigFailure } from '../src/core/errors.ts'
import { backtest } from '../src/leagues/nfl/backtest/command.ts'
import { say, sayJson, showProgress } from '../src/lib/output.ts'
import { listenForEnd, runCommand } from './command.ts'

const HELP = `Walks forward over past NFL seasons: each forecast from earlier games only, beside the closing market.

Usage: npm run backtest -- [options]

  --from 2010 --to 2025   which seasons; earlier ones feed ratings and fits. To the last finished one by default
  --source FILE|URL       nflverse's games.csv from elsewhere, more than once; of a game in several the last one's.
                          Live nflverse by default (or NFLVERSE_URL)
  --splice                each source replaces whole seasons from its first on, and not game by game
  --opener FILE           nfelo's table of opening lines: bets against the opener, and how the line then moved
  --json                  all figures as one line of JSON
  --svg FILE              the calibration of ours and of the market as a picture
  --help

Exit code: 0 it ran; 1 it failed; 2 misuse.`

const options = {
  from: { type: 'string', default: '2010' },
  to: { type: 'string' },
  source: { type: 'string', multiple: true },
  splice: { type: 'boolean', default: false },
  opener: { type: 'string' },
  json: { type: 'boolean', default: false },
  svg: { type: 'string' },
} as const

await runCommand({
  call: 'npm run backtest --',
  help: HELP,
  options,
  async run(flags) {
    const live = process.env['NFLVERSE_URL']
    await backtest({
      from: readSeason('from', flags.from),
      to: flags.to === undefined ? undefined : readSeason('to', flags.to),
      sources: flags.source ?? (live ? [live] : []),
      splice: flags.splice,
      opener: flags.opener,
      json: flags.json,
      svg: flags.svg,
      signal: listenForEnd(),
      say,
      sayJson,
      progress: showProgress,
    })
  },
})

function readSeason(name: string, text: string): number {
  if (/^(?:19|20)\d\d$/.test(text) && Number(text) >= 1999) return Number(text)
  throw new ConfigFailure(`--${name} "${text}": expected the year in which a season begins, from 1999`)
}
