// A production database whose jobs can be made due, and a simulated league to serve them.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { JobId } from '../../src/core/job.ts'
import { asOf } from '../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { registerSchedules, type ScheduleLine } from '../../src/ledger/schedules.ts'
import type { Sql } from '../../src/lib/db.ts'
import { isMissing } from '../../src/sources/csv-table.ts'
import { aPlayerWeek, playersCsv } from '../helpers/player-weeks.ts'

const MINUTE = 60_000

export interface Timetable {
  /** Gives a job a slot: later than all before it, some minutes ago. */
  makeDue(job: JobId): Promise<Date>
}

/** Slots one minute apart, the first an hour ago: lines like a merge an hour ago would have registered. */
export function aTimetable(sql: Sql, now: Date): Timetable {
  const lines: ScheduleLine[] = []
  let next = Math.floor(now.getTime() / MINUTE) * MINUTE - 60 * MINUTE
  return {
    async makeDue(job) {
      const due = new Date((next += MINUTE))
      lines.push({ job, cron: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`, zone: 'UTC' })
      await registerSchedules(sql, { lines, commit: 'e2e', at: new Date(due.getTime() - MINUTE / 2) })
      return due
    },
  }
}

/** The season is on, whatever the day on which the test runs. */
export async function openSeasons(sql: Sql): Promise<void> {
  await sql`update ledger.seasons set opens_at = now() - interval '1 year', closes_at = now() + interval '1 year'`
}

export interface GamesServer extends AsyncDisposable {
  /** Of the games. */
  readonly url: string
  /** Below it lie the player weeks. */
  readonly base: string
  /** Resolves when somebody asks next. */
  nextQuestion(): Promise<unknown>
}

/** Serves a small simulated league as of now; or, with `silent`, takes the question and never answers. */
export async function aGamesServer(now: Date, options: { silent?: boolean } = {}): Promise<GamesServer> {
  const text = asOf(simulateGames({ seed: 20, now, firstSeason: now.getUTCFullYear() - 3 }), now)
  const server = createServer((request, response) => {
    if (options.silent) return
    const season = /^\/stats_player\/stats_player_week_(\d{4})\.csv$/.exec(request.url ?? '')?.[1]
    const body = season ? playersOf(season, text) : request.url === '/games.csv' ? text : undefined
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'text/csv', 'x-matchday-simulated': 'true' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${base}/games.csv`,
    base,
    nextQuestion: () => once(server, 'request'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A receiver of every team in every game that was played; undefined before a season's first. */
function playersOf(season: string, games: string): string | undefined {
  const played = parseGamesTable(games, 'simulator').rows.filter(
    (row) => row['season'] === season && !isMissing(row['home_score']),
  )
  const rows = played.flatMap((row) =>
    [row['home_team'] ?? '', row['away_team'] ?? ''].map((team) =>
      aPlayerWeek({
        player_id: `00-${team}`,
        player_display_name: `Player of ${team}`,
        season,
        week: row['week'] ?? '',
        team,
      }),
    ),
  )
  return rows.length === 0 ? undefined : playersCsv(rows)
}
