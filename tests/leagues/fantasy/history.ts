// Players of some teams in the newest weeks, and what was expected of them by us and by a second source.

import type { StatLine } from '../../../src/leagues/fantasy/stats.ts'
import type { CleanGame } from '../../../src/leagues/nfl/lake/clean-game.ts'
import type { Sql } from '../../../src/lib/db.ts'
import { after, DAY, HOUR, type Book } from '../../history/book.ts'
import { insertRows, type Row } from '../../history/insert.ts'

const POSITIONS = ['QB', 'RB', 'RB', 'WR', 'WR', 'TE'] as const
const TYPICAL = { QB: 18, RB: 11, WR: 10, TE: 7 }
const GAMES = 64

/** Fills the league's tables. */
export async function fillLeague(sql: Sql, book: Book, games: readonly CleanGame[]): Promise<void> {
  const { weeks, projections } = writeFantasy(book, games)
  await insertRows(sql, 'bronze.nfl_player_weeks', weeks)
  await insertRows(sql, 'predictions.fantasy', projections)
}

/** Rows of bronze.nfl_player_weeks and predictions.fantasy for the last games before now and the next ones after it. */
export function writeFantasy(book: Book, games: readonly CleanGame[]): { weeks: Row[]; projections: Row[] } {
  const near = games.filter((game) => Date.parse(game.kickoff_at) < after(book.now, 6 * DAY).getTime()).slice(-GAMES)
  const weeks: Row[] = []
  const projections: Row[] = []
  for (const player of near.flatMap(playersOf)) {
    if (player.game.finished) weeks.push(toWeek(book, player))
    for (const source of ['matchday', 'nfl-com']) projections.push(toProjection(book, player, source))
  }
  return { weeks, projections }
}

interface Player {
  readonly game: CleanGame
  readonly id: string
  readonly name: string
  readonly position: (typeof POSITIONS)[number]
  readonly team: string
  readonly opponent: string
}

function playersOf(game: CleanGame): Player[] {
  const sides = [
    [game.home_team, game.away_team],
    [game.away_team, game.home_team],
  ] as const
  return sides.flatMap(
    ([team, opponent]) =>
    POSITIONS.map((position, i) => ({ game, id: `${team}-${i}`, name: `${team} ${position} O’${i}`, position, team, opponent })), // prettier-ignore
  )
}

function toWeek({ chance, now }: Book, { game, id, name, position, team, opponent }: Player): Row {
  const landedAt = after(now, -3 * DAY)
  const line: Partial<StatLine> = { rushingYards: chance.between(0, 90), receptions: chance.between(0, 9) }
  return { season: game.season, week: game.week, player_id: id, revision: 1, name, position, team, opponent, line, as_of: landedAt, landed_at: landedAt, run_id: chance.uuid(), simulated: false } // prettier-ignore
}

function toProjection({ chance, now }: Book, { game, id, name, position, team }: Player, source: string): Row {
  const kickoff = new Date(game.kickoff_at)
  const asked = after(kickoff, -3 * DAY)
  const at = asked < now ? asked : after(now, -2 * HOUR)
  return {
    season: game.season,
    week: game.week,
    source,
    scoring: 'ppr',
    source_id: id,
    as_of: at,
    recorded_at: at,
    player_id: id,
    name,
    position,
    team,
    kickoff_at: kickoff,
    points: Math.max(0, TYPICAL[position] + 3 * chance.normal()),
    status: chance.byWeight({ playing: 18, questionable: 2, out: 1 }),
    retrospective: false,
    run_id: chance.uuid(),
    simulated: false,
  }
}
