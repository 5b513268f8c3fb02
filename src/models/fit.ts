// Fits of two parameters: a logistic line, and the centre and spread of errors.

import { logistic, mean } from './probability.ts'

/** `logit p = intercept + slope · x` by maximum likelihood (Newton's method; Platt scaling when x is a logit). */
export function fitLogistic(points: readonly { x: number; y: 0 | 1 }[]): { intercept: number; slope: number } {
  let [intercept, slope] = [0, 1]
  // Converges in five or six steps from a sensible start; a few more cost nothing.
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
    intercept += (h11 * g0 - h01 * g1) / determinant
    slope += (h00 * g1 - h01 * g0) / determinant
  }
  return { intercept, slope }
}

/** Mean and standard deviation of errors in points. `sigma` is never below 1: a probability must not become certain. */
export function fitResiduals(errors: readonly number[]): { bias: number; sigma: number } {
  const bias = mean(errors)
  const sigma = Math.sqrt(mean(errors.map((error) => (error - bias) ** 2)))
  return { bias, sigma: Math.max(sigma, 1) }
}
