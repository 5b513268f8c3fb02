// A small seeded source of chance: the same seed gives the same numbers on every machine.

export interface Random {
  /** In [0, 1). */
  unit(): number
  /** A whole number in [0, count). */
  below(count: number): number
  /** Normal, with mean 0 and standard deviation 1. */
  normal(): number
}

/** mulberry32 (Tommy Ettinger, public domain). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number) => Math.floor(unit() * count)
  // Box and Muller; 1 - u keeps the logarithm off zero.
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  return { unit, below, normal }
}
