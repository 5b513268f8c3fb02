// Computes how sure a mean of games is: 95 % intervals by resampling whole blocks (weeks, days), because games of one period share
// their surprises.

import { FEWEST_BLOCKS, type Estimate } from '../../core/interval.ts'
import { mean } from '../probability.ts'

/** A game's value and the period that it belongs to. */
export interface BlockValue {
  readonly block: number | string
  readonly value: number
}

const ROUNDS = 1000

/** The mean and its interval (percentile bootstrap: Efron and Tibshirani 1993; by blocks: Künsch 1989). Undefined without
 *  values. `unit` draws from [0, 1). */
export function estimateMean(values: readonly BlockValue[], unit: () => number): Estimate | undefined {
  if (values.length === 0) return undefined
  const blocks = sumsOf(values)
  const means = Array.from({ length: ROUNDS }, () => {
    let [sum, count] = [0, 0]
    for (let i = 0; i < blocks.length; i += 1) {
      const drawn = blocks[Math.floor(unit() * blocks.length)]!
      sum += drawn.sum
      count += drawn.count
    }
    return sum / count
  }).sort((a, b) => a - b)
  return {
    value: mean(values.map(({ value }) => value)),
    low: means[Math.floor(0.025 * ROUNDS)]!,
    high: means[Math.ceil(0.975 * ROUNDS) - 1]!,
    n: values.length,
  }
}

function sumsOf(values: readonly BlockValue[]): { sum: number; count: number }[] {
  const blocks = new Map<number | string, { sum: number; count: number }>()
  for (const { block, value } of values) {
    const seen = blocks.get(block) ?? { sum: 0, count: 0 }
    blocks.set(block, { sum: seen.sum + value, count: seen.count + 1 })
  }
  if (blocks.size < FEWEST_BLOCKS) return values.map(({ value }) => ({ sum: value, count: 1 }))
  return [...blocks.values()]
}
