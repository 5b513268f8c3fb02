// A league that never was, in nflverse's own format: for replays without a network, and for tests. The same seed gives the
// same league everywhere. What it writes must always be marked as simulated.

import { addDays, daysBetween, localDay } from '../../../../core/zone.ts'
import { createRandom, type Random } from '../../../../lib/random.ts'
import { nflWeekAt } from '../../calendar.ts'
import { playGame, type PlayedGame } from './simulated-game.ts'
import { toLine, HEADER } from './simulated-row.ts'
import { DIVISIONS, playoffFixture, regularSeason, type Fixture } from './simulated-schedule.ts'

const FIRST_SEASON = 2015
/** Strength differs by about this many points between teams, and a fair part of it lasts. */
const STRENGTH_SD = 5
const STRENGTH_KEPT = 0.6

/** games.csv of whole seasons, from `firstSeason` to the one that `now` belongs to, everything played. Only its lines depend
 *  on the moment: before kick-off they still move. `asOf` then hides what was not known yet. */
export function simulateGames(league: { seed: number; now: Date; firstSeason?: number }): string {
  const random = createRandom(league.seed)
  const today = localDay(league.now, 'America/New_York')
  const lastSeason = nflWeekAt(league.now).season
  let strengths = newStrengths(random)
  const lines = [HEADER]
  for (let season = league.firstSeason ?? FIRST_SEASON; season <= lastSeason; season += 1) {
    const games = playSeason(season, strengths, random)
    const lastDays = new Map<string, string>()
    for (const game of games) {
      const { day, home, away } = game.fixture
      const rest = (team: string) => daysBetween(lastDays.get(team) ?? addDays(day, -7), day)
      const daysAhead = Math.max(0, daysBetween(today, day))
      lines.push(toLine(game, { homeRest: rest(home), awayRest: rest(away), daysAhead }))
      lastDays.set(home, day).set(away, day)
    }
    strengths = nextStrengths(strengths, random)
  }
  return `${lines.join('\n')}\n`
}

type Strengths = ReadonlyMap<string, number>

function newStrengths(random: Random): Strengths {
  return new Map(DIVISIONS.flat().map((team) => [team, STRENGTH_SD * random.normal()]))
}

/** Regression to the mean, with as much new as keeps the spread. */
function nextStrengths(strengths: Strengths, random: Random): Strengths {
  const news = STRENGTH_SD * Math.sqrt(1 - STRENGTH_KEPT ** 2)
  return new Map([...strengths].map(([team, points]) => [team, STRENGTH_KEPT * points + news * random.normal()]))
}

function playSeason(season: number, strengths: Strengths, random: Random): PlayedGame[] {
  const play = (fixture: Fixture) => playGame(fixture, strengths, random)
  const games = regularSeason(season).map(play)
  let field = [0, 4].map((first) => seeds(games, first, season >= 2020 ? 7 : 6))
  for (let round = 0; round < 3; round += 1) {
    const pairs = field.flatMap(pairUp)
    const played = pairs.map((pair, place) => play(playoffFixture(season, { round, place }, pair)))
    games.push(...played)
    const winners = played.map(winner)
    field = field.map((teams) => teams.filter((team) => winners.includes(team) || !pairs.flat().includes(team)))
  }
  const [afc = [], nfc = []] = field
  games.push(play(playoffFixture(season, { round: 3, place: 0 }, [afc[0]!, nfc[0]!])))
  return games.sort(byKickoff)
}

/** A conference's teams for the play-offs: its four division winners, then the best of the rest, by wins and points. */
function seeds(games: readonly PlayedGame[], firstDivision: number, count: number): string[] {
  const record = new Map<string, number>()
  for (const { fixture, homeScore, awayScore } of games) {
    const margin = homeScore - awayScore
    const points = Math.sign(margin) + margin / 10_000
    record.set(fixture.home, (record.get(fixture.home) ?? 0) + points)
    record.set(fixture.away, (record.get(fixture.away) ?? 0) - points)
  }
  const best = (teams: readonly string[]) => [...teams].sort((a, b) => (record.get(b) ?? 0) - (record.get(a) ?? 0))
  const divisions = DIVISIONS.slice(firstDivision, firstDivision + 4)
  const winners = best(divisions.map((teams) => best(teams)[0]!))
  const others = best(divisions.flat().filter((team) => !winners.includes(team)))
  return [...winners, ...others].slice(0, count)
}

/** Best against worst, second against second worst ...; whoever is over rests: the best of seven, the two best of six. */
function pairUp(teams: readonly string[]): [string, string][] {
  const resting = teams.length === 7 ? 1 : teams.length === 6 ? 2 : 0
  const playing = teams.slice(resting)
  const half = playing.length / 2
  return playing.slice(0, half).map((home, i) => [home, playing[playing.length - 1 - i]!])
}

function winner({ fixture, homeScore, awayScore }: PlayedGame): string {
  return homeScore > awayScore ? fixture.home : fixture.away
}

function byKickoff(a: PlayedGame, b: PlayedGame): number {
  const start = ({ fixture: f }: PlayedGame) => `${f.day} ${f.time} ${f.home}`
  return start(a) < start(b) ? -1 : 1
}
