// Computes how sure a mean of games is: 95 % intervals from sums that a database can add up, so that a page need not read the games.
// Games of one week share their surprises; therefore weeks, not games, are what is counted as independent.

/** Sums over groups of games (a week, or a game alone): of a group's sum, squared; times its weight; of its weight, squared. */
export interface Spread {
  readonly groups: number
  readonly squares: number
  readonly cross: number
  readonly weights: number
}

/** All that is needed of a figure's values: two of them are added by adding each number. */
export interface Moments {
  readonly n: number
  /** The number of games, or what was staked on them. */
  readonly weight: number
  readonly sum: number
  readonly games: Spread
  readonly weeks: Spread
}

/** A mean with its 95 % interval, of `n` games. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Standard error; null where there is too little to know it. */
  readonly error: number | null
  readonly n: number
}

/** The same where nobody asks for the error; `low` and `high` are infinite where one block is all there is. */
export type Estimate = Omit<Interval, 'error'>

export const NO_MOMENTS: Moments = { n: 0, weight: 0, sum: 0, games: noSpread(), weeks: noSpread() }

const Z = 1.96
/** With fewer blocks (weeks, days) than this there is little to draw from, and every game counts as independent. */
export const FEWEST_BLOCKS = 8

/** Figures of two sets of games that share no week, as one. */
export function addMoments(a: Moments, b: Moments): Moments {
  return {
    n: a.n + b.n,
    weight: a.weight + b.weight,
    sum: a.sum + b.sum,
    games: addSpread(a.games, b.games),
    weeks: addSpread(a.weeks, b.weeks),
  }
}

/** Of any mean: the ratio of sums with its variance between weeks (Liang and Zeger 1986), by Student's t. Undefined
 *  without games. */
export function meanInterval(moments: Moments): Interval | undefined {
  if (moments.n === 0 || moments.weight === 0) return undefined
  const value = moments.sum / moments.weight
  const spread = spreadOf(moments)
  if (spread.groups < 2) return { value, low: -Infinity, high: Infinity, error: null, n: moments.n }
  const error = Math.sqrt(varianceOf(moments, spread))
  const reach = studentT(spread.groups - 1) * error
  return { value, low: value - reach, high: value + reach, error, n: moments.n }
}

/** Of a share of games: Wilson's (1927), which stays within 0 and 1, with as many games as weeks leave independent. */
export function shareInterval(moments: Moments): Interval | undefined {
  if (moments.n === 0) return undefined
  const share = moments.sum / moments.n
  const alone = (share * (1 - share)) / moments.n
  const together = alone > 0 && moments.weeks.groups >= FEWEST_BLOCKS ? varianceOf(moments, moments.weeks) : alone
  const worth = together > alone ? (moments.n * alone) / together : moments.n
  return { value: share, ...wilson(share, worth), error: Math.sqrt(Math.max(together, alone)), n: moments.n }
}

/** The 95 % interval of a share seen in `n` tries. */
export function wilson(share: number, n: number): { low: number; high: number } {
  const centre = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
  const reach = (Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))) / (1 + Z ** 2 / n)
  return { low: centre - reach, high: centre + reach }
}

function noSpread(): Spread {
  return { groups: 0, squares: 0, cross: 0, weights: 0 }
}

function addSpread(a: Spread, b: Spread): Spread {
  return {
    groups: a.groups + b.groups,
    squares: a.squares + b.squares,
    cross: a.cross + b.cross,
    weights: a.weights + b.weights,
  }
}

function spreadOf({ games, weeks }: Moments): Spread {
  return weeks.groups < FEWEST_BLOCKS ? games : weeks
}

/** Of the ratio sum / weight, between groups. Rounding may leave a tiny negative number where nothing varies. */
function varianceOf({ sum, weight }: Moments, { groups, squares, cross, weights }: Spread): number {
  const value = sum / weight
  const between = squares - 2 * value * cross + value ** 2 * weights
  return Math.max(0, ((groups / (groups - 1)) * between) / weight ** 2)
}

const FIRST_TS = [12.706, 4.303, 3.182]

/** Student's t that 2.5 % lie above: a table for the first degrees of freedom, then Cornish and Fisher's expansion. */
function studentT(degrees: number): number {
  const known = FIRST_TS[degrees - 1]
  if (known !== undefined) return known
  const [first, second] = [(Z ** 3 + Z) / 4, (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96]
  return Z + first / degrees + second / degrees ** 2
}
