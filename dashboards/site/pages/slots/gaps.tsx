// Draws how long nobody looked: the worst gap of every day, against the time after which people are told.

import { scaleBand, scaleLinear } from 'd3-scale'

import { sayCount, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { GapDay, WakeUpGaps } from '../../../../src/views/slot-history.ts'
import { Figure, round } from '../../kit/chart.tsx'
import { sayDate } from '../../kit/dates.ts'
import { Table } from '../../kit/table.tsx'
import { placeOf } from '../../kit/time.tsx'

const WIDTH = 560
const HEIGHT = 220
const LEFT = 60
const BOTTOM = 198
const TOP = 18
/** Minutes after which people are told (src/observe/rules/wake-up-gap.ts). */
const TOLD_AFTER = 90

/** The chart of wake-up gaps. */
export function Gaps({ site, gaps, days }: { site: ViewContext; gaps: WakeUpGaps; days: readonly string[] }) {
  const worst = gaps.days.toSorted((a, b) => b.worst - a.worst)[0]
  return (
    <section aria-labelledby="gaps" class="half">
      <h2 id="gaps">For how long did nobody look?</h2>
      {worst === undefined || gaps.median === undefined ? (
        <p class="empty">
          No gap of more than five minutes in {days.length} days. One appears here when the next wake-up ends it.
        </p>
      ) : (
        <Figure
          title={`Wake-up gaps: median ${say(gaps.median)}, worst ${say(worst.worst)} on ${sayDate(worst.day)}`}
          width={WIDTH}
          height={HEIGHT}
          table={<GapTable rows={gaps.days.toReversed()} zone={site.zone} />}
        >
          <Bars byDay={gaps.days} days={days} />
        </Figure>
      )}
    </section>
  )
}

const say = (minutes: number) => sayMinutes(Math.round(minutes))

interface BarsProps {
  readonly byDay: readonly GapDay[]
  readonly days: readonly string[]
}

function Bars({ byDay, days }: BarsProps) {
  const most = Math.max(TOLD_AFTER * 1.2, ...byDay.map(({ worst }) => worst))
  const y = scaleLinear([0, most], [BOTTOM, TOP])
  const x = scaleBand([...days], [LEFT, WIDTH]).paddingInner(0.25)
  return (
    <>
      {ticksOf(most).map((minutes) => (
        <g>
          <line class="axis" x1={LEFT} x2={WIDTH} y1={round(y(minutes))} y2={round(y(minutes))} />
          <text class="faint" x={LEFT - 6} y={round(y(minutes) + 4)} text-anchor="end">
            {minutes === 0 ? '0' : sayMinutes(minutes)}
          </text>
        </g>
      ))}
      {byDay.map(({ day, worst }) => (
        <rect
          class={worst > TOLD_AFTER ? 'fill-warn' : 'faint'}
          x={round(x(day) ?? 0)}
          y={round(y(worst))}
          width={round(x.bandwidth())}
          height={round(BOTTOM - y(worst))}
        >
          <title>{`${sayDate(day)}: worst ${say(worst)}`}</title>
        </rect>
      ))}
      <line class="stroke-ink dashed" x1={LEFT} x2={WIDTH} y1={round(y(TOLD_AFTER))} y2={round(y(TOLD_AFTER))} />
      <Words x={x} y={round(y(TOLD_AFTER) - 4)} byDay={byDay} days={days} />
      {days.map((day, i) => {
        const first = day.endsWith('-01') && i < days.length - 8
        return (
          first && (
            <text class="faint" x={round(x(day) ?? 0)} y={BOTTOM + 16}>
              {sayDate(day, 'bare month')}
            </text>
          )
        )
      })}
    </>
  )
}

/** Over the line, where the bars are lowest; in the right half they end at the edge, so that no number is cut off. */
function Words({
  x,
  y,
  byDay,
  days,
}: Pick<BarsProps, 'byDay' | 'days'> & { x: (day: string) => number | undefined; y: number }) {
  const start = quietest(byDay, days)
  const atEnd = start > (days.length - WORDS) / 2
  return (
    <text
      class="halo"
      x={atEnd ? WIDTH : round(x(days[start] ?? '') ?? LEFT)}
      y={y}
      text-anchor={atEnd ? 'end' : 'start'}
    >
      people are told after {say(TOLD_AFTER)}
    </text>
  )
}

/** Days that the words over the line take up in the largest type, that of a telephone. */
const WORDS = 50

/** Where in the days the words over the line meet the lowest bars. */
function quietest(byDay: readonly GapDay[], days: readonly string[]): number {
  const worstOf = new Map(byDay.map(({ day, worst }) => [day, worst]))
  const from = [0, 0.25, 1].map((part) => Math.floor(Math.max(0, days.length - WORDS) * part))
  const heights = from.map((start) => ({
    start,
    height: Math.max(0, ...days.slice(start, start + WORDS).map((day) => worstOf.get(day) ?? 0)),
  }))
  return heights.sort((a, b) => a.height - b.height)[0]?.start ?? 0
}

const STEPS = [15, 30, 60, 120, 240, 360, 720, 1440, 2880]

/** At most five ticks, at times that people say. */
function ticksOf(most: number): number[] {
  const step = STEPS.find((minutes) => most / minutes <= 4.5) ?? Math.ceil(most / 4 / 1440) * 1440
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
}

function GapTable({ rows, zone }: { rows: readonly GapDay[]; zone: string }) {
  return (
    <Table
      caption={`Wake-up gaps of more than five minutes by the day on which they began, in ${placeOf(zone)}`}
      rows={rows}
      empty=""
      columns={[
        { head: 'day', cell: ({ day }) => sayDate(day), sort: ({ day }) => day },
        { head: 'worst', right: true, cell: ({ worst }) => say(worst), sort: ({ worst }) => worst },
        { head: 'median', right: true, cell: ({ median }) => say(median), sort: ({ median }) => median },
        { head: 'gaps', right: true, cell: ({ gaps }) => sayCount(gaps), sort: ({ gaps }) => gaps },
      ]}
    />
  )
}
