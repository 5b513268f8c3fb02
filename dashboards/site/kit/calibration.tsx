// Draws a calibration chart: dots with their intervals about the diagonal, the market in ink, ours in the accent.

import { scaleLinear } from 'd3-scale'

import { sayCount } from '../../../src/core/wording.ts'
import { Figure, round } from './chart.tsx'
import { sayShare } from './numbers.ts'
import { Table } from './table.tsx'

export interface CalibrationDot {
  readonly n: number
  readonly said: number
  readonly happened: number
  readonly low: number
  readonly high: number
}

export interface CalibrationProps {
  /** With its answer. */
  readonly title: string
  /** What the probabilities are of: `home wins`. */
  readonly of: string
  readonly model: readonly CalibrationDot[]
  readonly market: readonly CalibrationDot[]
}

const SIZE = { width: 380, height: 350 }
const BOX = { left: 44, right: 358, top: 14, bottom: 306 }

/** A square of shares, zoomed to where the dots are. */
export function CalibrationChart({ title, of, model, market }: CalibrationProps) {
  const [from, to] = domainOf([...model, ...market])
  const x = scaleLinear([from, to], [BOX.left, BOX.right])
  const y = scaleLinear([from, to], [BOX.bottom, BOX.top])
  const ticks = x.ticks(5)
  const percent = (share: number) => `${Math.round(100 * share)} %`
  return (
    <Figure {...SIZE} title={title} table={<Numbers model={model} market={market} />}>
      {ticks.map((tick) => (
        <>
          <line class="axis" x1={BOX.left} x2={BOX.right} y1={round(y(tick))} y2={round(y(tick))} />
          <text class="faint" x={BOX.left - 6} y={round(y(tick)) + 4} text-anchor="end">
            {percent(tick)}
          </text>
          <text class="faint" x={round(x(tick))} y={BOX.bottom + 16} text-anchor="middle">
            {percent(tick)}
          </text>
        </>
      ))}
      <line class="stroke-faint dashed" x1={x(from)} y1={y(from)} x2={x(to)} y2={y(to)} />
      <text class="faint" x={BOX.right + 14} y={BOX.bottom + 34} text-anchor="end">
        said: {of}
      </text>
      <text class="faint" x={BOX.left + 4} y={BOX.top + 4}>
        happened
      </text>
      <Dots dots={market} tone="ink" at={(dot) => ({ x: x(dot.said) - 2, y })} />
      <Dots dots={model} tone="accent" at={(dot) => ({ x: x(dot.said) + 2, y })} />
      <text class="fill-ink" x={BOX.left} y={BOX.bottom + 34}>
        ● market
      </text>
      <text class="text-accent" x={BOX.left + 62} y={BOX.bottom + 34}>
        ● ours
      </text>
    </Figure>
  )
}

export interface SmallCalibrationProps extends Pick<CalibrationProps, 'title' | 'model' | 'market'> {
  /** The same for all that stand beside each other. */
  readonly domain: readonly [from: number, to: number]
}

const SMALL = 120

/** One of many: the dots about the diagonal without axes; a table beside them holds the numbers. */
export function SmallCalibration({ title, model, market, domain }: SmallCalibrationProps) {
  const x = scaleLinear(domain, [4, SMALL - 4])
  const y = scaleLinear(domain, [SMALL - 4, 4])
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${SMALL} ${SMALL}`} role="img" aria-label={title}>
        <line class="stroke-faint dashed" x1="4" y1={SMALL - 4} x2={SMALL - 4} y2="4" />
        <Dots dots={market} tone="ink" at={(dot) => ({ x: x(dot.said) - 1, y })} />
        <Dots dots={model} tone="accent" at={(dot) => ({ x: x(dot.said) + 1, y })} />
      </svg>
    </figure>
  )
}

interface DotsProps {
  readonly dots: readonly CalibrationDot[]
  readonly tone: 'ink' | 'accent'
  readonly at: (dot: CalibrationDot) => { x: number; y: (share: number) => number }
}

function Dots({ dots, tone, at }: DotsProps) {
  return (
    <g>
      {dots.map((dot) => {
        const { x, y } = at(dot)
        return (
          <g>
            <line class={`stroke-${tone}`} x1={round(x)} x2={round(x)} y1={round(y(dot.low))} y2={round(y(dot.high))} />
            <circle class={`fill-${tone}`} cx={round(x)} cy={round(y(dot.happened))} r="3.5" />
          </g>
        )
      })}
    </g>
  )
}

function Numbers({ model, market }: Pick<CalibrationProps, 'model' | 'market'>) {
  const rows = [...market.map((dot) => ({ who: 'market', ...dot })), ...model.map((dot) => ({ who: 'ours', ...dot }))]
  return (
    <Table
      caption="Calibration in bins of equal size, with 95 % intervals"
      rows={rows}
      empty="No graded prediction yet."
      columns={[
        { head: 'whose', cell: ({ who }) => who },
        { head: 'said', right: true, cell: ({ said }) => sayShare(said) },
        { head: 'happened', right: true, cell: ({ happened }) => sayShare(happened) },
        { head: '95 %', right: true, cell: ({ low, high }) => `${sayShare(low)} to ${sayShare(high)}` },
        { head: 'n', right: true, cell: ({ n }) => sayCount(n) },
      ]}
    />
  )
}

/** The tenths that hold every dot and whisker, the same on both sides of a half. */
export function domainOf(dots: readonly CalibrationDot[]): [number, number] {
  const reach = Math.max(0.1, ...dots.flatMap(({ said, low, high }) => [said, low, high].map((p) => Math.abs(p - 0.5))))
  const whole = Math.min(0.5, Math.ceil(reach * 10 - 1e-9) / 10)
  return [0.5 - whole, 0.5 + whole]
}
