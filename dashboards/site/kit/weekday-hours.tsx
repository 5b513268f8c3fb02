// A week as a grid of hours: the darker a cell, the longer runs take that begin in it. Hours without a run stay empty.

import { WEEKDAYS } from '../../../src/core/wording.ts'
import { Figure } from './chart.tsx'
import { sayMs } from './durations.ts'
import { Table } from './table.tsx'

export interface WeekdayHour {
  /** 1 is Monday. */
  readonly weekday: number
  readonly hour: number
  readonly runs: number
  readonly medianMs: number
}

/** From Monday. */
export const DAYS_OF_WEEK = [...WEEKDAYS.slice(1), ...WEEKDAYS.slice(0, 1)]
const [CELL, LEFT, TOP] = [15, 34, 4]
/** `08:00`. */
export const sayHour = (hour: number) => `${String(hour).padStart(2, '0')}:00`
/** Five steps can be told apart; more cannot. */
const STEPS = 5

export function WeekdayHours({ title, cells }: { title: string; cells: readonly WeekdayHour[] }) {
  const longest = Math.max(...cells.map(({ medianMs }) => medianMs), 1)
  const table = (
    <Table
      caption="Median duration by the hour of the week in which a run began"
      columns={[
        { head: 'weekday', cell: ({ weekday }) => DAYS_OF_WEEK[weekday - 1], sort: ({ weekday }) => weekday },
        { head: 'hour', right: true, cell: ({ hour }) => sayHour(hour), sort: ({ hour }) => hour },
        { head: 'runs', right: true, cell: ({ runs }) => runs.toLocaleString('en-US'), sort: ({ runs }) => runs },
        { head: 'median', right: true, cell: ({ medianMs }) => sayMs(medianMs), sort: ({ medianMs }) => medianMs },
      ]}
      rows={cells}
      empty="No run yet."
    />
  )
  return (
    <Figure title={title} width={LEFT + 24 * CELL + 4} height={TOP + 7 * CELL + 38} table={table}>
      {DAYS_OF_WEEK.map((name, i) => (
        <text class="faint" x={LEFT - 6} y={TOP + i * CELL + 11} text-anchor="end">
          {name}
        </text>
      ))}
      {[0, 6, 12, 18].map((hour) => (
        <text class="faint" x={LEFT + hour * CELL} y={TOP + 7 * CELL + 14}>
          {sayHour(hour)}
        </text>
      ))}
      {Array.from({ length: 7 * 24 }, (_, i) => (
        <rect
          class="hour-empty"
          x={LEFT + (i % 24) * CELL}
          y={TOP + Math.floor(i / 24) * CELL}
          width={CELL - 1}
          height={CELL - 1}
        />
      ))}
      {cells.map((cell) => (
        <rect
          class="fill-accent"
          fill-opacity={Math.max(1, Math.ceil((cell.medianMs / longest) * STEPS)) / STEPS}
          x={LEFT + cell.hour * CELL}
          y={TOP + (cell.weekday - 1) * CELL}
          width={CELL - 1}
          height={CELL - 1}
        >
          <title>{`${DAYS_OF_WEEK[cell.weekday - 1] ?? ''} ${sayHour(cell.hour)}, ${cell.runs} runs, median ${sayMs(cell.medianMs)}`}</title>
        </rect>
      ))}
      <Shade x={LEFT} shade={1} words={`median to ${sayMs(longest / STEPS)}`} />
      <Shade x={LEFT + 160} shade={STEPS} words={`over ${sayMs((longest * (STEPS - 1)) / STEPS)}`} />
    </Figure>
  )
}

/** What the lightest and the darkest mean. */
function Shade({ x, shade, words }: { x: number; shade: number; words: string }) {
  const y = TOP + 7 * CELL + 23
  return (
    <>
      <rect class="fill-accent" fill-opacity={shade / STEPS} x={x} y={y} width={CELL - 1} height={CELL - 3} />
      <text class="faint" x={x + CELL + 4} y={y + 10}>
        {words}
      </text>
    </>
  )
}
