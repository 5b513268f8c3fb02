// Predictions and their grades: a model that knows the line and errs about it a little, graded by the real grader.

import { localDay, daysBetween } from '../../src/core/zone.ts'
import { aWeek } from '../../src/leagues/nfl/calendar.ts'
import type { CleanGame } from '../../src/leagues/nfl/lake/clean-game.ts'
import { gradePick } from '../../src/models/grading/grade.ts'
import {
  MARKETS,
  MODEL_VERSION,
  offerOf,
  sideOf,
  type GameLines,
  type Market,
} from '../../src/models/markets/markets.ts'
import { fairProbability, profitAt } from '../../src/models/markets/odds.ts'

import { after, DAY, HOUR, type Book } from './book.ts'
import type { Chance } from './chance.ts'
import type { Row } from './insert.ts'

const ZONE = 'America/New_York'
/** How long before kick-off: days ahead, and on the day itself. */
const LEADS_MS = [2 * DAY, 4 * HOUR]

/** Rows of predictions.games and predictions.grades, of every game whose hour has come. */
export function predictGames(book: Book, games: readonly CleanGame[]): { predictions: Row[]; grades: Row[] } {
  const runId = book.chance.uuid()
  const byWhom = { league: 'nfl', run_id: runId, simulated: false }
  const made = games.flatMap((game) =>
    momentsOf(game, book.now).flatMap((when) => {
      const prediction = predict(game, when, book.chance)
      return prediction ? [{ prediction, grade: gradeOf(prediction, game), kickoff: when.kickoff }] : []
    }),
  )
  return {
    predictions: made.map(({ prediction }) => ({ ...prediction, ...byWhom })),
    grades: made.flatMap(({ grade, kickoff }) => {
      const gradedAt = after(kickoff, 30 * HOUR)
      return grade && gradedAt <= book.now
        ? [{ ...grade, graded_as_of: gradedAt, recorded_at: gradedAt, ...byWhom }]
        : []
    }),
  }
}

/** When each market of a game is predicted, as far as that has come. */
function momentsOf(game: CleanGame, now: Date): When[] {
  const kickoff = new Date(game.kickoff_at)
  const moments = LEADS_MS.map((leadMs) => after(kickoff, -leadMs)).filter((at) => at <= now)
  return moments.flatMap((at) => MARKETS.map((market) => ({ market, at, kickoff })))
}

interface When {
  readonly market: Market
  readonly at: Date
  readonly kickoff: Date
}

type Prediction = Row & ReturnType<typeof numbersOf> & { market: Market; line: number | null; price_for: number | null; price_against: number | null } // prettier-ignore

function predict(game: CleanGame, { market, at, kickoff }: When, chance: Chance): Prediction | undefined {
  const offer = offerOf(market, linesOf(game))
  const fair = fairProbability(offer.priceFor, offer.priceAgainst)
  if (fair === undefined) return undefined
  // The line of some days before kick-off was another.
  const line = offer.line === null ? null : offer.line + (kickoff.getTime() - at.getTime() > DAY ? chance.of([-1, -0.5, 0, 0, 0, 0.5, 1]) : 0) // prettier-ignore
  return {
    game_id: game.game_id,
    market,
    lead_days: daysBetween(localDay(at, ZONE), localDay(kickoff, ZONE)),
    season: game.season,
    period: aWeek(game.season, game.week).key,
    model_version: MODEL_VERSION,
    as_of: at,
    recorded_at: at,
    starts_at: kickoff,
    line,
    price_for: offer.priceFor,
    price_against: offer.priceAgainst,
    ...numbersOf(market, { fair, line, priceFor: offer.priceFor, priceAgainst: offer.priceAgainst }, chance),
    starters: market === 'ou' ? null : 'last_known',
    commit: 'c0ffee0',
  }
}

function numbersOf(
  market: Market,
  by: { fair: number; line: number | null; priceFor: number | null; priceAgainst: number | null },
  chance: Chance,
) {
  const off = chance.normal()
  const pModel = Math.min(0.97, Math.max(0.03, by.fair + 0.06 * off))
  const pFinal = by.fair + 0.2 * (pModel - by.fair)
  const isFor = pModel >= 0.5
  const price = isFor ? by.priceFor : by.priceAgainst
  const edge = price === null ? null : (isFor ? pFinal : 1 - pFinal) * (1 + profitAt(price)) - 1
  return {
    p_model: pModel,
    p_market: by.fair,
    p_final: pFinal,
    p_push: market === 'moneyline' ? 0.003 : 0.03,
    expected: by.line === null ? null : by.line + 2.2 * off,
    expected_final: by.line === null ? null : by.line + 0.4 * off,
    pick: sideOf(market, isFor ? 'for' : 'against'),
    edge,
    stake: edge !== null && edge > 0 ? Math.min(0.02, edge / 4) : 0,
  }
}

function linesOf(game: CleanGame): GameLines {
  return {
    spreadHome: game.spread_home,
    spreadPriceHome: game.spread_price_home,
    spreadPriceAway: game.spread_price_away,
    moneylineHome: game.moneyline_home,
    moneylineAway: game.moneyline_away,
    totalLine: game.total_line,
    priceOver: game.price_over,
    priceUnder: game.price_under,
  }
}

function gradeOf(one: Prediction, game: CleanGame): Row | undefined {
  const { home_score: home, away_score: away } = game
  if (home === null || away === null) return undefined
  const pick = {
    market: one.market,
    line: one.line,
    priceFor: one.price_for,
    priceAgainst: one.price_against,
    pModel: one.p_model,
    pMarket: one.p_market,
    pFinal: one.p_final,
    expected: one.expected,
    expectedFinal: one.expected_final,
    pick: one.pick,
  }
  const grade = gradePick(pick, { home, away }, linesOf(game))
  return {
    game_id: one['game_id'],
    market: one.market,
    lead_days: one['lead_days'],
    started_at: new Date(game.kickoff_at),
    home_score: home,
    away_score: away,
    ...Object.fromEntries(Object.entries(grade).map(([name, value]) => [toColumn(name), value])),
  }
}

/** `clvPoints` is the column clv_points. */
function toColumn(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
