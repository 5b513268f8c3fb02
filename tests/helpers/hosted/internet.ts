// The providers as GitHub's runners reach them, with a league that never was: nflverse's games as of the test's clock, and its
// releases with a few players a team.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { asOf } from '../../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { isMissing } from '../../../src/sources/csv-table.ts'
import { aPlayerWeek, playersCsv } from '../player-weeks.ts'

export interface Internet extends AsyncDisposable {
  /** The variables by which a process finds the providers. */
  readonly env: Readonly<Record<string, string>>
  /** While this is set every provider answers so: it is away for an hour, or it has gone for good. */
  trouble: 'away' | 'gone' | undefined
}

/** Starts the providers on the loopback interface. */
export async function anInternet(now: () => Date, firstSeason: number): Promise<Internet> {
  const games = () => asOf(simulateGames({ seed: 1920, now: now(), firstSeason }), now())
  const server = createServer((request, response) => {
    // An hour is more than any run waits for.
    if (internet.trouble === 'away') return void response.writeHead(503, { 'retry-after': '3600' }).end('Unavailable')
    if (internet.trouble === 'gone') return void response.writeHead(410).end('Gone')
    const season = /^\/stats_player\/stats_player_week_(\d{4})\.csv$/.exec(request.url ?? '')?.[1]
    const text = request.url === '/games.csv' ? games() : season && players(games(), season)
    if (text === undefined || text === '') return void response.writeHead(404).end('Not Found')
    response.writeHead(200, { 'content-type': 'text/plain', 'x-matchday-simulated': 'true' }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const internet: Internet = {
    trouble: undefined,
    env: { NFLVERSE_URL: `${base}/games.csv`, NFLVERSE_DATA_URL: base },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return internet
}

/** A receiver of every team that has played; empty while none has. */
function players(games: string, season: string): string {
  const rows = parseGamesTable(games, 'nflverse').rows.filter(
    (row) => row['season'] === season && !isMissing(row['home_score']),
  )
  const weeks = rows.flatMap((row) =>
    [
      [row['home_team'], row['away_team']],
      [row['away_team'], row['home_team']],
    ].map(([team, opponent]) =>
      aPlayerWeek({
        season,
        week: row['week'] ?? '',
        season_type: row['game_type'] === 'REG' ? 'REG' : 'POST',
        team: team ?? '',
        opponent_team: opponent ?? '',
        player_id: `00-${team ?? ''}`,
        player_display_name: `Receiver of ${team ?? ''}`,
      }),
    ),
  )
  return weeks.length === 0 ? '' : playersCsv(weeks)
}
