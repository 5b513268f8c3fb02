// The backtest command: reads the games, walks forward over the seasons asked for, prints the account and leaves it as JSON
// and as a picture. From the raw file to graded predictions it says how long it took.

import { writeFile } from 'node:fs/promises'

import { ConfigFailure } from '../../../core/errors.ts'
import { monotonicMs, systemNow } from '../../../lib/clock.ts'
import { createRandom } from '../../../lib/random.ts'
import { runBacktest } from './backtest.ts'
import { calibrationSvg } from './calibration-svg.ts'
import { figuresOf, type Figures } from './figures.ts'
import { loadGames, loadOpeners } from './games.ts'
import { toReport } from './table.ts'

export interface BacktestCall {
  readonly from: number
  /** The last season; the last with a finished game by default. */
  readonly to: number | undefined
  readonly sources: readonly string[]
  readonly splice: boolean
  readonly opener: string | undefined
  readonly json: boolean
  readonly svg: string | undefined
  readonly signal: AbortSignal
  /** Told the account, for people, or as data for programs. */
  readonly say: (text: string) => void
  readonly sayJson: (value: unknown) => void
  /** Told each step as it begins. */
  readonly progress: (step: string) => void
}

/** Runs the backtest and writes what was asked for. Throws ConfigFailure, SourceFailure or DataFailure. */
export async function backtest(call: BacktestCall): Promise<void> {
  const began = monotonicMs()
  call.progress('reading games')
  const games = await loadGames({ ...call, now: systemNow() })
  const openers = call.opener === undefined ? undefined : await loadOpeners(call.opener)
  const played = games.filter((game) => game.homeScore !== null && game.awayScore !== null)
  const to = call.to ?? Math.max(...played.map((game) => game.season))
  if (!played.some((game) => game.season >= call.from && game.season <= to)) {
    throw new ConfigFailure(`no finished game between ${call.from} and ${to}: expected seasons that the source has`)
  }
  const run = runBacktest({ games, from: call.from, to, openers, progress: call.progress })
  const gradedMs = monotonicMs() - began
  call.progress('figures')
  // The same call gives the same intervals, whenever it is made.
  const figures = figuresOf(run, createRandom(1).unit)
  call.progress('')
  if (call.svg !== undefined) await writePicture(call.svg, figures, `${call.from} to ${to}`)
  const seconds = Math.round(gradedMs / 100) / 10
  if (call.json) call.sayJson({ seconds, ...figures })
  else call.say(`${toReport(figures)}\n${sayTime(games.length, figures.games, seconds)}`)
}

async function writePicture(path: string, { calibration }: Figures, seasons: string): Promise<void> {
  await writeFile(path, calibrationSvg({ ...calibration, seasons })).catch((error: unknown) => {
    throw new ConfigFailure(`the picture cannot be written to "${path}": check the path`, { cause: error })
  })
}

function sayTime(read: number, graded: number, seconds: number): string {
  return `${read.toLocaleString('en')} games read, ${graded.toLocaleString('en')} forecast in three markets and graded: ${seconds} s`
}
