// A figure over time: a dot a run, or a day as its median with its least and most where runs are too many; the median of all
// as a line. What lies far out is drawn at the edge and says its number.

import { quantileSorted } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import type { ComponentChildren } from 'preact'

import { Figure, round } from './chart.tsx'
import { sayDay } from './time.tsx'

export interface TrendPoint {
  readonly at: Date
  readonly value: number
  /** Of a day: the ends of its line. */
  readonly least?: number
  readonly most?: number
  readonly tone: 'ink' | 'accent' | 'warn' | 'bad' | 'good'
  /** `Tue 19 Nov 08:07: 3.2 s`. */
  readonly words: string
  readonly href?: string | undefined
}

export interface TrendProps {
  /** The question with its answer. */
  readonly title: string
  readonly points: readonly TrendPoint[]
  readonly median: number
  readonly from: Date
  readonly to: Date
  readonly zone: string
  readonly ticks: (least: number, most: number) => readonly number[]
  readonly say: (value: number) => string
  readonly table: ComponentChildren
}

const [WIDTH, HEIGHT] = [400, 150]
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 392, 12, 128]

/** The picture. Values that would flatten all others are cut off and marked. */
export function Trend({ title, points, median, from, to, zone, ticks, say, table }: TrendProps) {
  const [least, most] = domainOf(points)
  const x = scaleLinear([from.getTime(), to.getTime()], [LEFT, RIGHT])
  const y = scaleLinear([least, most], [BOTTOM, TOP])
  return (
    <Figure title={title} width={WIDTH} height={HEIGHT} table={table} linked>
      {ticks(least, most).map((tick) => (
        <>
          <line class="axis" x1={LEFT} x2={RIGHT} y1={round(y(tick))} y2={round(y(tick))} />
          <text class="faint" x={LEFT - 6} y={round(y(tick)) + 4} text-anchor="end">
            {say(tick)}
          </text>
        </>
      ))}
      {monthsBetween(from, to).map((month) => (
        <>
          <line class="axis" x1={round(x(month.getTime()))} x2={round(x(month.getTime()))} y1={BOTTOM} y2={BOTTOM + 5} />
          <text class="faint" x={round(x(month.getTime()))} y={HEIGHT - 6} text-anchor="middle">
            {sayDay(month, zone).slice(4)}
          </text>
        </>
      ))}
      <line class="stroke-accent median" x1={LEFT} x2={RIGHT} y1={round(y(median))} y2={round(y(median))} />
      {points.map((point) => (
        <Dot point={point} x={round(x(point.at.getTime()))} y={(value) => round(y(clamp(value, [least, most])))} most={most} say={say} />
      ))}
    </Figure>
  )
} // prettier-ignore

interface DotProps {
  readonly point: TrendPoint
  readonly x: number
  readonly y: (value: number) => number
  readonly most: number
  readonly say: (value: number) => string
}

function Dot({ point, x, y, most, say }: DotProps) {
  const { value, least = value, most: highest = value, tone, words, href } = point
  const outside = highest > most
  const mark = (
    <g>
      <title>{words}</title>
      {highest > least && <line class="stroke-faint" x1={x} x2={x} y1={y(least)} y2={y(highest)} />}
      {value > most ? (
        <path class={`fill-${tone}`} d={`M${x - 3.5} ${y(most) + 3}h7l-3.5 -6z`} />
      ) : (
        <circle class={`fill-${tone}`} cx={x} cy={y(value)} r={highest > least ? 1.8 : 2.4} />
      )}
      {outside && value > most && (
        <text class="faint" x={Math.min(x, RIGHT - 10)} y={y(most) - 5} text-anchor="middle">
          {say(highest)}
        </text>
      )}
    </g>
  )
  return href === undefined ? mark : <a href={href} tabindex={-1}>{mark}</a> // prettier-ignore
}

/** From nought, or the earliest below it, up to where nearly all values lie. */
function domainOf(points: readonly TrendPoint[]): [number, number] {
  const values = points.flatMap(({ value, most = value }) => [value, most]).sort((a, b) => a - b)
  const all = points.flatMap(({ value, least = value }) => [value, least])
  const highest = values.at(-1) ?? 1
  const usual = quantileSorted(values, 0.95) ?? highest
  const top = highest > 3 * usual && usual > 0 ? 1.6 * usual : highest
  const bottom = Math.min(0, ...all)
  return [bottom, top > bottom ? top + (top - bottom) * 0.05 : bottom + 1]
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value))
}

/** The first days of the months in between. */
function monthsBetween(from: Date, to: Date): Date[] {
  const months: Date[] = []
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1, 12))
  for (; month < to; month.setUTCMonth(month.getUTCMonth() + 1)) months.push(new Date(month))
  return months
}
