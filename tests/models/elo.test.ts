import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { cleanGame } from '../../src/lake/nfl/clean-game.ts'
import { eloDifference, eloMargin, eloOf, eloProbability, eloShift, revertElo } from '../../src/models/elo.ts'
import { gameFeatures, type RatedGame } from '../../src/models/features.ts'
import { fairProbability } from '../../src/models/odds.ts'
import { brierScore, logLoss, mean } from '../../src/models/probability.ts'
import { parseGamesTable } from '../../src/sources/nflverse/games-table.ts'
import { sharedData } from '../helpers/shared-data.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const MARCH = 'nfl/games/games_2016-2025_asof_2026-03-24.csv'

// Brier per season of 538's Elo and of the closing moneyline, as measured in models-and-sources, section 1.1.
const PUBLISHED: Record<number, number> = {
  2003: 0.2209, 2004: 0.2235, 2005: 0.2111, 2006: 0.2351, 2007: 0.2154, 2008: 0.2182, 2009: 0.2055, 2010: 0.2333,
  2011: 0.2131, 2012: 0.2196, 2013: 0.215, 2014: 0.2067, 2015: 0.2254, 2016: 0.2184, 2017: 0.2173, 2018: 0.2227,
  2019: 0.2247, 2020: 0.2181, 2021: 0.2349, 2022: 0.2236, 2023: 0.2332, 2024: 0.2129, 2025: 0.225,
} // prettier-ignore

test('equal teams are even on neutral ground, and 65 points better at home', () => {
  const even = { home: 1500, away: 1500 }

  assert.equal(eloProbability(eloDifference(even, { neutral: true })), 0.5)
  assert.equal(eloDifference(even, { neutral: false }), 65)
  assert.equal(eloProbability(400), 10 / 11)
  assert.equal(eloMargin(65), 2.6)
})

test('what one side gains the other loses, more for an upset than for the expected', () => {
  assert.ok(eloShift(0, 10) > 0)
  assert.equal(eloShift(0, 10), -eloShift(0, -10))
  assert.ok(eloShift(-200, 10) > eloShift(200, 10))
  assert.equal(eloShift(0, 0), 0)
})

test('a favourite that ties loses points', () => assert.ok(eloShift(100, 0) < 0))

test('between seasons a rating goes a third of the way to 1505', () => {
  assert.equal(revertElo(new Map([['KC', 1655]])).get('KC'), 1605)
})

test('everybody starts at 1500, and whoever joins later at 1300', () => {
  assert.equal(eloOf(new Map(), 'KC', { isNewLeague: true }), 1500)
  assert.equal(eloOf(new Map(), 'HOU', { isNewLeague: false }), 1300)
})

test("on real games it scores what 538's Elo scored, every season since 2003", skipWithoutGames(), () => {
  const games = allGames()
  const scores = new Map<number, number[]>()
  for (const row of gameFeatures(games)) {
    const margin = marginOf(games, row.gameId)
    if (margin === 0) continue
    const brier = brierScore(eloProbability(row.moneyline['elo_difference']!), margin > 0)
    scores.set(row.season, [...(scores.get(row.season) ?? []), brier])
  }

  for (const [season, published] of Object.entries(PUBLISHED)) {
    const ours = mean(scores.get(Number(season)) ?? [])
    assert.ok(Math.abs(ours - published) < 0.0005, `${season}: ${ours} instead of ${published}`)
  }
  const since2010 = [...scores].flatMap(([season, briers]) => (season >= 2010 ? briers : []))
  assert.ok(Math.abs(mean(since2010) - 0.2216) < 0.0001)
})

test('the fair closing moneyline scores 0.2111 on 4,349 real games', skipWithoutGames(), () => {
  const judged = allGames().flatMap((game) => {
    const p = fairProbability(game.moneylineHome, game.moneylineAway)
    const margin = (game.homeScore ?? 0) - (game.awayScore ?? 0)
    return game.season < 2010 || p === undefined || margin === 0 ? [] : [{ p, homeWon: margin > 0 }]
  })

  assert.equal(judged.length, 4349)
  assert.ok(Math.abs(mean(judged.map(({ p, homeWon }) => brierScore(p, homeWon))) - 0.21105) < 0.00001)
  assert.ok(Math.abs(mean(judged.map(({ p, homeWon }) => logLoss(p, homeWon))) - 0.60939) < 0.00001)
})

type RealGame = RatedGame & { moneylineHome: number | null; moneylineAway: number | null }

let cached: RealGame[] | undefined

/** 1999 to 2024 from the December file, 2025 from the one of March: complete seasons. */
function allGames(): RealGame[] {
  cached ??= [
    ...rowsOf(DECEMBER).filter((row) => row['season'] !== '2025'),
    ...rowsOf(MARCH).filter((row) => row['season'] === '2025'),
  ].map((row) => {
    const result = cleanGame(row, new Date('2026-12-01T00:00:00Z'))
    assert.ok('game' in result)
    const { game } = result
    return {
      gameId: game.game_id, season: game.season, week: game.week, gameType: game.game_type,
      kickoffAt: new Date(game.kickoff_at), home: game.home_team, away: game.away_team, neutral: game.neutral,
      division: game.division, homeRest: game.home_rest, awayRest: game.away_rest, homeScore: game.home_score,
      awayScore: game.away_score, moneylineHome: game.moneyline_home, moneylineAway: game.moneyline_away,
    } // prettier-ignore
  })
  return cached
}

function rowsOf(path: string): readonly Record<string, string>[] {
  return parseGamesTable(readFileSync(sharedData(path), 'utf8'), 'test').rows
}

let margins: Map<string, number> | undefined

function marginOf(games: readonly RealGame[], gameId: string): number {
  margins ??= new Map(games.map((game) => [game.gameId, (game.homeScore ?? 0) - (game.awayScore ?? 0)]))
  return margins.get(gameId) ?? 0
}

function skipWithoutGames() {
  const missing = [DECEMBER, MARCH].find((path) => !existsSync(sharedData(path)))
  return { skip: missing === undefined ? false : `no ../shared/data/${missing}` }
}
