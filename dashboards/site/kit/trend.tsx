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
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 392, 18, 128]
/** Of a character of a label, in the picture's units. */
const CHARACTER = 6.5

/** The picture. Values that would flatten all others are cut off and marked. */
export function Trend({ title, points, median, from, to, zone, ticks, say, table }: TrendProps) {
  const [least, most] = domainOf(points)
  const x = scaleLinear([from.getTime(), to.getTime()], [LEFT, RIGHT])
  const y = scaleLinear([least, most], [BOTTOM, TOP])
  const placed = points.map((point) => ({ point, x: round(x(point.at.getTime())) }))
  const labels = labelsOf(placed, { most, say })
  return (
    <Figure title={title} width={WIDTH} height={HEIGHT} table={table} linked>
      {ticks(least, most).map((tick) => (
        <>
          <line class="axis" x1={LEFT} x2={RIGHT} y1={round(y(tick))} y2={round(y(tick))} />
          <text class="faint" x={LEFT - 6} y={round(y(tick)) + 4} text-anchor="end">
            {tick === 0 ? '0' : say(tick).replace('.0 ', ' ')}
          </text>
        </>
      ))}
      {daysToName(from, to).map((day) => (
        <>
          <line class="axis" x1={round(x(day.getTime()))} x2={round(x(day.getTime()))} y1={BOTTOM} y2={BOTTOM + 5} />
          <text class="faint" x={round(x(day.getTime()))} y={HEIGHT - 6} text-anchor="middle">
            {sayDay(day, zone).slice(4)}
          </text>
        </>
      ))}
      <line class="stroke-accent median" x1={LEFT} x2={RIGHT} y1={round(y(median))} y2={round(y(median))} />
      {placed.map(({ point, x }) => (
        <Dot point={point} x={x} y={(value) => round(y(clamp(value, [least, most])))} most={most} />
      ))}
      {labels.map(({ x, words }) => (
        <text class="faint" x={x} y={TOP - 6} text-anchor="middle">
          {words}
        </text>
      ))}
    </Figure>
  )
}

interface DotProps {
  readonly point: TrendPoint
  readonly x: number
  readonly y: (value: number) => number
  readonly most: number
}

function Dot({ point, x, y, most }: DotProps) {
  const { value, least = value, most: highest = value, tone, words, href } = point
  const mark = (
    <g>
      <title>{words}</title>
      {highest > least && <line class="stroke-faint" x1={x} x2={x} y1={y(least)} y2={y(highest)} />}
      {value > most ? (
        <path class={`fill-${tone}`} d={`M${x - 3.5} ${y(most) + 3}h7l-3.5 -6z`} />
      ) : (
        <circle class={`fill-${tone}`} cx={x} cy={y(value)} r={highest > least ? 1.8 : 2.4} />
      )}
    </g>
  )
  return href === undefined ? mark : <a href={href} tabindex={-1}>{mark}</a> // prettier-ignore
}

/** What lies outside says its number, the farthest first, as far as there is room. */
function labelsOf(
  placed: readonly { readonly point: TrendPoint; readonly x: number }[],
  { most, say }: { most: number; say: (value: number) => string },
): { x: number; words: string }[] {
  const labels: { x: number; words: string; half: number }[] = []
  const outside = placed.filter(({ point }) => point.value > most)
  const farthest = ({ value, most: highest = value }: TrendPoint) => highest
  for (const { point, x } of outside.sort((a, b) => farthest(b.point) - farthest(a.point))) {
    const words = say(farthest(point))
    const half = (words.length * CHARACTER) / 2
    const at = Math.min(x, WIDTH - half)
    if (labels.every((other) => Math.abs(other.x - at) > half + other.half + 4)) labels.push({ x: at, words, half })
  }
  return labels
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

const DAY_MS = 24 * 60 * 60_000
/** Steps between named days where months would name fewer than two. */
const DAY_STEPS = [1, 2, 5, 7, 14]

/** The first days of the months in between; of a short time every so many days. */
function daysToName(from: Date, to: Date): Date[] {
  const days = (to.getTime() - from.getTime()) / DAY_MS
  const step = DAY_STEPS.find((candidate) => days / candidate <= 5)
  if (step === undefined) return monthsBetween(from, to)
  const first = Math.ceil(from.getTime() / DAY_MS) * DAY_MS + DAY_MS / 2
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, i) => new Date(first + i * step * DAY_MS)).filter(
    (day) => day < to,
  )
}

function monthsBetween(from: Date, to: Date): Date[] {
  const months: Date[] = []
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1, 12))
  for (; month < to; month.setUTCMonth(month.getUTCMonth() + 1)) months.push(new Date(month))
  return months
}
