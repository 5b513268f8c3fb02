// American odds to probabilities, without the bookmaker's margin.

/** What a price implies, margin included: +150 is 0.4, -150 is 0.6. */
export function impliedProbability(american: number): number {
  return american > 0 ? 100 / (american + 100) : -american / (-american + 100)
}

/** Units won per unit staked when the bet wins. */
export function profitAt(american: number): number {
  return american > 0 ? american / 100 : 100 / -american
}

/** The first outcome's probability of a two-way market, or undefined without both prices. Power method: p_i = r_i^k with
 *  k such that they sum to 1 (Clarke et al. 2017; Buchdahl). */
export function fairProbability(priceFor: number | null, priceAgainst: number | null): number | undefined {
  if (priceFor === null || priceAgainst === null) return undefined
  return powerDevig([impliedProbability(priceFor), impliedProbability(priceAgainst)])[0]
}

/** Implied probabilities of all outcomes of one market, scaled to sum to 1 by the power method. */
export function powerDevig(implied: readonly number[]): number[] {
  // The sum falls as k grows; a negative hold (it happens: 2020_01_LV_CAR) needs k below 1.
  let [low, high] = [0.2, 5]
  for (let i = 0; i < 50; i += 1) {
    const k = (low + high) / 2
    if (implied.reduce((sum, r) => sum + r ** k, 0) > 1) low = k
    else high = k
  }
  const powers = implied.map((r) => r ** low)
  const sum = powers.reduce((total, p) => total + p, 0)
  return powers.map((p) => p / sum)
}
