// The spans of a run: each a line with its name, indented below the span it lies in, a bar where it lay in the run, and how
// long it took. A table and its picture in one.

import { firstSentence } from '../../../src/core/wording.ts'
import { sayMs } from './durations.ts'

export interface WaterfallSpan {
  readonly place: number
  readonly parent: number | undefined
  readonly name: string
  readonly offsetMs: number
  readonly durationMs: number
  readonly error: string | undefined
}

export interface WaterfallProps {
  readonly spans: readonly WaterfallSpan[]
  /** Of the run; spans that end later widen it. */
  readonly totalMs: number
}

/** The bars begin and end in per cent of the whole, so that they are right at any width. */
export function Waterfall({ spans, totalMs }: WaterfallProps) {
  const whole = Math.max(totalMs, ...spans.map(({ offsetMs, durationMs }) => offsetMs + durationMs), 1)
  return (
    <div class="scroll" role="region" aria-label="Spans of the run" tabindex={0}>
      <table class="waterfall">
        <caption class="unseen">Spans: what the run did, one below the other, and for how long</caption>
        <thead>
          <tr>
            <th scope="col">span</th>
            <th scope="col" class="bars">
              <span class="ends">
                <span>0</span>
                <span>{sayMs(whole)}</span>
              </span>
            </th>
            <th scope="col" class="right w2">
              from
            </th>
            <th scope="col" class="right">
              took
            </th>
          </tr>
        </thead>
        <tbody>
          {inOrder(spans).map(({ span, depth, retried }) => (
            <tr>
              <th scope="row" class={`depth-${Math.min(depth, 5)}`}>
                {retried && (
                  <span class="info" title="tried again">
                    ↻{' '}
                  </span>
                )}
                {span.name}
                {span.error !== undefined && <span class="bad small"> ✕ {firstSentence(span.error, 140)}</span>}
              </th>
              <td class="bars">
                <Bar span={span} whole={whole} />
              </td>
              <td class="right w2 faint">{sayMs(span.offsetMs)}</td>
              <td class="right">{sayMs(span.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Bar({ span, whole }: { span: WaterfallSpan; whole: number }) {
  const percent = (ms: number) => `${Math.round((ms / whole) * 10_000) / 100}%`
  return (
    <svg width="100%" height="12" aria-hidden="true">
      <line class="axis" x1="0" x2="100%" y1="6" y2="6" />
      <rect
        class={span.error === undefined ? 'fill-accent' : 'fill-bad'}
        x={percent(Math.min(span.offsetMs, whole * 0.996))}
        width={percent(Math.max(span.durationMs, whole * 0.004))}
        y="1"
        height="10"
      />
    </svg>
  )
}

interface Placed {
  readonly span: WaterfallSpan
  readonly depth: number
  /** Another try of what failed: the runner names it so. */
  readonly retried: boolean
}

const RETRIED = / \(try \d+\)$/

/** Parents before what lies in them; a span whose parent was left out counts as outermost. */
function inOrder(spans: readonly WaterfallSpan[]): Placed[] {
  const known = new Set(spans.map(({ place }) => place))
  const parentOf = ({ parent }: WaterfallSpan) => (parent !== undefined && known.has(parent) ? parent : undefined)
  const below = (parent: number | undefined, depth: number): Placed[] => {
    const own = spans.filter((span) => parentOf(span) === parent && span.place !== parent)
    return own.flatMap((span) => [{ span, depth, retried: RETRIED.test(span.name) }, ...below(span.place, depth + 1)])
  }
  return below(undefined, 0)
}
