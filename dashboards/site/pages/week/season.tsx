import {
  countAll,
  countOf,
  COVERED,
  LOST,
  OPEN,
  SERVED,
  type SlotShown,
  type StateCounts,
} from '../../../../src/core/slot-shown.ts'
// The season as a table: what became of each league's slots, week by week, and what is planned for those to come.

import { sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { WeekTimeline, WeekView } from '../../../../src/views/week/week.ts'
import { sayPlainCounts } from '../../kit/state-counts.ts'
import { lookOf, type ShownState } from '../../kit/state.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, placeOf } from '../../kit/time.tsx'

import { joinWeeks, type Weeks } from './alike.ts'
import { sayDrawn } from './fitting.ts'

interface SeasonProps {
  readonly site: ViewContext
  readonly view: WeekView
  /** The weeks of the page, newest first; of one without a lane there is no picture, unless it is the present one. */
  readonly drawn: readonly WeekTimeline[]
}

/** A row a week; weeks to come for which the same is planned are one. */
export function Season({ site, view, drawn: weeks }: SeasonProps) {
  const drawn = new Set(weeks.flatMap(({ key, lanes }, i) => (i === 0 || lanes.length > 0 ? [key] : [])))
  const columns: Column<Weeks>[] = [
    { head: 'week', cell: (row) => <Name row={row} view={view} now={site.now} drawn={drawn} />, sort: ({ first }) => first.from.getTime() }, // prettier-ignore
    { head: 'from', cell: ({ first }) => <Instant at={first.from} zone={site.zone} show="day" />, sort: ({ first }) => first.from.getTime() }, // prettier-ignore
    ...view.leagues.map((league, i) => ({
      head: league,
      cell: ({ first, last }: Weeks) => {
        const counts = first.leagues[i]
        if (counts !== undefined) return <Cell counts={counts} />
        return <span class="faint">{sayPlanned(first.planned[i] ?? 0, first !== last)}</span>
      },
      sort: ({ first: { leagues } }: Weeks) => countOf(leagues[i] ?? {}, LOST),
    })),
    { head: 'slots', cell: ({ first: { all } }) => (countAll(all) === 0 ? '' : sayCount(countAll(all))), sort: ({ first: { all } }) => countAll(all), right: true, weight: 2 }, // prettier-ignore
  ]
  return (
    <section id="season">
      <h2>The season, week by week</h2>
      <p class="small faint">
        {sayWeeks(view.weeks, site.zone)} {sayDrawn(weeks.length, view.timelines.length)} What rescued a slot is
        forgotten with its run: after some weeks it is late here.
      </p>
      <Table
        caption="What became of each league's slots, by week"
        captionHidden
        columns={columns}
        rows={joinWeeks(view.season, drawn)}
        empty="The first week appears here when its first slot is due."
      />
    </section>
  )
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `Weeks run from Tuesday to Monday, New York: from the first stage to Monday night's grading.` */
function sayWeeks({ begin, reach }: WeekView['weeks'], zone: string): string {
  const days = `${WEEKDAYS[begin]} to ${WEEKDAYS[(begin + 6) % 7]}`
  return `Weeks run from ${days}, ${placeOf(zone)}${reach === undefined ? '' : `: ${reach}`}.`
}

interface NameProps {
  readonly row: Weeks
  readonly view: WeekView
  readonly now: Date
  /** Keys of the weeks with a picture. */
  readonly drawn: ReadonlySet<string>
}

function Name({ row: { first, last }, view, now, drawn }: NameProps) {
  const played = view.season.findLast(({ week }) => week !== undefined)?.from ?? now
  const off = first.from < played ? 'no games' : 'off season'
  const name = first.week === undefined ? off : String(first.week)
  if (drawn.has(first.key)) return <a href={`#${first.key}`}>{name}</a>
  return <span class="day">{first === last || first.week === undefined ? name : `${name} to ${last.week ?? ''}`}</span>
}

function sayPlanned(planned: number, eachWeek: boolean): string {
  if (planned === 0) return '·'
  return `${sayCount(planned)} ${eachWeek ? 'a week planned' : 'planned'}`
}

const TROUBLE: readonly (readonly [ShownState, string, readonly SlotShown[]])[] = [
  ['missed', 'not served', LOST],
  ['late', 'late', ['late']],
  ['partial', 'partial', ['partial']],
  ['rescued', 'rescued', ['rescued']],
]

/** The worst with its word, what else was not on time with its sign. */
function Cell({ counts }: { counts: StateCounts }) {
  const parts = TROUBLE.flatMap(([state, word, states]) => {
    const number = countOf(counts, states)
    return number > 0 ? [{ state, word, number }] : []
  })
  const [worst = quietPart(counts), ...others] = parts
  return (
    <span class="season-cell" title={sayPlainCounts(counts)}>
      <Part {...worst} />
      {others.map((part) => (
        <span class="w2">
          <Part {...part} wordless />
        </span>
      ))}
      <span class="w2 faint"> of {sayCount(countAll(counts))}</span>
    </span>
  )
}

interface PartProps {
  readonly state: ShownState
  readonly word: string
  readonly number: number
  readonly wordless?: boolean
}

function Part({ state, word, number, wordless = false }: PartProps) {
  const { glyph, tone } = lookOf(state)
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{glyph}</span>
      {sayCount(number)}
      <span class={wordless ? 'unseen' : undefined}> {word}</span>{' '}
    </span>
  )
}

function quietPart(counts: StateCounts): PartProps {
  const [open, covered] = [countOf(counts, OPEN), countOf(counts, COVERED)]
  if (open > 0) return { state: 'waiting', word: 'open', number: open }
  if (covered === countAll(counts)) return { state: 'waived', word: 'waived', number: covered }
  return { state: 'served', word: 'served', number: countOf(counts, SERVED) }
}
