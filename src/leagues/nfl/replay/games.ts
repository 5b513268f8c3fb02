// Finds the games of a replay: a file or URL that was named, live nflverse, the copy of an earlier day, or, when
// nothing else is at hand, the simulated league.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { JobFailure, toErrorRecord } from '../../../core/errors.ts'
import type { FileAsOf, ReplayWish } from '../../../core/league-replay.ts'
import { sayInstant } from '../../../core/wording.ts'
import { isMissing } from '../../../sources/csv-table.ts'
import { aWeek } from '../calendar.ts'
import { asOf } from '../sources/nflverse/as-of.ts'
import { parseGamesTable } from '../sources/nflverse/games-table.ts'
import { fetchGames } from '../sources/nflverse/games.ts'
import { simulateGames } from '../sources/nflverse/simulator.ts'
import type { CompleteWeek } from './week.ts'

/** The seed of the bundled league: the same league for everybody. */
const SEED = 1920

/** games.csv as of any instant, and what a replay has to know of it. */
export interface FoundGames extends FileAsOf {
  /** For people: what the data is and how old. */
  readonly title: string
  /** The weeks of which every game has a result, oldest first. */
  readonly completeWeeks: readonly CompleteWeek[]
}

type Wish = Pick<ReplayWish, 'source' | 'projectRoot' | 'signal' | 'now'>

/** Finds the data. A source that was named has to work; live nflverse is allowed to be away. Throws SourceFailure. */
export async function findGames(wish: Wish): Promise<FoundGames> {
  if (wish.source !== undefined) {
    const { text, simulated } = await download(wish)
    const place = wish.source.split('?')[0] ?? wish.source
    return toGames(text, { title: simulated ? `simulated data from ${place}` : place, simulated })
  }
  const copy = join(wish.projectRoot, '.matchday', 'sources', 'nflverse-games.csv')
  try {
    const { text } = await download(wish)
    await keepCopy(copy, text)
    return toGames(text, { title: 'nflverse, live', simulated: false })
  } catch (error) {
    const why = error instanceof JobFailure ? error.message : toErrorRecord(error).message
    return existsSync(copy) ? await fromCopy(copy, why) : fromSimulator(wish.now, why)
  }
}

async function download({ source, signal }: Wish): Promise<{ text: string; simulated: boolean }> {
  const received = await fetchGames({ address: source, signal })
  if (received.kind === 'unchanged') throw new Error('a first request cannot be answered with "unchanged"')
  return { text: received.text, simulated: received.simulated }
}

async function keepCopy(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  // Renamed into place, so that a kill leaves the old copy or the new one and never a half.
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

async function fromCopy(path: string, why: string): Promise<FoundGames> {
  const { mtime } = await stat(path)
  const title = `nflverse's file as it was on ${sayInstant(mtime)}, because live: ${why}`
  return toGames(await readFile(path, 'utf8'), { title, simulated: false })
}

function fromSimulator(now: Date, why: string): FoundGames {
  // Made anew for each instant, since the simulated lines move until kick-off; results are those of the seed.
  const league = (at: Date) => asOf(simulateGames({ seed: SEED, now: at }), at)
  const title = `a SIMULATED league, seed ${SEED}, because live: ${why}`
  const games = toGames(league(now), { title, simulated: true })
  return { ...games, hash: hashOf(`simulated league ${SEED}`), textAsOf: league }
}

function toGames(text: string, facts: { title: string; simulated: boolean }): FoundGames {
  return {
    ...facts,
    name: 'games.csv',
    hash: hashOf(text),
    completeWeeks: completeWeeks(text),
    textAsOf: (at) => asOf(text, at),
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

function completeWeeks(text: string): CompleteWeek[] {
  const weeks = new Map<string, CompleteWeek & { complete: boolean }>()
  for (const row of parseGamesTable(text, 'nflverse').rows) {
    const week = aWeek(Number(row['season']), Number(row['week']))
    const day = row['gameday'] ?? ''
    const { firstGameDay, complete } = weeks.get(week.key) ?? { firstGameDay: day, complete: true }
    const played = !isMissing(row['home_score'])
    weeks.set(week.key, { week, firstGameDay: day < firstGameDay ? day : firstGameDay, complete: complete && played })
  }
  return [...weeks.values()].filter((one) => one.complete).sort((a, b) => a.week.key.localeCompare(b.week.key))
}
