// Lanes over time: a name on the left that stays, and on the right what was planned beside what happened. Places across are
// percentages and heights are pixels, so that a wide window gets more room and never larger letters.

import type { ComponentChildren } from 'preact'
import { scaleTime } from 'd3-scale'

import { round } from './chart.tsx'
import type { lookOf } from './state.tsx'

type Tone = ReturnType<typeof lookOf>['tone']

/** Of a lane. */
const HEIGHT = 26
const TOP = 20
/** Narrower than this, in percent, nobody can see or click it. */
const NARROWEST = 0.4

export interface Bar {
  readonly from: Date
  readonly to: Date
  readonly tone: Tone
  /** grace: the pale time in which a start is still in time; a stretch went on alike: the worse, the thicker. */
  readonly kind: 'run' | 'grace' | 'span' | 'quiet stretch' | 'stretch' | 'lost stretch'
  /** Behind it, where its tone alone would say how it ended. */
  readonly glyph?: string | undefined
  readonly title: string
  readonly href?: string | undefined
}

export interface Mark {
  readonly at: Date
  readonly tone: Tone
  /** A glyph stands out; without one it is the tick of a plan. */
  readonly glyph?: string | undefined
  /** The glyph stands above a stretch. */
  readonly above?: boolean
  readonly title: string
}

export interface TimelineLane {
  readonly name: string
  readonly href: string
  readonly bars: readonly Bar[]
  readonly marks: readonly Mark[]
}

/** From a moment in one lane to a moment in another. */
export interface Link {
  readonly from: { readonly lane: string; readonly at: Date }
  readonly to: { readonly lane: string; readonly at: Date }
}

export interface TimelineProps {
  /** The question with its answer. */
  readonly title: string
  readonly from: Date
  readonly to: Date
  /** Vertical lines with what stands above them. */
  readonly ticks: readonly { readonly at: Date; readonly label: string }[]
  readonly now: Date
  readonly lanes: readonly TimelineLane[]
  readonly links: readonly Link[]
  /** What the signs mean. */
  readonly legend?: ComponentChildren
  readonly table: ComponentChildren
}

/** Lanes with ticks, bars and links, and the table behind them. Where it is wider than the screen, it opens at its end if the
 *  present is nearer to that, and the script (client/timelines.ts) moves the present into view. */
export function Timeline(props: TimelineProps) {
  const { title, from, to, now, lanes, legend, table } = props
  const scale = scaleTime([from, to], [0, 100])
  const x = (at: Date) => `${round(Math.min(100, Math.max(0, scale(at))))}%`
  const height = TOP + lanes.length * HEIGHT
  const opensAtEnd = now >= from && now <= to && scale(now) > 50
  return (
    <figure class="timeline">
      <figcaption>{title}</figcaption>
      <div class={opensAtEnd ? 'scroll from-right' : 'scroll'} role="region" aria-label={title} tabindex={0}>
        <div class="lanes">
          <ol>
            {lanes.map(({ name, href }) => (
              <li>
                <a href={href}>{name}</a>
              </li>
            ))}
          </ol>
          <svg height={height} role="group" aria-label={title}>
            <Grid {...props} x={x} height={height} />
            <Links {...props} x={x} />
            {lanes.map((lane, i) => (
              <LaneMarks lane={lane} y={TOP + i * HEIGHT} scale={scale} />
            ))}
          </svg>
        </div>
      </div>
      {legend}
      <details>
        <summary>The numbers</summary>
        {table}
      </details>
    </figure>
  )
}

type Place = (at: Date) => string

function Grid({ ticks, now, from, to, lanes, x, height }: TimelineProps & { x: Place; height: number }) {
  return (
    <>
      {lanes.map((_, i) => (
        <line class="axis" x1="0" x2="100%" y1={TOP + i * HEIGHT} y2={TOP + i * HEIGHT} />
      ))}
      {ticks.map(({ at, label }) => (
        <>
          <line class="axis" x1={x(at)} x2={x(at)} y1={0} y2={height} />
          <text class="faint" x={x(at)} dx={4} y={13}>
            {label}
          </text>
        </>
      ))}
      {now >= from && now <= to && (
        <line class="stroke-accent now" x1={x(now)} x2={x(now)} y1={TOP - 4} y2={height}>
          <title>the moment of the build</title>
        </line>
      )}
    </>
  )
}

function Links({ lanes, links, x }: TimelineProps & { x: Place }) {
  const middle = (lane: string) => TOP + lanes.findIndex(({ name }) => name === lane) * HEIGHT + HEIGHT / 2
  return (
    <>
      {links.map(({ from, to }) => (
        <line class="stroke-faint" x1={x(from.at)} y1={middle(from.lane)} x2={x(to.at)} y2={middle(to.lane)} />
      ))}
    </>
  )
}

interface LaneMarksProps {
  readonly lane: TimelineLane
  readonly y: number
  readonly scale: (at: Date) => number
}

function LaneMarks({ lane: { bars, marks }, y, scale }: LaneMarksProps) {
  const visible = (at: Date) => scale(at) >= 0 && scale(at) <= 100
  return (
    <>
      {bars.map((bar) => (
        <BarMark bar={bar} y={y} scale={scale} />
      ))}
      {bars.map((bar) => (
        <BarGlyph bar={bar} y={y} scale={scale} />
      ))}
      {marks
        .filter(({ at }) => visible(at))
        .map(({ at, tone, glyph, above, title }) =>
          glyph === undefined ? (
            <line class="stroke-ink" x1={`${round(scale(at))}%`} x2={`${round(scale(at))}%`} y1={y + 4} y2={y + 22}>
              <title>{title}</title>
            </line>
          ) : (
            <text
              class={`${above ? 'ended' : 'mark'} ${tone}`}
              x={`${round(scale(at))}%`}
              y={y + (above ? 12 : 18)}
              text-anchor={above ? 'start' : 'middle'}
            >
              <title>{title}</title>
              {glyph}
            </text>
          ),
        )}
    </>
  )
}

const SHAPES = {
  run: { top: 7, height: 12 },
  grace: { top: 11, height: 4 },
  'quiet stretch': { top: 20, height: 2 },
  stretch: { top: 17, height: 5 },
  'lost stretch': { top: 14, height: 8 },
  span: { top: 5, height: 16 },
}

interface BarProps {
  readonly bar: Bar
  readonly y: number
  readonly scale: (at: Date) => number
}

function BarMark({ bar, y, scale }: BarProps) {
  const place = placeOf(bar, scale)
  if (place === undefined) return null
  const { top, height } = SHAPES[bar.kind]
  const shape = (
    <rect class={`fill-${bar.tone}`} x={`${place.left}%`} y={y + top} width={`${place.width}%`} height={height}>
      <title>{bar.title}</title>
    </rect>
  )
  return bar.href === undefined ? shape : <a href={bar.href}>{shape}</a>
}

/** How a bar ended, behind it. */
function BarGlyph({ bar, y, scale }: BarProps) {
  const place = placeOf(bar, scale)
  if (place === undefined || bar.glyph === undefined) return null
  return (
    <text class={`ended ${bar.tone}`} x={`${round(place.left + place.width)}%`} dx={1} y={y + 17}>
      <title>{bar.title}</title>
      {bar.glyph}
    </text>
  )
}

/** In percent; undefined: it is not in the picture. */
function placeOf({ from, to, kind }: Bar, scale: (at: Date) => number): { left: number; width: number } | undefined {
  const left = Math.max(0, scale(from))
  const width = Math.min(100, scale(to)) - left
  if (left > 100 || width < 0) return undefined
  return { left: round(left), width: round(kind === 'grace' ? width : Math.max(NARROWEST, width)) }
}
