// An estimate with its 95 % interval, as words and as a whisker: never one without the other's meaning.

import { scaleLinear } from 'd3-scale'

import type { Estimate } from '../../../src/core/interval.ts'
import { sayCount } from '../../../src/core/wording.ts'
import { round } from './chart.tsx'

export interface EstimateProps {
  readonly estimate: Estimate | undefined
  /** Writes one number, its unit left out. */
  readonly say: (value: number) => string
  readonly unit?: string
  /** Where a column of its own does not say how many. */
  readonly withN?: boolean
}

/** `50.8 % (49.3 to 52.4)`, or a dash. */
export function EstimateText({ estimate, say, unit = '', withN = false }: EstimateProps) {
  if (estimate === undefined) return <span class="faint">–</span>
  return (
    <span class="estimate">
      <b>
        {say(estimate.value)}
        {unit}
      </b>{' '}
      <span class="faint">({sayRange(estimate, say, withN)})</span>
    </span>
  )
}

/** The same as text: `50.8 % (49.3 to 52.4, n 4,158)`. */
export function sayEstimate({ estimate, say, unit = '', withN = false }: EstimateProps): string {
  if (estimate === undefined) return '–'
  return `${say(estimate.value)}${unit} (${sayRange(estimate, say, withN)})`
}

function sayRange({ low, high, n }: Estimate, say: (value: number) => string, withN: boolean): string {
  const range = Number.isFinite(low) ? `${say(low)} to ${say(high)}` : 'too few to say how sure'
  return withN ? `${range}, n ${sayCount(n)}` : range
}

export interface WhiskerProps {
  readonly estimate: Estimate | undefined
  /** How far the picture goes to either side of nought, where a rule is; what is beyond is cut off. */
  readonly reach: number
}

/** The interval as a line with a dot, about the rule at nought. Decorative: the numbers stand beside it. */
export function Whisker({ estimate, reach }: WhiskerProps) {
  if (estimate === undefined) return null
  const x = scaleLinear([-reach, reach], [3, 77]).clamp(true)
  const [from, to] = [round(x(estimate.low)), round(x(estimate.high))]
  return (
    <svg class="whisker" viewBox="0 0 80 14" width="80" height="14" aria-hidden="true">
      <line class="stroke-faint" x1={round(x(0))} x2={round(x(0))} y1="0" y2="14" />
      <line class="stroke-accent" x1={from} x2={to} y1="7" y2="7" />
      <circle class="fill-accent" cx={round(x(estimate.value))} cy="7" r="3" />
    </svg>
  )
}

export interface IntervalRow {
  readonly name: string
  readonly estimate: Estimate
}

export interface IntervalRowsProps {
  readonly rows: readonly IntervalRow[]
  /** Where the rule stands: what chance alone would give. */
  readonly about: number
  /** Writes one number, its unit left out. */
  readonly say: (value: number) => string
  readonly unit: string
  /** Writes a tick with its unit. */
  readonly sayTick: (value: number) => string
  /** At the foot. */
  readonly foot: string
}

/** Of one picture with such rows, in its units. */
export const INTERVALS = { width: 380, row: 42, foot: 50 }
const PLOT = { left: 60, right: 360, top: 8 }

/** Intervals one below the other about a rule, each with its numbers: for a <Figure/>. */
export function IntervalRows({ rows, about, say, unit, sayTick, foot }: IntervalRowsProps) {
  const ends = rows.flatMap(({ estimate: { low, high } }) => [low, high].filter(Number.isFinite))
  const reach = Math.max(0.02, ...ends.map((end) => Math.abs(end - about))) * 1.15
  const x = scaleLinear([about - reach, about + reach], [PLOT.left, PLOT.right]).clamp(true)
  const bottom = PLOT.top + rows.length * INTERVALS.row
  return (
    <>
      {rows.map(({ name, estimate }, i) => (
        <IntervalLine {...{ name, estimate, about, say, unit, x }} y={PLOT.top + i * INTERVALS.row + 28} />
      ))}
      <line class="axis" x1={PLOT.left} x2={PLOT.right} y1={bottom} y2={bottom} />
      {x.ticks(4).map((tick) => (
        <text class="faint" x={round(x(tick))} y={bottom + 16} text-anchor="middle">
          {sayTick(tick)}
        </text>
      ))}
      <text class="faint" x={round(x(about))} y={bottom + 34} text-anchor="middle">
        {foot}
      </text>
    </>
  )
}

type LineProps = IntervalRow &
  Pick<IntervalRowsProps, 'about' | 'say' | 'unit'> & { y: number; x: (value: number) => number }

function IntervalLine({ name, estimate, about, say, unit, x, y }: LineProps) {
  return (
    <g>
      <text x="0" y={y + 4}>
        {name}
      </text>
      <text class="faint" x={PLOT.left} y={y - 12}>
        {sayEstimate({ estimate, say, unit, withN: true })}
      </text>
      <line class="stroke-ink" x1={round(x(about))} x2={round(x(about))} y1={y - 9} y2={y + 9} />
      <line class="stroke-accent thick" x1={round(x(estimate.low))} x2={round(x(estimate.high))} y1={y} y2={y} />
      <circle class="fill-accent" cx={round(x(estimate.value))} cy={y} r="3.5" />
    </g>
  )
}
