// How GitHub's cron keeps time: which ticks of a repository's cron lines come, and when. Seeded. Ticks are not lost one by
// one: the whole repository passes through calm, throttled and silent hours, and what is late then comes together.
//
// Measured by users of GitHub, in 2026 (lateness is before the run exists):
//
//   every 5 minutes   mid-August: 23 % come, gaps 14.6 / 21.3 / 34.0 / 58.5 min (p25, p50, p90, max)
//                     github.com/Ambiguous-Interactive/unity-helpers/issues/448; from 27 August one in 2 to 3 h,
//                     github.com/nodejs/build/issues/4443
//   every 10 minutes  July: 5 of about 75, one gap of 200 min, github.com/sparq-org/sparq/issues/4802; September: 3 of 138,
//                     github.com/paiml/aprender/issues/3292; one in 3.5 to 4.6 h,
//                     github.com/inkdrafts/notiongit-template/issues/29
//   hourly            5 of 22, those 2.3 to 22.6 min late, github.com/p2pool-starter-stack/pithead/issues/1418; September:
//                     6 to 9 a day, gaps 2 to 6.5 h, github.com/onkartalekar/fpl-intelligence/issues/288
//   every 2 hours     late October: gaps 3 h 8 to 9 h 30, median 7 h 6, github.com/orgs/community/discussions/211723
//   daily             up to June: on 164 of 174 days, 21 / 48 / 164 / 373 min late (p10, p50, p90, max), counted from the
//                     commits of AEIRatings/aeiratings.github.io; median 72 min before 27 August, 271 min after it,
//                     github.com/KCNyu/clawock/issues/1417; September: 28 of 28, 1.5 to 6.8 h late, aprender#3292
//   weekly            summer: 8 of 8, median 4.4 h, longest 12.7 h, github.com/netcanon/netcanon/pull/419
//   several at once   late ticks of several workflows arrive together, discussions/212160; 2 of 10 slots of one day came,
//                     discussions/208916

import { createRandom, type Random } from '../../src/lib/random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A line that is due more often than this is held back; one that is due more rarely is late. */
const RARE_MS = 4 * HOUR

/** Log-normal: half are longer than the median, one in six is longer than the median times e to the sigma. */
interface Spread {
  readonly median: number
  readonly sigma: number
}

interface Regime {
  /** How long it lasts, in hours: exponential, but never more than four times that. */
  readonly meanHours: number
  /** What follows it, with weights. */
  readonly next: Readonly<Record<string, number>>
  /** Between two ticks of a frequent line: so many times its period, but at least so many minutes. Undefined: none come. */
  readonly gap: { readonly periods: number; readonly minutes: number; readonly sigma: number } | undefined
  /** By how many minutes a rare line's tick is late. What would come in a silent hour comes when it is over. */
  readonly late: Spread
  /** The share of rare ticks that never come. */
  readonly lost: number
}

export interface LatenessModel {
  readonly name: 'mid-2026' | 'late-2026'
  readonly regimes: Readonly<Record<string, Regime>>
}

/** As it was until 26 August 2026. */
export const MID_2026: LatenessModel = {
  name: 'mid-2026',
  regimes: {
    calm: { meanHours: 20, next: { throttled: 9, silent: 1 }, gap: { periods: 2.5, minutes: 20, sigma: 0.45 }, late: { median: 34, sigma: 0.6 }, lost: 0.005 },
    throttled: { meanHours: 9, next: { calm: 8, silent: 2 }, gap: { periods: 5, minutes: 60, sigma: 0.6 }, late: { median: 85, sigma: 0.6 }, lost: 0.02 },
    silent: { meanHours: 2, next: { throttled: 1 }, gap: undefined, late: { median: 60, sigma: 0.6 }, lost: 0.3 },
  },
} // prettier-ignore

/** As it has been since 27 August 2026. */
export const LATE_2026: LatenessModel = {
  name: 'late-2026',
  regimes: {
    calm: { meanHours: 8, next: { throttled: 1 }, gap: { periods: 3, minutes: 150, sigma: 0.4 }, late: { median: 150, sigma: 0.5 }, lost: 0.01 },
    throttled: { meanHours: 24, next: { calm: 1, silent: 1 }, gap: { periods: 4, minutes: 250, sigma: 0.4 }, late: { median: 270, sigma: 0.4 }, lost: 0.03 },
    silent: { meanHours: 4, next: { throttled: 1 }, gap: undefined, late: { median: 180, sigma: 0.5 }, lost: 0.5 },
  },
} // prettier-ignore

export interface Line {
  readonly name: string
  /** In order. */
  readonly due: readonly Date[]
}

/** What became of a tick; without an instant it never came. */
export interface Tick {
  readonly line: string
  readonly dueAt: Date
  readonly at: Date | undefined
}

/** What becomes of every tick of these lines of one repository. */
export function deliver(model: LatenessModel, lines: readonly Line[], seed: number): Tick[] {
  const moments = lines.flatMap(({ due }) => due).map((at) => at.getTime())
  if (moments.length === 0) return []
  const span = { from: moments.reduce((a, b) => Math.min(a, b)), until: moments.reduce((a, b) => Math.max(a, b)) }
  const weather = aWeather(model, span, createRandom(seed))
  return lines.flatMap((line, i) => {
    const random = createRandom(seed * 1009 + i + 1)
    return isRare(line) ? delay(line, weather, random) : throttle(line, weather, random)
  })
}

function isRare({ due }: Line): boolean {
  return due.length < 2 || periodOf(due) >= RARE_MS
}

function periodOf(due: readonly Date[]): number {
  const distances = due.slice(1).map((at, i) => at.getTime() - (due[i]?.getTime() ?? 0))
  return Math.min(...distances.slice(0, 200))
}

/** What all lines of a repository share. */
interface Weather {
  regimeAt(moment: number): Regime
  /** How hard the hour presses: normal, and much like the hour before. */
  pressureAt(moment: number): number
  /** The next moment at which what is late is let out. */
  outlet(moment: number): number
}

interface Stretch {
  readonly regime: Regime
  readonly until: number
}

/** An hour's pressure is nine tenths the last hour's. */
const KEPT = 0.9
const BETWEEN_OUTLETS_MS = 15 * MINUTE

function aWeather(model: LatenessModel, { from, until }: { from: number; until: number }, random: Random): Weather {
  const end = until + 48 * HOUR
  const stretches: Stretch[] = []
  let name = 'throttled'
  for (let at = from; at < end;) {
    const regime = regimeOf(model, name)
    at += regime.meanHours * HOUR * Math.min(exponential(random), 4)
    stretches.push({ regime, until: at })
    name = pick(regime.next, random)
  }
  const pressures = [random.normal()]
  for (let at = from; at < end; at += HOUR) {
    pressures.push(KEPT * (pressures.at(-1) ?? 0) + Math.sqrt(1 - KEPT ** 2) * random.normal())
  }
  const outlets: number[] = []
  for (let at = from; at < end;) outlets.push((at += BETWEEN_OUTLETS_MS * exponential(random)))
  const regimeAt = (moment: number) => stretches[firstFrom(stretches, (one) => one.until > moment)]?.regime
  return {
    regimeAt: (moment) => regimeAt(moment) ?? regimeOf(model, name),
    pressureAt: (moment) => pressures[Math.floor((moment - from) / HOUR)] ?? 0,
    outlet(moment) {
      let place = firstFrom(outlets, (one) => one >= moment)
      while (regimeAt(outlets[place] ?? Infinity)?.gap === undefined && place < outlets.length) place += 1
      return outlets[place] ?? moment
    },
  }
}

/** The first place from which on it holds, in a list where it holds from some place on. */
function firstFrom<T>(list: readonly T[], holds: (one: T) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(list[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}

function regimeOf(model: LatenessModel, name: string): Regime {
  const regime = model.regimes[name]
  if (regime === undefined) throw new RangeError(`the model ${model.name} has no regime ${name}`)
  return regime
}

/** A rare line: nearly every tick comes, late. */
function delay({ name, due }: Line, weather: Weather, random: Random): Tick[] {
  return due.map((dueAt) => {
    const moment = dueAt.getTime()
    const regime = weather.regimeAt(moment)
    if (random.unit() < regime.lost) return { line: name, dueAt, at: undefined }
    const lateMs = spread(regime.late, weather.pressureAt(moment), random) * MINUTE
    return { line: name, dueAt, at: new Date(weather.outlet(moment + lateMs)) }
  })
}

const SOON: Spread = { median: 9, sigma: 0.7 }

/** A frequent line: one tick now and then, some minutes late, and nothing of the others. */
function throttle({ name, due }: Line, weather: Weather, random: Random): Tick[] {
  const period = periodOf(due)
  let closedUntil = -Infinity
  return due.map((dueAt) => {
    const moment = dueAt.getTime()
    const { gap } = weather.regimeAt(moment)
    if (gap === undefined || moment < closedUntil) return { line: name, dueAt, at: undefined }
    const median = Math.max(gap.periods * period, gap.minutes * MINUTE)
    // From tick to tick, so that the gap itself has this median: half a period is lost waiting for the next tick.
    closedUntil = moment + spread({ median, sigma: gap.sigma }, weather.pressureAt(moment), random) - period / 2
    return { line: name, dueAt, at: new Date(moment + Math.min(spread(SOON, 0, random) * MINUTE, 30 * MINUTE)) }
  })
}

/** Two thirds of what varies is the repository's, the rest the tick's own. */
function spread({ median, sigma }: Spread, pressure: number, random: Random): number {
  return median * Math.exp(sigma * (0.8 * pressure + 0.6 * random.normal()))
}

function exponential(random: Random): number {
  return -Math.log(1 - random.unit())
}

function pick(weights: Readonly<Record<string, number>>, random: Random): string {
  const all = Object.entries(weights)
  let left = random.unit() * all.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of all) {
    left -= weight
    if (left < 0) return name
  }
  return all[0]?.[0] ?? ''
}
