// Seeded chance in the words of a history: a share, a span, a name, an id.

import { createRandom } from '../../src/lib/random.ts'

export interface Chance {
  /** In [0, 1). */
  unit(): number
  normal(): number
  /** True in this share of calls. */
  is(share: number): boolean
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** One of these, each as likely. */
  of<T>(values: readonly T[]): T
  /** One of these names, by weight. */
  byWeight<T extends string>(weights: Readonly<Record<T, number>>): T
  /** Half are shorter than the median, one in six is longer than the median times e to the sigma. */
  logNormal(median: number, sigma: number): number
  uuid(): string
}

/** The same seed and the same calls give the same history. */
export function createChance(seed: number): Chance {
  const { unit, normal, below } = createRandom(seed)
  const between = (low: number, high: number) => low + below(high - low + 1)
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('')
  return {
    unit,
    normal,
    between,
    is: (share) => unit() < share,
    of: (values) => values[below(values.length)]!,
    byWeight: (weights) => pickByWeight(weights, unit()),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  }
}

function pickByWeight<T extends string>(weights: Readonly<Record<T, number>>, unit: number): T {
  const entries = Object.entries(weights) as [T, number][]
  let left = unit * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries.at(-1)![0]
}
