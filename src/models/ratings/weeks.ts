// Games to weeks, in the only order that may feed ratings: a week is foretold from what had ended before its first
// kick-off, and learned from afterwards. Every rating walks by these steps, so that none can see further than another.

/** A game as the ratings need it. Scores are null until it is over. */
export interface RatedGame {
  readonly gameId: string
  readonly season: number
  readonly week: number
  readonly gameType: string
  readonly kickoffAt: Date
  readonly home: string
  readonly away: string
  readonly neutral: boolean
  readonly division: boolean | null
  /** Days since the last game. */
  readonly homeRest: number | null
  readonly awayRest: number | null
  /** Ids of the quarterbacks named to start; of an unplayed game they are a projection, or null. */
  readonly homeQb: string | null
  readonly awayQb: string | null
  readonly homeScore: number | null
  readonly awayScore: number | null
}

/** A game with both scores. */
export type PlayedGame = RatedGame & { readonly homeScore: number; readonly awayScore: number }

export interface WeekStep {
  readonly season: number
  /** The first week of a season. */
  readonly opensSeason: boolean
  /** The week's first kick-off: nothing that ended later is in `ended`. */
  readonly knownUntil: Date
  /** Games that ended since the step before, of earlier weeks, in order of kick-off. */
  readonly ended: readonly PlayedGame[]
  readonly week: readonly RatedGame[]
}

// A game that kicked off less than this before the week's first kick-off was not over by then.
const GAME_MS = 4 * 3_600_000

/** The steps of all games, which may come in any order. */
export function weekSteps(games: readonly RatedGame[]): WeekStep[] {
  let waiting: RatedGame[] = []
  let season: number | undefined
  return byWeek(games).map((week) => {
    const knownUntil = new Date(Math.min(...week.map((game) => game.kickoffAt.getTime())))
    const isOver = (game: RatedGame) => game.kickoffAt.getTime() + GAME_MS <= knownUntil.getTime()
    // In a fixed order, so that the same games give the same ratings to the last bit however they were read.
    const ended = waiting.filter(isOver).filter(isPlayed).sort(byKickoff)
    // A postponed game counts from the first week that begins after it.
    waiting = [...waiting.filter((game) => !isOver(game)), ...week]
    const opensSeason = week[0]!.season !== season
    season = week[0]!.season
    return { season, opensSeason, knownUntil, ended, week }
  })
}

function byWeek(games: readonly RatedGame[]): RatedGame[][] {
  const weeks = new Map<number, RatedGame[]>()
  for (const game of games) {
    const key = game.season * 100 + game.week
    const week = weeks.get(key)
    if (week) week.push(game)
    else weeks.set(key, [game])
  }
  return [...weeks].sort(([a], [b]) => a - b).map(([, week]) => week)
}

function isPlayed(game: RatedGame): game is PlayedGame {
  return game.homeScore !== null && game.awayScore !== null
}

function byKickoff(a: RatedGame, b: RatedGame): number {
  return a.kickoffAt.getTime() - b.kickoffAt.getTime() || (a.gameId < b.gameId ? -1 : 1)
}
