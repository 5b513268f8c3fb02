// Fits of one or two parameters: a logistic line, the spread of errors, and how sharply a margin tells the winner.

import { logistic, logLoss, mean, normalCdf } from '../probability.ts'

/** `logit p = intercept + slope · x` by maximum likelihood (Newton's method; Platt scaling when x is a logit: Platt 1999). */
export function fitLogistic(points: readonly { x: number; y: 0 | 1 }[]): { intercept: number; slope: number } {
  let [intercept, slope] = [0, 1]
  // Converges in five or six steps from a sensible start.
  for (let step = 0; step < 12; step += 1) {
    // A touch of ridge towards (0, 1), so that a handful of games, or games all won by one side, still give an answer.
    let [g0, g1, h00, h01, h11] = [-intercept, 1 - slope, 1, 0, 1]
    for (const { x, y } of points) {
      const p = logistic(intercept + slope * x)
      const weight = p * (1 - p)
      g0 += y - p
      g1 += (y - p) * x
      h00 += weight
      h01 += weight * x
      h11 += weight * x * x
    }
    const determinant = h00 * h11 - h01 * h01
    const [up, steeper] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant]
    intercept += up
    slope += steeper
    if (Math.abs(up) + Math.abs(steeper) < 1e-10) break
  }
  return { intercept, slope }
}

/** Root mean square of errors in points, or `fallback` for fewer than two. Never below 1: a probability must not become
 *  certain. */
export function errorSize(errors: readonly number[], fallback: number): number {
  if (errors.length < 2) return fallback
  return Math.max(Math.sqrt(mean(errors.map((error) => error ** 2))), 1)
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const SIGMAS = [6, 24] as const

/** The sigma for which Φ(margin / sigma) has the least log-loss as P(home wins), or `fallback` for a handful of games.
 *  Sharper than the size of errors, which big wins swell: 11.4 of a closing spread of 1999 to 2025, not 13. */
export function fitWinSigma(points: readonly { margin: number; won: boolean }[], fallback: number): number {
  if (points.length < 100) return fallback
  const loss = (sigma: number) => {
    let sum = 0
    for (const { margin, won } of points) sum += logLoss(normalCdf(margin / sigma), won)
    return sum
  }
  // Golden-section search: the loss has one valley.
  let [low, high]: [number, number] = [...SIGMAS]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [lossLeft, lossRight] = [loss(left), loss(right)]
  while (high - low > 0.01) {
    if (lossLeft < lossRight) {
      ;[high, right, lossRight] = [right, left, lossLeft]
      left = high - GOLDEN * (high - low)
      lossLeft = loss(left)
    } else {
      ;[low, left, lossLeft] = [left, right, lossRight]
      right = low + GOLDEN * (high - low)
      lossRight = loss(right)
    }
  }
  return (low + high) / 2
}
