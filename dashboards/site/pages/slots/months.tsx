// A year of slots by month: small multiples, one row of bars a kind of end.

import { scaleBand, scaleLinear } from 'd3-scale'

import type { MonthOfSlots } from '../../../../src/views/slot-history.ts'
import type { SlotShown } from '../../../../src/views/slot-state.ts'
import { Figure, round } from '../../kit/chart.tsx'
import { sayDate } from '../../kit/dates.ts'
import { sayCount, sayShare } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'

interface Kind {
  readonly name: string
  readonly states: readonly SlotShown[]
  readonly fill: string
}

const KINDS: readonly Kind[] = [
  { name: 'on time or early', states: ['on time', 'early'], fill: 'fill-good' },
  { name: 'late, rescued or partial', states: ['late', 'rescued', 'partial'], fill: 'fill-warn' },
  { name: 'missed or failed', states: ['missed', 'failed'], fill: 'fill-bad' },
]
const WIDTH = 560
const ROW = 64
const HEIGHT = KINDS.length * ROW + 30

/** The chart of a year. */
export function Months({ months }: { months: readonly MonthOfSlots[] }) {
  const ended = months.filter((month) => total(month) > 0)
  return (
    <section aria-labelledby="months" class="half">
      <h2 id="months">How was the year?</h2>
      {ended.length === 0 ? (
        <p class="empty">No slot has ended yet. Every month with one gets its bars here.</p>
      ) : (
        <Figure title={titleOf(ended)} width={WIDTH} height={HEIGHT} table={<MonthTable rows={ended.toReversed()} />}>
          {KINDS.map((kind, i) => (
            <Bars kind={kind} months={ended} top={i * ROW} />
          ))}
          <MonthNames months={ended} />
        </Figure>
      )}
    </section>
  )
}

function titleOf(months: readonly MonthOfSlots[]): string {
  const all = months.reduce((sum, month) => sum + total(month), 0)
  const [well = 0, , lost = 0] = KINDS.map((kind) => months.reduce((sum, month) => sum + count(month, kind), 0))
  const length = months.length === 1 ? 'One month' : `${months.length} months`
  return `${length}: ${sayShare((all - lost) / all)} of ${sayCount(all)} ${all === 1 ? 'slot' : 'slots'} served, ${sayShare(well / all)} on time or early; ${sayCount(lost)} lost`
}

const count = ({ byState }: MonthOfSlots, { states }: Kind) =>
  states.reduce((sum, state) => sum + (byState[state] ?? 0), 0)
const total = (month: MonthOfSlots) => KINDS.reduce((sum, kind) => sum + count(month, kind), 0)

/** Few months get the width of six, so that a first one is no wall. */
const places = (months: readonly MonthOfSlots[]) =>
  scaleBand([...Array(Math.max(6, months.length)).keys()], [0, WIDTH]).paddingInner(0.2)

/** One row, all on one scale: from nothing to every slot of the month. */
function Bars({ kind, months, top }: { kind: Kind; months: readonly MonthOfSlots[]; top: number }) {
  const x = places(months)
  const bottom = top + ROW - 6
  const y = scaleLinear([0, 1], [0, ROW - 40])
  return (
    <>
      <text class="faint" x={0} y={top + 13}>
        {kind.name}
      </text>
      <line class="axis" x1={0} x2={WIDTH} y1={bottom} y2={bottom} />
      {months.map((month, i) => {
        const found = count(month, kind)
        if (found === 0) return null
        const height = Math.max(2, y(found / total(month)))
        return (
          <g>
            <rect
              class={kind.fill}
              x={round(x(i) ?? 0)}
              y={round(bottom - height)}
              width={round(x.bandwidth())}
              height={round(height)}
            />
            <text x={round((x(i) ?? 0) + x.bandwidth() / 2)} y={round(bottom - height - 3)} text-anchor="middle">
              {sayShort(found)}
            </text>
          </g>
        )
      })}
    </>
  )
}

/** `77`, `3.5 k`, `23 k`: the table has it whole. */
function sayShort(found: number): string {
  if (found < 1000) return sayCount(found)
  return `${found < 9950 ? (found / 1000).toFixed(1) : Math.round(found / 1000)} k`
}

function MonthNames({ months }: { months: readonly MonthOfSlots[] }) {
  const x = places(months)
  return (
    <>
      {months.map(({ month }, i) => (
        <text class="faint" x={round((x(i) ?? 0) + x.bandwidth() / 2)} y={HEIGHT - 12} text-anchor="middle">
          {sayDate(`${month}-01`, 'bare month')}
        </text>
      ))}
    </>
  )
}

function MonthTable({ rows }: { rows: readonly MonthOfSlots[] }) {
  return (
    <Table
      caption="Slots by month. What rescued a slot is forgotten with its run: here it is late"
      rows={rows}
      empty=""
      columns={[
        { head: 'month', cell: ({ month }) => sayDate(`${month}-01`, 'month'), sort: ({ month }) => month },
        { head: 'slots', right: true, cell: (row) => sayCount(total(row)), sort: total },
        ...KINDS.flatMap(({ states }) => states)
          .filter((state) => state !== 'rescued')
          .map((state) => ({
            head: state,
            right: true,
            cell: ({ byState }: MonthOfSlots) => sayCount(byState[state] ?? 0),
            sort: ({ byState }: MonthOfSlots) => byState[state] ?? 0,
          })),
        {
          head: 'on time or early',
          right: true,
          cell: (row) => sayShare(((row.byState['on time'] ?? 0) + (row.byState.early ?? 0)) / total(row)),
        },
      ]}
    />
  )
}
