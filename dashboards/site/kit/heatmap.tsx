// The signature picture: rows down, days across, one cell a slot, a day with several split. A table, so that it is its own
// text alternative; what went wrong is loud, what went well is quiet. Newest days stand right, and are what a small screen
// shows first.

import type { ComponentChildren } from 'preact'

import { lookOf, type ShownState } from './state.tsx'
import { sayDate } from './dates.ts'

export interface HeatRow {
  readonly key: string
  readonly head: ComponentChildren
  /** One per day; undefined: nothing was due. */
  readonly cells: readonly (HeatCell | undefined)[]
  /** At the row's end. */
  readonly tail: ComponentChildren
}

export interface HeatCell {
  /** In the order of their moments; many of them are drawn by their shares. */
  readonly states: readonly ShownState[]
  readonly href: string
  /** What a pointer and a reader of the screen are told. */
  readonly title: string
}

export interface HeatmapProps {
  /** The question with its answer. */
  readonly title: string
  /** `2026-11-19`, oldest first, today last. */
  readonly days: readonly string[]
  readonly rows: readonly HeatRow[]
  readonly tailHead: string
}

/** More slots a day than this are drawn by their shares. */
const MOST_STRIPES = 4

/** The heatmap. Only cells that ask for a look are stops of the Tab key. */
export function Heatmap({ title, days, rows, tailHead }: HeatmapProps) {
  return (
    <>
      <p class="small heat-title">{title}</p>
      <div class="scroll from-right" role="region" aria-label={title} tabindex={0}>
        <table class="heat">
          <caption class="unseen">{title}</caption>
          <Head days={days} tailHead={tailHead} />
          <tbody>
            {rows.map(({ key, head, cells, tail }) => (
              <tr key={key}>
                <th scope="row">{head}</th>
                {cells.map((cell, i) => (
                  <td class={i === days.length - 1 ? 'today' : undefined}>{cell && <Cell {...cell} />}</td>
                ))}
                <td class="tail">{tail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Head({ days, tailHead }: Pick<HeatmapProps, 'days' | 'tailHead'>) {
  const months = [...new Set(days.map((day) => day.slice(0, 7)))]
  return (
    <thead>
      <tr>
        <td />
        {months.map((month) => {
          const length = days.filter((day) => day.startsWith(month)).length
          return (
            <th scope="colgroup" colSpan={length}>
              {length > 3 ? sayDate(`${month}-01`, 'month') : ''}
            </th>
          )
        })}
        <th scope="col" class="tail">
          {tailHead}
        </th>
      </tr>
      <tr class="weeks" aria-hidden="true">
        <td />
        {days.map((day) => (
          <td>{isMonday(day) ? <span>{Number(day.slice(8))}</span> : null}</td>
        ))}
        <td />
      </tr>
    </thead>
  )
}

function isMonday(day: string): boolean {
  return new Date(`${day}T00:00Z`).getUTCDay() === 1
}

function Cell({ states, href, title }: HeatCell) {
  const worthALook = states.some((state) => !QUIET.has(state))
  const parts = states.length <= MOST_STRIPES ? states.map((state) => ({ state, share: 1 })) : sharesOf(states)
  return (
    <a href={href} title={title} tabindex={worthALook ? undefined : -1}>
      {parts.map(({ state, share }) => (
        <i class={classOf(state)} style={share === 1 ? undefined : { flexGrow: share }} aria-hidden="true">
          {QUIET.has(state) ? '' : lookOf(state).glyph}
        </i>
      ))}
    </a>
  )
}

const QUIET: ReadonlySet<ShownState> = new Set(['on time', 'served', 'succeeded', 'early', 'waived', 'coalesced', 'waiting']) // prettier-ignore

function classOf(state: ShownState): string {
  if (state === 'early') return 'early'
  return lookOf(state).tone + (state === 'waiting' ? ' ring' : '')
}

/** Each state once, the well ones first, so that trouble stands at the same end of every cell. */
function sharesOf(states: readonly ShownState[]): { state: ShownState; share: number }[] {
  const kinds = [...new Set(states)].sort((a, b) => Number(QUIET.has(b)) - Number(QUIET.has(a)) || a.localeCompare(b))
  return kinds.map((state) => ({ state, share: states.filter((other) => other === state).length }))
}
