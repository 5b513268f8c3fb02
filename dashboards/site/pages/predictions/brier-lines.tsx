// Two Brier scores through time as lines that are named at their ends, and below them, where there is one, ours less the
// market's with its interval.

import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

import type { Estimate } from '../../../../src/core/interval.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import { Figure, round } from '../../kit/chart.tsx'
import { EstimateText } from '../../kit/interval.tsx'
import { sayBrier, saySigned } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'

export interface BrierPoint {
  /** A season or a week. */
  readonly at: number
  readonly ours: number
  readonly close: number
  readonly games: number
  readonly lead: Estimate | undefined
}

export interface BrierLinesProps {
  readonly title: string
  /** Two at least, in order. */
  readonly points: readonly BrierPoint[]
  readonly sayAt: (at: number) => string
}

const WIDTH = 380
const BOX = { left: 44, right: 330, top: 10, bottom: 150 }
const LEADS = { top: 180, bottom: 260 }

type Scale = (value: number) => number

/** The picture with its table. */
export function BrierLines({ title, points, sayAt }: BrierLinesProps) {
  const withLeads = points.some(({ lead }) => lead !== undefined)
  const foot = withLeads ? LEADS.bottom : BOX.bottom
  const x = scaleLinear([points[0]?.at ?? 0, points.at(-1)?.at ?? 1], [BOX.left + 6, BOX.right - 6])
  const all = points.flatMap(({ ours, close }) => [ours, close])
  const y = scaleLinear([Math.min(...all), Math.max(...all)], [BOX.bottom, BOX.top]).nice(4)
  return (
    <Figure width={WIDTH} height={foot + 24} title={title} table={<Numbers points={points} sayAt={sayAt} />}>
      {y.ticks(4).map((tick) => (
        <Rule at={round(y(tick))} label={tick.toFixed(2)} />
      ))}
      <Line points={points} tone="ink" x={x} y={(point) => y(point.close)} />
      <Line points={points} tone="accent" x={x} y={(point) => y(point.ours)} />
      <Names points={points} y={y} />
      {withLeads && <Leads points={points} x={x} />}
      {wholeTicks(x.ticks(6)).map((tick) => (
        <text class="faint" x={round(x(tick))} y={foot + 18} text-anchor="middle">
          {sayAt(tick)}
        </text>
      ))}
    </Figure>
  )
}

const wholeTicks = (ticks: readonly number[]) => ticks.filter(Number.isInteger)

function Rule({ at, label }: { at: number; label: string }) {
  return (
    <>
      <line class="axis" x1={BOX.left} x2={BOX.right} y1={at} y2={at} />
      <text class="faint" x={BOX.left - 6} y={at + 4} text-anchor="end">
        {label}
      </text>
    </>
  )
}

interface LineProps {
  readonly points: readonly BrierPoint[]
  readonly tone: 'ink' | 'accent'
  readonly x: Scale
  readonly y: (point: BrierPoint) => number
}

function Line({ points, tone, x, y }: LineProps) {
  const path = line<BrierPoint>(
    (point) => round(x(point.at)),
    (point) => round(y(point)),
  )(points)
  return (
    <g>
      <path class={`stroke-${tone} thick`} d={path ?? ''} />
      {points.map((point) => (
        <circle class={`fill-${tone}`} cx={round(x(point.at))} cy={round(y(point))} r="2.5" />
      ))}
    </g>
  )
}

/** At the lines' ends, pushed apart where they would hide each other. */
function Names({ points, y }: { points: readonly BrierPoint[]; y: Scale }) {
  const last = points.at(-1)
  if (!last) return null
  const [ours, close] = [y(last.ours), y(last.close)]
  const apart = Math.max(0, 13 - Math.abs(ours - close)) / 2
  const up = ours <= close ? -apart : apart
  return (
    <>
      <text class="text-accent" x={BOX.right + 2} y={round(ours + up) + 4}>
        ours
      </text>
      <text class="fill-ink" x={BOX.right + 2} y={round(close - up) + 4}>
        market
      </text>
    </>
  )
}

function Leads({ points, x }: { points: readonly BrierPoint[]; x: Scale }) {
  const leads = points.flatMap(({ at, lead }) => (lead && Number.isFinite(lead.low) ? [{ at, ...lead }] : []))
  const farthest = Math.max(0.005, ...leads.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]))
  const y = scaleLinear([-farthest, farthest], [LEADS.bottom, LEADS.top])
  return (
    <g>
      <line class="stroke-ink" x1={BOX.left} x2={BOX.right} y1={round(y(0))} y2={round(y(0))} />
      <text class="faint" x={BOX.left - 6} y={round(y(0)) + 4} text-anchor="end">
        0
      </text>
      {leads.map(({ at, low, high, value }) => (
        <>
          <line class="stroke-accent" x1={round(x(at))} x2={round(x(at))} y1={round(y(low))} y2={round(y(high))} />
          <circle class="fill-accent" cx={round(x(at))} cy={round(y(value))} r="2.5" />
        </>
      ))}
      <text class="faint" x={BOX.left} y={LEADS.top - 8}>
        ours less market: above 0 the market was better
      </text>
    </g>
  )
}

function Numbers({ points, sayAt }: Pick<BrierLinesProps, 'points' | 'sayAt'>) {
  const withLeads = points.some(({ lead }) => lead !== undefined)
  return (
    <Table
      caption="Brier scores on the same games"
      rows={points}
      empty="No graded prediction yet."
      columns={[
        { head: 'when', cell: ({ at }) => sayAt(at), sort: ({ at }) => at },
        { head: 'n', right: true, cell: ({ games }) => sayCount(games), sort: ({ games }) => games },
        { head: 'market', right: true, cell: ({ close }) => sayBrier(close) },
        { head: 'ours', right: true, cell: ({ ours }) => sayBrier(ours) },
        ...(withLeads
          ? [
              {
                head: 'ours less market',
                right: true,
                cell: ({ lead }: BrierPoint) => <EstimateText estimate={lead} say={(v) => saySigned(v, 4)} />,
              },
            ]
          : []),
      ]}
    />
  )
}
