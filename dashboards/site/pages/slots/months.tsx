// A year of slots by month: small multiples, one row of bars a kind of end.

import { scaleBand, scaleLinear } from 'd3-scale'

import { countOf, IN_TIME, LOST, type SlotShown } from '../../../../src/core/slot-shown.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import type { MonthOfSlots } from '../../../../src/views/slot-history.ts'
import { Figure, round } from '../../kit/chart.tsx'
import { sayDate } from '../../kit/dates.ts'
import { sayShare } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'

interface Kind {
  readonly name: string
  readonly states: readonly SlotShown[]
  readonly fill: string
}

const KINDS: readonly Kind[] = [
  { name: 'on time or early', states: IN_TIME, fill: 'fill-good' },
  { name: 'late, rescued or partial', states: ['late', 'rescued', 'partial'], fill: 'fill-warn' },
  { name: 'missed or failed', states: LOST, fill: 'fill-bad' },
]
const WIDTH = 560
const ROW = 64
const NAMES = KINDS.length * ROW + 12
const HEIGHT = NAMES + 50

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

/** `12 months: 98.9 % of 2,874 slots served; worst month Mar, 47.5 % on time or early`. */
function titleOf(months: readonly MonthOfSlots[]): string {
  const all = months.reduce((sum, month) => sum + total(month), 0)
  const lost = months.reduce((sum, { byState }) => sum + countOf(byState, LOST), 0)
  const length = months.length === 1 ? 'One month' : `${months.length} months`
  return `${length}: ${sayShare((all - lost) / all)} of ${sayCount(all)} ${all === 1 ? 'slot' : 'slots'} served; ${sayWorst(months)} on time or early`
}

function sayWorst(months: readonly MonthOfSlots[]): string {
  const inTime = (month: MonthOfSlots) => countOf(month.byState, IN_TIME) / total(month)
  const worst = months.reduce((least, month) => (inTime(month) < inTime(least) ? month : least))
  const share = sayShare(inTime(worst))
  return months.length === 1 ? share : `worst month ${sayDate(`${worst.month}-01`, 'bare month')}, ${share}`
}

const count = ({ byState }: MonthOfSlots, { states }: Kind) => countOf(byState, states)
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
        {kind.name}, %
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
              {sayPercent(found / total(month))}
            </text>
          </g>
        )
      })}
    </>
  )
}

/** `47.5`, of a row that says it is in percent; `100`, for three digits and a decimal would touch their neighbours. */
function sayPercent(share: number): string {
  return share === 1 ? '100' : sayShare(share).replace(' %', '')
}

/** With how many slots the bars above are made of. */
function MonthNames({ months }: { months: readonly MonthOfSlots[] }) {
  const x = places(months)
  const middle = (i: number) => round((x(i) ?? 0) + x.bandwidth() / 2)
  return (
    <>
      {months.map((month, i) => (
        <>
          <text class="faint" x={middle(i)} y={NAMES} text-anchor="middle">
            {sayDate(`${month.month}-01`, 'bare month')}
          </text>
          <text class="faint" x={middle(i)} y={NAMES + 42} text-anchor="middle">
            {sayShort(total(month))}
          </text>
        </>
      ))}
      <text class="faint" x={0} y={NAMES + 23}>
        slots
      </text>
    </>
  )
}

/** `2,874`, `10.2 k`, `102 k`: the table has it whole. */
function sayShort(found: number): string {
  if (found < 9950) return sayCount(found)
  return `${found < 99_500 ? (found / 1000).toFixed(1) : Math.round(found / 1000)} k`
}

function MonthTable({ rows }: { rows: readonly MonthOfSlots[] }) {
  return (
    <Table
      caption="Slots by month. What rescued a slot is forgotten with its run: here it is late"
      rows={rows}
      empty=""
      columns={[
        {
          head: 'month',
          cell: ({ month }) => <span class="day">{sayDate(`${month}-01`, 'month')}</span>,
          sort: ({ month }) => month,
        },
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
