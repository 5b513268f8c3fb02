// The backtest command: reads the games, walks forward over the seasons asked for, prints the account and leaves it as JSON
// and as a picture. From the raw file to graded predictions it says how long it took.

import { writeFile } from 'node:fs/promises'
import type { parseArgs } from 'node:util'

import { ConfigFailure } from '../../../core/errors.ts'
import type { BacktestParts, LeagueBacktest } from '../../../core/league-backtest.ts'
import { monotonicMs, systemNow } from '../../../lib/clock.ts'
import { createRandom } from '../../../lib/random.ts'
import { runBacktest } from './backtest.ts'
import { calibrationSvg } from './calibration-svg.ts'
import { figuresOf, type Figures } from './figures.ts'
import { loadGames, loadOpeners } from './games.ts'
import { toReport } from './table.ts'

const HELP = `Walks forward over past NFL seasons: each forecast from earlier games only, beside the closing market.

Usage: npm run backtest -- [options]

  --from 2010 --to 2025   which seasons; earlier ones feed ratings and fits. To the last finished one by default
  --source FILE|URL       nflverse's games.csv from elsewhere, more than once; of a game in several the last one's.
                          Live nflverse by default (or NFLVERSE_URL)
  --splice                each source replaces whole seasons from its first on, and not game by game
  --opener FILE           nfelo's table of opening lines: bets against the opener, and how the line then moved
  --json                  all figures as one line of JSON
  --svg FILE              the calibration of ours and of the market as a picture`

const options = {
  from: { type: 'string', default: '2010' },
  to: { type: 'string' },
  source: { type: 'string', multiple: true },
  splice: { type: 'boolean', default: false },
  opener: { type: 'string' },
  json: { type: 'boolean', default: false },
  svg: { type: 'string' },
} as const

export const backtest: LeagueBacktest = { help: HELP, options, run }

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

function readCall(given: Readonly<Record<string, unknown>>) {
  const { from, to, ...flags } = given as Flags // parsed by the options above
  return { ...flags, from: readSeason('from', from), to: to === undefined ? undefined : readSeason('to', to) }
}

function readSeason(name: string, text: string): number {
  if (/^(?:19|20)\d\d$/.test(text) && Number(text) >= 1999) return Number(text)
  throw new ConfigFailure(`--${name} "${text}": expected the year in which a season begins, from 1999`)
}

async function run(flags: Readonly<Record<string, unknown>>, parts: BacktestParts): Promise<void> {
  const began = monotonicMs()
  const call = readCall(flags)
  const live = parts.addressOf('nflverse')
  parts.progress('reading games')
  const sources = call.source ?? (live === undefined ? [] : [live])
  const games = await loadGames({ sources, splice: call.splice, signal: parts.signal, now: systemNow() })
  const openers = call.opener === undefined ? undefined : await loadOpeners(call.opener)
  const played = games.filter((game) => game.homeScore !== null && game.awayScore !== null)
  const to = call.to ?? Math.max(...played.map((game) => game.season))
  if (!played.some((game) => game.season >= call.from && game.season <= to)) {
    throw new ConfigFailure(`no finished game between ${call.from} and ${to}: expected seasons that the source has`)
  }
  const run = runBacktest({ games, from: call.from, to, openers, progress: parts.progress })
  const gradedMs = monotonicMs() - began
  parts.progress('figures')
  // The same call gives the same intervals, whenever it is made.
  const figures = figuresOf(run, createRandom(1).unit)
  parts.progress('')
  if (call.svg !== undefined) await writePicture(call.svg, figures, `${call.from} to ${to}`)
  const seconds = Math.round(gradedMs / 100) / 10
  if (call.json) parts.sayJson({ seconds, ...figures })
  else parts.say(`${toReport(figures)}\n${sayTime(games.length, figures.games, seconds)}`)
}

async function writePicture(path: string, { calibration }: Figures, seasons: string): Promise<void> {
  await writeFile(path, calibrationSvg({ ...calibration, seasons })).catch((error: unknown) => {
    throw new ConfigFailure(`the picture cannot be written to "${path}": check the path`, { cause: error })
  })
}

function sayTime(read: number, graded: number, seconds: number): string {
  return `${read.toLocaleString('en')} games read, ${graded.toLocaleString('en')} forecast in three markets and graded: ${seconds} s`
}
