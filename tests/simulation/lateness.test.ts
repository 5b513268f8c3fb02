// The models of GitHub's cron against what was measured of it: figures that users published, and real series.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { sharedData, skipWithout } from '../helpers/shared-data.ts'
import { deliver, LATE_2026, MID_2026, type LatenessModel, type Line, type Tick } from './lateness.ts'
import { quantile } from './quantile.ts'

const MINUTE = 60_000
const DAY = 1440
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1)

/** A line that is due every so many minutes for 170 days. */
function every(minutes: number, { offset = 0, name = `every ${minutes}` } = {}): Line {
  const count = Math.floor((170 * DAY) / minutes)
  const first = Date.UTC(2026, 0, 1) + offset * MINUTE
  return { name, due: Array.from({ length: count }, (_, i) => new Date(first + i * minutes * MINUTE)) }
}

function lateness(ticks: readonly Tick[]): number[] {
  return ticks.flatMap(({ dueAt, at }) => (at ? [(at.getTime() - dueAt.getTime()) / MINUTE] : []))
}

function gaps(moments: readonly Date[]): number[] {
  const sorted = moments.map((at) => at.getTime()).sort((a, b) => a - b)
  return sorted.slice(1).map((at, i) => (at - (sorted[i] ?? at)) / MINUTE)
}

const came = (ticks: readonly Tick[]) => ticks.flatMap(({ at }) => at ?? [])
const share = (ticks: readonly Tick[]) => came(ticks).length / ticks.length

function within(value: number, [low, high]: readonly [number, number], what: string): void {
  assert.ok(value >= low && value <= high, `${what} is ${value}, expected ${low} to ${high}`)
}

type Range = readonly [number, number]

/** By how often a line is due, in minutes: the share that comes, the median gap, and of rare lines the median lateness. */
const MEASURED: readonly [LatenessModel, number, { share: Range; gap?: Range; late?: Range }][] = [
  [MID_2026, 5, { share: [0.15, 0.3], gap: [18, 25] }],
  [MID_2026, 60, { share: [0.2, 0.4] }],
  [MID_2026, DAY, { share: [0.94, 1], late: [48, 72] }],
  [MID_2026, 7 * DAY, { share: [0.95, 1], late: [48, 264] }],
  [LATE_2026, 5, { share: [0.01, 0.06], gap: [120, 240] }],
  [LATE_2026, 10, { share: [0.02, 0.06], gap: [200, 280] }],
  [LATE_2026, 60, { share: [0.2, 0.4], gap: [120, 390] }],
  [LATE_2026, 120, { share: [0.15, 0.35], gap: [360, 500] }],
  [LATE_2026, DAY, { share: [0.9, 1], late: [240, 300] }],
]

for (const [model, minutes, expected] of MEASURED) {
  test(`${model.name}: of a line due every ${minutes} minutes as much comes, and as late, as was measured`, () => {
    const series = SEEDS.map((seed) => deliver(model, [every(minutes)], seed))

    within(share(series.flat()), expected.share, 'the share that comes')
    const gap = quantile(series.flatMap((ticks) => gaps(came(ticks))), 0.5) // prettier-ignore
    if (expected.gap) within(gap, expected.gap, 'the median gap in minutes')
    if (expected.late) within(quantile(lateness(series.flat()), 0.5), expected.late, 'the median lateness in minutes')
  })
}

for (const model of [MID_2026, LATE_2026]) {
  test(`${model.name}: the same seed gives the same ticks, another seed others`, () => {
    const lines = [every(10), every(DAY)]

    assert.deepEqual(deliver(model, lines, 7), deliver(model, lines, 7))
    assert.notDeepEqual(deliver(model, lines, 7), deliver(model, lines, 8))
  })

  test(`${model.name}: what keeps one line keeps the others too`, () => {
    const [one, other] = [every(DAY, { name: 'one' }), every(DAY, { name: 'other', offset: 20 })]
    const pairs = SEEDS.flatMap((seed) => {
      const ticks = deliver(model, [one, other], seed)
      const [ofOne, ofOther] = [ticks.slice(0, one.due.length), ticks.slice(one.due.length)]
      return ofOne.flatMap((tick, i) => {
        const [[a], [b]] = [lateness([tick]), lateness(ofOther.slice(i, i + 1))]
        return a === undefined || b === undefined ? [] : [[Math.log(a), Math.log(b)] as const]
      })
    })

    within(correlation(pairs), [0.5, 0.95], 'the correlation of two lines')
  })

  test(`${model.name}: late ticks of several workflows arrive together`, () => {
    const lines = Array.from({ length: 6 }, (_, i) => every(DAY, { name: `line ${i}`, offset: 7 * i }))
    const ticks = SEEDS.flatMap((seed) => [...groupByInstant(came(deliver(model, lines, seed))).values()])

    within(ticks.filter((count) => count > 1).length / ticks.length, [0.1, 0.9], 'the share of arrivals with company')
  })
}

test('a tick never comes before it is due', () => {
  for (const model of [MID_2026, LATE_2026])
    for (const seed of SEEDS)
      for (const late of lateness(deliver(model, [every(30), every(DAY)], seed))) assert.ok(late >= 0)
})

const AEI = 'github/cron-lateness/commits_aeiratings_daily.tsv'

test('mid-2026: a daily line is as late as a real one was', skipWithout(AEI), () => {
  // Its lines of 09:20 and soon after made the first commit of a day from 17 February to 15 June.
  const commits = readCommits(AEI)
  const days = Array.from({ length: 119 }, (_, i) => Date.UTC(2026, 1, 17, 9, 20) + i * DAY * MINUTE)
  const real = days.flatMap((due) => {
    const first = commits.find((at) => at.getTime() >= due && at.getTime() < due + (DAY * MINUTE) / 2)
    return first ? [(first.getTime() - due) / MINUTE] : []
  })
  const ours = SEEDS.map((seed) => lateness(deliver(MID_2026, [every(DAY, { offset: 560 })], seed)))

  within(quantile(ours.flat(), 0.5) / quantile(real, 0.5), [0.75, 1.5], 'our median to theirs')
  within(quantile(ours.flat(), 0.9) / quantile(real, 0.9), [0.7, 1.3], 'our p90 to theirs')
  const longest = ours.map((lates) => Math.max(...lates))
  within(quantile(longest, 0.5) / Math.max(...real), [0.6, 1.6], 'our longest to theirs')
})

const PGE = 'github/cron-lateness/commits_pge-outages_every10min.tsv'

test('mid-2026: a line of every ten minutes is held back no more than a real one was', skipWithout(PGE), () => {
  // It commits when its data have changed: the real gaps are no shorter than the distance of its runs.
  const real = gaps(readCommits(PGE).filter((at) => at.getTime() >= Date.UTC(2026, 0, 1)))
  const ours = SEEDS.flatMap((seed) => gaps(came(deliver(MID_2026, [every(10)], seed))))

  for (const part of [0.1, 0.25, 0.5]) assert.ok(quantile(ours, part) <= quantile(real, part))
  within(quantile(ours, 0.25) / quantile(real, 0.25), [0.5, 1], 'our lower quartile to theirs')
})

function readCommits(path: string): Date[] {
  const [, ...rows] = readFileSync(sharedData(path), 'utf8').trim().split('\n')
  return rows
    .map((row) => row.split('\t'))
    .flatMap(([, actor, authorTime]) => (actor === 'human' || authorTime === undefined ? [] : [new Date(authorTime)]))
    .sort((a, b) => a.getTime() - b.getTime())
}

function groupByInstant(moments: readonly Date[]): Map<number, number> {
  const groups = new Map<number, number>()
  for (const at of moments) groups.set(at.getTime(), (groups.get(at.getTime()) ?? 0) + 1)
  return groups
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
  const [mx, my] = [mean(x), mean(y)]
  const both = mean(pairs.map(([a, b]) => (a - mx) * (b - my)))
  return both / Math.sqrt(mean(x.map((a) => (a - mx) ** 2)) * mean(y.map((b) => (b - my) ** 2)))
}
