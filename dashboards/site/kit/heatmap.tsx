// The signature picture: rows down, days across, one cell a day, split where several slots were due. A table, so that it is
// its own text alternative; what went wrong is loud, what went well is quiet. Newest days stand right, and are what a small
// screen shows first.

import type { ComponentChildren } from 'preact'

import { type SlotShown, type StateCounts, WORST_FIRST } from '../../../src/core/slot-shown.ts'
import { sayCount } from '../../../src/core/wording.ts'

import { sayDate } from './dates.ts'
import { listCounts } from './state-counts.ts'
import { lookOf } from './state.tsx'

export interface HeatRow {
  readonly key: string
  readonly head: ComponentChildren
  /** One per day; undefined: nothing was due. */
  readonly cells: readonly (HeatCell | undefined)[]
  /** At the row's end. */
  readonly tail: ComponentChildren
}

export interface HeatCell {
  /** Of the day's slots, in any order: the worst stands at the top. */
  readonly states: readonly SlotShown[]
  readonly href: string
  /** What a pointer and a reader of the screen are told. */
  readonly title: string
}

export interface HeatmapProps {
  /** The question with its answer. */
  readonly title: string
  /** What the signs mean, with how many of each. */
  readonly counts: StateCounts
  /** `2026-11-19`, oldest first, today last. */
  readonly days: readonly string[]
  readonly rows: readonly HeatRow[]
  readonly tailHead: string
}

/** The heatmap. Only cells that ask for a look are stops of the Tab key. */
export function Heatmap({ title, counts, days, rows, tailHead }: HeatmapProps) {
  return (
    <>
      <Key counts={counts} />
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

/** Fewer days have no room for their month's name. */
const MONTH_NAMED = 8

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
              <span class={length < MONTH_NAMED ? 'unseen' : undefined}>{sayDate(`${month}-01`, 'month')}</span>
            </th>
          )
        })}
        <th scope="col" class="tail">
          {tailHead}
        </th>
      </tr>
      <tr class="weeks" aria-hidden="true">
        <td />
        {days.map((day, i) =>
          i === days.length - 1 ? (
            <td class="today">
              <span>today</span>
            </td>
          ) : (
            <td>{isMonday(day) ? <span>{Number(day.slice(8))}</span> : null}</td>
          ),
        )}
        <td />
      </tr>
    </thead>
  )
}

function isMonday(day: string): boolean {
  return new Date(`${day}T00:00Z`).getUTCDay() === 1
}

/** Real cells, so that the key can be compared with the picture. */
function Key({ counts }: { counts: StateCounts }) {
  return (
    <ul class="heat-key small" aria-hidden="true">
      {listCounts(counts).map(({ state, count }) => (
        <li>
          <span class="cell">
            <Band state={state} withGlyph />
          </span>{' '}
          {sayCount(count)} {state}
        </li>
      ))}
    </ul>
  )
}

/** Up to so many slots are each a band of their own; of more a band is what came to the same. */
const MOST_BANDS = 6

function Cell({ states, href, title }: HeatCell) {
  // From the top of the cell down.
  const sorted = states.toSorted((a, b) => WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b))
  const each = sorted.length <= MOST_BANDS
  const bands = each ? sorted.map((state) => ({ state, share: 1 })) : sharesOf(sorted)
  // As many glyphs have room above each other; of more bands, and of unequal ones, the worst alone has one.
  const own = bands.length === 1 || (each && bands.length === 2)
  return (
    <a
      class={each && sorted.length > 1 ? 'cell each' : 'cell'}
      href={href}
      title={title}
      tabindex={states.every((state) => QUIET.has(state)) ? -1 : undefined}
    >
      {bands.map(({ state, share }) => (
        <Band state={state} share={share} withGlyph={own} />
      ))}
      {!own && <Glyph sorted={sorted} />}
    </a>
  )
}

const QUIET: ReadonlySet<SlotShown> = new Set(['on time', 'early', 'waived', 'coalesced', 'waiting'])

function Band({ state, share = 1, withGlyph }: { state: SlotShown; share?: number; withGlyph: boolean }) {
  return (
    <i class={classOf(state)} style={share === 1 ? undefined : { flexGrow: share }} aria-hidden="true">
      {withGlyph && !PLAIN.has(state) ? lookOf(state).glyph : ''}
    </i>
  )
}

/** On time is the quiet default, and a slot that waits is an empty frame. */
const PLAIN: ReadonlySet<SlotShown> = new Set(['on time', 'waiting'])

/** Of the worst: on its band where that is half of the cell, else below it, where the others are. */
function Glyph({ sorted }: { sorted: readonly SlotShown[] }) {
  const worst = sorted.find((state) => !PLAIN.has(state))
  if (worst === undefined) return null
  const share = sorted.filter((state) => lookKey(state) === lookKey(worst)).length / sorted.length
  return (
    <b class={`${classOf(worst)} ${share >= 0.5 ? 'on' : 'below'}`} aria-hidden="true">
      {lookOf(worst).glyph}
    </b>
  )
}

function classOf(state: SlotShown): string {
  if (state === 'early') return 'early'
  return lookOf(state).tone + (state === 'waiting' ? ' ring' : '')
}

/** Each look once, with how many slots have it: what was lost is one band, however it was lost. */
function sharesOf(sorted: readonly SlotShown[]): { state: SlotShown; share: number }[] {
  const looks = new Map<string, { state: SlotShown; share: number }>()
  for (const state of sorted) {
    const known = looks.get(lookKey(state))
    if (known) known.share += 1
    else looks.set(lookKey(state), { state, share: 1 })
  }
  return [...looks.values()]
}

function lookKey(state: SlotShown): string {
  return `${classOf(state)} ${lookOf(state).glyph}`
}
