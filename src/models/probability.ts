// Small pieces of probability that the models share.

const SQRT_2PI = Math.sqrt(2 * Math.PI)

/** P(Z <= z) of a standard normal. Abramowitz and Stegun 26.2.17: absolute error below 7.5e-8. */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const upperTail = (Math.exp((-z * z) / 2) / SQRT_2PI) * series
  return z >= 0 ? 1 - upperTail : upperTail
}

/** ln(p / (1 - p)), with p kept off 0 and 1. */
export function logit(p: number): number {
  const safe = Math.min(Math.max(p, 1e-6), 1 - 1e-6)
  return Math.log(safe / (1 - safe))
}

/** The inverse of logit. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Two probabilities of one event mixed in log-odds; `weight` is the first one's. */
export function blend(first: number, second: number, weight: number): number {
  return logistic(weight * logit(first) + (1 - weight) * logit(second))
}

/** (p - y)^2 of a yes (1) or no (0). */
export function brierScore(p: number, happened: boolean): number {
  return (p - (happened ? 1 : 0)) ** 2
}

/** -ln of the probability given to what happened. */
export function logLoss(p: number, happened: boolean): number {
  return -Math.log(Math.max(happened ? p : 1 - p, 1e-15))
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
