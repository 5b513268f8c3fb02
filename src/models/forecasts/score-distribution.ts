// Computes how likely each margin or total is, around an expected one. A plain normal is wrong where it matters: games end by 3 and 7
// points far more often than by 5 or 9, and lines stand there.

/** P(above the line), P(on it) and P(below it). */
export interface LineChances {
  readonly over: number
  readonly push: number
  readonly under: number
}

/** f(k) is proportional to φ((k - mean) / sigma) · weight(|k|) over whole points k. */
export interface ScoreDistribution {
  readonly mean: number
  readonly sigma: number
  /** By |k|, how much more often it happens than a normal says; 1 beyond the list. */
  readonly weights: readonly number[]
}

/** Margins up to this have a weight of their own. */
export const LAST_KEY_MARGIN = 17
/** The normal that weights are relative to. */
const KEY_SIGMA = 13
/** As if each margin had been seen so often more in just the normal's number: weights of few games stay near 1. */
const PRIOR_GAMES = 5
/** Sums run this many sigmas to either side. */
const REACH = 6

/** Chances about a line, in whole or half points. */
export function lineChances(distribution: ScoreDistribution, line: number): LineChances {
  const { mean, sigma, weights } = distribution
  let [over, push, under] = [0, 0, 0]
  const last = Math.ceil(mean + REACH * sigma)
  for (let k = Math.floor(mean - REACH * sigma); k <= last; k += 1) {
    const mass = bell((k - mean) / sigma) * (weights[Math.abs(k)] ?? 1)
    if (k > line) over += mass
    else if (k < line) under += mass
    else push += mass
  }
  const all = over + push + under
  return { over: over / all, push: push / all, under: under / all }
}

/** Weights of 0, 1, ... points from games and the margin that was expected of each (the closing spread): how often the
 *  margin happened, over how often a normal says. */
export function fitKeyWeights(games: readonly { margin: number; expected: number }[]): number[] {
  const seen = new Array<number>(LAST_KEY_MARGIN + 1).fill(PRIOR_GAMES)
  const normal = new Array<number>(LAST_KEY_MARGIN + 1).fill(PRIOR_GAMES)
  for (const { margin, expected } of games) {
    const size = Math.abs(margin)
    if (size <= LAST_KEY_MARGIN) seen[size]! += 1
    for (let k = 0; k <= LAST_KEY_MARGIN; k += 1) {
      const both = bell((k - expected) / KEY_SIGMA) + (k === 0 ? 0 : bell((-k - expected) / KEY_SIGMA))
      normal[k]! += both / (KEY_SIGMA * SQRT_2PI)
    }
  }
  return seen.map((count, k) => count / normal[k]!)
}

const SQRT_2PI = Math.sqrt(2 * Math.PI)

/** The normal curve, not scaled. */
function bell(z: number): number {
  return Math.exp((-z * z) / 2)
}
