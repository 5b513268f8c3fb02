// The Predictions page as text: what it says of the close, of pushes and bets, of simulated rows, and that it escapes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderPredictions } from '../../dashboards/site/pages/predictions.tsx'
import { h } from 'preact'
import { predicted } from '../../src/leagues/nfl/predicted.ts'
import type { ViewContext } from '../../src/views/context.ts'
import type { AccountLine } from '../../src/views/predictions/account.ts'
import type { GameRow, MarketCell } from '../../src/views/predictions/period.ts'
import type { LeaguePredictions } from '../../src/views/predictions/predictions.ts'
import { at } from '../helpers/builders.ts'

const site: ViewContext = {
  now: at('24 19:00'),
  environment: 'test',
  jobs: [],
  sources: [],
  repositoryUrl: undefined,
  commit: undefined,
  zone: 'America/New_York',
  simulated: false,
}

const EMPTY: LeaguePredictions = {
  league: { id: 'nfl', span: 'week', ...predicted },
  simulated: false,
  current: undefined,
  earlier: [],
  verdict: { kind: 'nothing graded' },
  account: { all: [], seasons: [], prospective: [], retrospective: [], leads: [] },
  calibrations: [],
  season: undefined,
  lineMoves: [],
  models: [],
  parts: [{ league: 'demo', view: 'what a league adds' }],
}

const marketOf = (id: string) => predicted.markets.find((market) => market.id === id)!

/** A market of which nothing is known but that there were games. */
const A_LINE: AccountLine = {
  market: marketOf('ats'), games: 516, prospective: 0, pushes: 0, right: undefined, closeRight: undefined, brier: undefined,
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
    gameId: '2024_12_KC_CAR', startsAt: at('24 18:00'), startAssumed: false, home: 'CAR', away: 'KC',
    neutral: false, score: undefined, simulated: false, markets: { ats: aCell() }, ...wish,
  } // prettier-ignore
}

const withGames = (...games: GameRow[]): LeaguePredictions => ({
  ...EMPTY,
  current: { ...predicted.periodOf('2024-W12'), games, tallies: [] },
})

const render = (...views: LeaguePredictions[]) =>
  renderPredictions(site, views, new Map([['demo', (view) => h('p', null, String(view))]]))

/** The page without tags, in one line. */
function textOf(view: LeaguePredictions): string {
  const [file] = render(view)
  return (file?.text ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

test('an empty page says what will be there and who brings it', () => {
  const text = textOf(EMPTY)

  assert.match(text, /No prediction has met its closing line yet\./)
  assert.match(text, /No game is known yet\. nfl\/bronze brings the schedule/)
  assert.match(text, /what a league adds/)
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
  assert.match(text, /bet 0\.4 % at −110 .*won \+0\.25/)
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
  const text = textOf({ ...EMPTY, account: { ...EMPTY.account, all: [A_LINE] }, calibrations: [{ ...parts, games: 516, market: marketOf('ats'), seasons }] }) // prettier-ignore

  assert.match(text, /Spread, 516 games: ours is off by 1\.6 points of probability, the market by 1\.1/)
  assert.match(text, /Spread: calibration by season, 2022 to 2024/)
  assert.match(text, /2023, 250 games: ours off by 4\.3, market 1\.1/)
  assert.doesNotMatch(text, /2024, 16 games: ours off/)
  assert.match(text, /season n ours off by market off by chance 2024 16 20\.0 1\.1 5\.2 2023 250 4\.3 1\.1 5\.2/)
})

test('names from the source are text, never markup', () => {
  const [file] = render(withGames(aGame({ home: '<script>alert(1)</script>' })))

  assert.ok(!file?.text.includes('<script>alert'))
  assert.ok(file?.text.includes('&lt;script>alert'))
})

test('the foot names the source and its licence, and gives no advice', () => {
  const [file] = render(EMPTY)

  assert.match(file?.text ?? '', /https:\/\/github\.com\/nflverse\/nflverse-data/)
  assert.match(textOf(EMPTY), /Not advice, to bet or otherwise\. .*nflverse .*CC-BY-4\.0/)
})

test('a game without any prediction says so once, and whether one may still come', () => {
  const past = aGame({ markets: {} })
  const coming = aGame({ gameId: '2024_12_BUF_NYJ', startsAt: at('25 18:00'), markets: {} })
  const html = render(withGames(past, coming))[0]?.text ?? ''

  assert.equal(html.match(/no prediction was made/g)?.length, 1)
  assert.equal(html.match(/no prediction yet/g)?.length, 1)
})

const AN_ESTIMATE = { value: 0.52, low: 0.49, high: 0.55, error: 0.015, n: 1070 }

test('a week says its bets with their prices, or that there is none, and when the next game begins', () => {
  const bet = aGame({ startsAt: at('24 21:25'), markets: { ats: aCell({ stake: 0.004 }) } })

  assert.match(textOf(withGames(bet)), /1 bet: KC −11 in KC at CAR, bet 0\.4 % at −110\./)
  assert.match(textOf(withGames(aGame())), /0 of 1 games are over\. No bet\./)
  assert.match(textOf(withGames(bet)), /Next kick-off: KC at CAR, Sun 24 Nov 16:25 New York\./)
  assert.doesNotMatch(textOf(withGames(aGame({ markets: {} }))), /No bet/)
})

test('graded games are said less those that were pushed, and seasons in groups without what is the same in all', () => {
  const line = { ...A_LINE, games: 1857, pushes: 8, market: marketOf('moneyline'), prospective: 1857, brier: AN_ESTIMATE, closeBrier: AN_ESTIMATE, logLoss: AN_ESTIMATE } // prettier-ignore
  const seasons = [2024, 2023].map((season) => ({ ...line, season }))
  const text = textOf({ ...EMPTY, account: { ...EMPTY.account, all: [line], seasons } })
  const mixed = [{ ...line, season: 2024 }, { ...line, season: 2023, prospective: 0 }] // prettier-ignore

  assert.match(text, /1,857 less 8 pushed/)
  assert.match(
    text,
    /right % Brier season games pushes right % ours right % close Brier ours Brier close Brier, ours less close/,
  )
  assert.match(text, /Winner by season: log loss log loss season log loss ours log loss close/)
  assert.doesNotMatch(text, /CLV % recorded/)
  assert.match(
    textOf({ ...EMPTY, account: { ...EMPTY.account, all: [line], seasons: mixed } }),
    /CLV % recorded .* before .* afterwards/,
  )
})

test('lines that moved are two intervals about a half, each with its number', () => {
  const all = ['ats', 'ou'].map((id) => ({ ...A_LINE, market: marketOf(id), movedOurWay: AN_ESTIMATE }))
  const lineMoves = [{ points: -1, n: 500 }, { points: 0, n: 1593 }, { points: 1, n: 570 }] // prettier-ignore
  const text = textOf({ ...EMPTY, account: { ...EMPTY.account, all }, lineMoves }).replaceAll('\u00a0', ' ')

  assert.match(text, /went our way in 52\.0 % of spreads and 52\.0 % of totals/)
  assert.match(text, /Spread 52\.0 % \(49\.0 to 55\.0, n 1,070\) Total/)
  assert.match(text, /half of them would by chance; 1,593 lines did not move/)
})

test('a season’s picture says whose score is better', () => {
  const toDate = { games: 162, brier: 0.2324, closeBrier: 0.2303 }
  const periods = [1, 2].map((place) => ({
    place,
    label: `W${place}`,
    games: 81,
    brier: 0.2324,
    closeBrier: 0.2303,
    toDate,
  }))
  const text = textOf({
    ...EMPTY,
    account: { ...EMPTY.account, all: [A_LINE] },
    season: { season: 2026, periods },
  })

  assert.match(
    text,
    /2026, week by week to 162 graded games: the market’s Brier score is better, 0\.2303 to our 0\.2324/,
  )
})

test('a second league has a page of its own, and each leads to the other', () => {
  const nba: LeaguePredictions = {
    ...EMPTY,
    league: { ...EMPTY.league, id: 'nba', name: 'NBA', begin: 'tip-off', span: 'day' },
    parts: [],
  }
  const [first, second, ...others] = render(EMPTY, nba)

  assert.deepEqual([first?.path, second?.path, others], ['predictions.html', 'predictions-nba.html', []])
  assert.match(first?.text ?? '', /<b aria-current="page">NFL<\/b> · <a href="predictions-nba.html">NBA<\/a>/)
  assert.match(second?.text ?? '', /frozen before tip-off by/)
  assert.doesNotMatch(second?.text ?? '', /what a league adds|kick-off/)
})

test('without a league that predicts the page says so', () => {
  assert.match(render()[0]?.text ?? '', /No league predicts games here\./)
})
