// The lake's part of a history: games of some seasons from the simulator's league, as of now, and the files they came in.

import type { Season } from '../../src/core/wake-up.ts'
import { nflWeekAt } from '../../src/leagues/nfl/calendar.ts'
import { cleanGame, gameFingerprint, type CleanGame } from '../../src/leagues/nfl/lake/clean-game.ts'
import { seasonOf } from '../../src/leagues/nfl/season.ts'
import { asOf } from '../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'

import { after, DAY, HOUR, type Book } from './book.ts'
import type { Row } from './insert.ts'

export interface Lake {
  readonly games: readonly CleanGame[]
  readonly seasons: readonly Season[]
}

/** Games from `firstSeason` on, with results up to now. */
export function playGames(
  { now }: Pick<Book, 'now'>,
  { seed, firstSeason }: { seed: number; firstSeason: number },
): Lake {
  const text = asOf(simulateGames({ seed, now, firstSeason }), now)
  const games = parseGamesTable(text, 'the simulator').rows.flatMap((cells) => {
    const clean = cleanGame(cells, now)
    return 'game' in clean ? clean.game : []
  })
  return { games, seasons: seasonsOf(games) }
}

function seasonsOf(games: readonly CleanGame[]): Season[] {
  return [...new Set(games.map(({ season }) => season))].map((season) => {
    const ofSeason = games.filter((game) => game.season === season)
    const kickoffs = ofSeason.map((game) => Date.parse(game.kickoff_at)).sort((a, b) => a - b)
    return seasonOf({
      season,
      firstKickoffAt: new Date(kickoffs[0]!),
      lastKickoffAt: new Date(kickoffs.at(-1)!),
      hasSuperBowl: ofSeason.some((game) => game.game_type === 'SB'),
    })
  })
}

export function toSilverRows({ now, chance }: Book, games: readonly CleanGame[]): Row[] {
  const runId = chance.uuid()
  const at = after(now, -4 * HOUR)
  return games.map((game) => ({
    ...game,
    bronze_revision: 1,
    rules_version: 1,
    fingerprint: gameFingerprint(game),
    as_of: at,
    updated_at: at,
    run_id: runId,
    simulated: false,
  }))
}

/** A file a week from each source, the newest of one of them days old. */
export function toFileRows({ now, chance }: Book): Row[] {
  const players = `stats_player_week_${nflWeekAt(now).season}`
  const sources = [
    ['nflverse', 'https://github.com/nflverse/nfldata/raw/master/data/games.csv', 7_276, 3 * HOUR],
    // As src/leagues/fantasy/jobs/land-players.ts names it.
    [`nflverse/${players}`, `https://github.com/nflverse/nflverse-data/releases/download/stats_player/${players}.csv`, 11_204, 3 * DAY], // prettier-ignore
    ['nfl-com', 'https://api.fantasy.nfl.com/projections', 1_950, 9 * DAY],
  ] as const
  return sources.flatMap(([source, address, rows, age]) =>
    Array.from({ length: 26 }, (_, i) => {
      const at = after(now, -age - (25 - i) * 7 * DAY)
      return {
        source,
        address,
        hash: `${source}-${i}`,
        etag: `"${i}"`,
        bytes: rows * 290 + i * 997,
        row_count: rows + i,
        columns: ['game_id', 'season', 'week'],
        as_of: at,
        landed_at: at,
        run_id: chance.uuid(),
        simulated: false,
      }
    }),
  )
}
