// The Predictions page as text: what it says of the close, of pushes and bets, of simulated rows, and that it escapes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderPredictions } from '../../dashboards/site/pages/predictions.tsx'
import type { ViewContext } from '../../src/views/context.ts'
import type { AccountLine } from '../../src/views/predictions-account.ts'
import type { GameRow, MarketCell } from '../../src/views/predictions-week.ts'
import type { PredictionsView } from '../../src/views/predictions.ts'
import { at } from '../helpers/builders.ts'

const site: ViewContext = {
  now: at('24 19:00'),
  environment: 'test',
  jobs: [],
  repositoryUrl: undefined,
  commit: undefined,
  zone: 'America/New_York',
  simulated: false,
}

const EMPTY: PredictionsView = {
  simulated: false,
  week: undefined,
  earlier: [],
  verdict: { kind: 'nothing graded' },
  account: { all: [], seasons: [], prospective: [], retrospective: [], leads: [] },
  calibrations: [],
  season: undefined,
  lineMoves: [],
  models: [],
  fantasy: undefined,
}

/** A market of which nothing is known but that there were games. */
const A_LINE: AccountLine = {
  market: 'ats', games: 516, prospective: 0, pushes: 0, right: undefined, closeRight: undefined, brier: undefined,
  finalBrier: undefined, closeBrier: undefined, brierLead: undefined, finalLead: undefined, logLoss: undefined,
  closeLogLoss: undefined, modelError: undefined, closeError: undefined, profit: undefined, betProfit: undefined,
  clvPoints: undefined, movedOurWay: undefined, clvPrice: undefined,
} // prettier-ignore

function aCell(wish: Partial<MarketCell> = {}): MarketCell {
  return {
    line: -11, closeLine: undefined, pick: 'away', price: -110, pModel: 0.6, pMarket: 0.55, pFinal: 0.56, stake: 0,
    leadDays: 0, madeAt: at('24 13:37'), prospective: true, outcome: undefined, profit: undefined, brier: undefined,
    closeBrier: undefined, ...wish,
  } // prettier-ignore
}

function aGame(wish: Partial<GameRow> = {}): GameRow {
  return {
    gameId: '2024_12_KC_CAR', gameType: 'REG', kickoffAt: at('24 18:00'), kickoffAssumed: false, home: 'CAR', away: 'KC',
    neutral: false, score: undefined, simulated: false, markets: { ats: aCell() }, ...wish,
  } // prettier-ignore
}

const withGames = (...games: GameRow[]): PredictionsView => ({
  ...EMPTY,
  week: { season: 2024, week: 12, games, tallies: [] },
})

/** The page without tags, in one line. */
function textOf(view: PredictionsView): string {
  const [file] = renderPredictions(site, view)
  return (file?.text ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

test('an empty page says what will be there and who brings it', () => {
  const text = textOf(EMPTY)

  assert.match(text, /No prediction has met its closing line yet\./)
  assert.match(text, /No game is known yet\. nfl\/bronze brings the schedule/)
  assert.match(text, /No projection has met its points yet/)
})

test('a pick is said as books write it, ours beside the market’s, and an open game is open', () => {
  const text = textOf(withGames(aGame()))

  assert.match(text, /13:00 KC at CAR/)
  assert.match(text, /KC −11 −110 60\.0 % 55\.0 % open/)
})

test('the home side gives what the away side gets, and nothing is pick’em', () => {
  const home = aGame({ markets: { ats: aCell({ pick: 'home' }) } })
  const even = aGame({ markets: { ats: aCell({ line: 0 }) } })

  assert.match(textOf(withGames(home)), /CAR \+11/)
  assert.match(textOf(withGames(even)), /KC pick’em/)
})

test('results stand beside picks in words and units, and a bet with its stake', () => {
  const cells = {
    moneyline: aCell({ line: undefined, outcome: 'won', profit: 0.25, stake: 0.004 }),
    ats: aCell({ outcome: 'lost', profit: -1 }),
    ou: aCell({ pick: 'over', line: 43, outcome: 'push', profit: 0 }),
  } as const
  const text = textOf(withGames(aGame({ score: { home: 27, away: 30 }, markets: cells })))

  assert.match(text, /KC 30 at CAR 27/)
  assert.match(text, /bet 0\.4 % .*won \+0\.25/)
  assert.match(text, /lost −1\.00/)
  assert.match(text, /over 43 .*push 0\.00/)
})

test('simulated and afterwards are said on the row where a week has both kinds', () => {
  const made = aGame({ gameId: 'x', simulated: true, markets: { ats: aCell({ prospective: false }) } })
  const text = textOf(withGames(aGame(), made))

  assert.equal(text.match(/simulated/g)?.length, 1)
  assert.equal(text.match(/worked out afterwards/g)?.length, 1)
})

test('a page of nothing but simulated rows says so at its head', () => {
  assert.match(textOf({ ...EMPTY, simulated: true }), /Simulated data: these games were made up/)
})

test('calibration stands there by market, and by season with games, both errors and what chance leaves', () => {
  const dots = [0.3, 0.4, 0.5, 0.6, 0.7].map((said) => ({ n: 50, said, happened: said, low: said - 0.1, high: said + 0.1 })) // prettier-ignore
  const parts = { games: 250, model: dots, close: dots, modelError: 0.016, closeError: 0.011, chance: 0.052 }
  const few = { ...parts, games: 16, model: dots.slice(0, 2), close: dots.slice(0, 2), modelError: 0.2, season: 2024 }
  const seasons = [few, ...[2023, 2022].map((season) => ({ ...parts, season, modelError: 0.0431 }))]
  const text = textOf({ ...EMPTY, account: { ...EMPTY.account, all: [A_LINE] }, calibrations: [{ ...parts, games: 516, market: 'ats', seasons }] }) // prettier-ignore

  assert.match(text, /Spread, 516 games: ours is off by 1\.6 points of probability, the market by 1\.1/)
  assert.match(text, /Spread: calibration by season, 2022 to 2024/)
  assert.match(text, /2023, 250 games: ours off by 4\.3, market 1\.1/)
  assert.doesNotMatch(text, /2024, 16 games: ours off/)
  assert.match(text, /season n ours off by market off by chance 2024 16 20\.0 1\.1 5\.2 2023 250 4\.3 1\.1 5\.2/)
})

test('names from the source are text, never markup', () => {
  const [file] = renderPredictions(site, withGames(aGame({ home: '<script>alert(1)</script>' })))

  assert.ok(!file?.text.includes('<script>alert'))
  assert.ok(file?.text.includes('&lt;script>alert'))
})

test('the foot names the source and its licence, and gives no advice', () => {
  const [file] = renderPredictions(site, EMPTY)

  assert.match(file?.text ?? '', /https:\/\/github\.com\/nflverse\/nflverse-data/)
  assert.match(textOf(EMPTY), /Not advice, to bet or otherwise\. .*nflverse .*CC-BY-4\.0/)
})

test('a game without any prediction says so once, and whether one may still come', () => {
  const past = aGame({ markets: {} })
  const coming = aGame({ gameId: '2024_12_BUF_NYJ', kickoffAt: at('25 18:00'), markets: {} })
  const html = renderPredictions(site, withGames(past, coming))[0]?.text ?? ''

  assert.equal(html.match(/no prediction was made/g)?.length, 1)
  assert.equal(html.match(/no prediction yet/g)?.length, 1)
})
