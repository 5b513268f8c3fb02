// A share over the weeks, small: for many jobs side by side. The scale is the same in all of them, from nought to all.

import { round } from './chart.tsx'
import { sayShare } from './numbers.ts'

export interface RateWeek {
  readonly runs: number
  readonly good: number
}

const [WIDTH, HEIGHT, TOP, BOTTOM] = [180, 57, 5, 39]

export interface RateLineProps {
  readonly label: string
  readonly weeks: readonly RateWeek[]
  /** Where the first week begins and the last one ends: `28 Aug` and `27 Nov`. */
  readonly ends: readonly [from: string, to: string]
}

/** A dot a week joined by a line; a week without runs is a gap. */
export function RateLine({ label, weeks, ends }: RateLineProps) {
  const x = (i: number) => round(6 + (i / Math.max(1, weeks.length - 1)) * (WIDTH - 12))
  const y = (share: number) => round(BOTTOM - share * (BOTTOM - TOP))
  const points = weeks.flatMap(({ runs, good }, i) => (runs > 0 ? [{ i, share: good / runs }] : []))
  const paths = points.map(({ i, share }, n) => `${points[n - 1]?.i === i - 1 ? 'L' : 'M'}${x(i)} ${y(share)}`)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line class="axis" x1="0" x2={WIDTH} y1={y(1)} y2={y(1)} />
      <line class="axis" x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} />
      <path class="stroke-ink" d={paths.join('')} />
      {points.map(({ i, share }) => (
        <circle class={share === 1 ? 'fill-ink' : 'fill-bad'} cx={x(i)} cy={y(share)} r={share === 1 ? 1.8 : 3}>
          <title>{`${weeksAgo(weeks.length - 1 - i)}: ${sayShare(share)}`}</title>
        </circle>
      ))}
      <text class="faint" x="0" y={HEIGHT - 4}>
        {ends[0]}
      </text>
      <text class="faint" x={WIDTH} y={HEIGHT - 4} text-anchor="end">
        {ends[1]}
      </text>
    </svg>
  )
}

function weeksAgo(weeks: number): string {
  if (weeks === 0) return 'the last seven days'
  return weeks === 1 ? 'a week before' : `${weeks} weeks before`
}
