// What the signs of a week's picture mean, each beside its own drawing.

import type { ComponentChildren } from 'preact'

import { lookOf, type ShownState } from '../../kit/state.tsx'

const GLYPHS: readonly (readonly [ShownState, string])[] = [
  ['late', 'late'],
  ['rescued', 'rescued'],
  ['partial', 'partial'],
  ['missed', 'missed or failed'],
  ['not ready', 'not ready yet'],
  ['waived', 'waived, or covered by a later one'],
]

/** Stands below the first of the pictures. */
export function Key() {
  return (
    <ul class="timeline-key small" aria-label="What the signs mean">
      <Sign means="a slot is due">
        <line class="stroke-ink" x1="9" x2="9" y1="0" y2="16" />
      </Sign>
      <Sign means="so long a start is in time">
        <line class="stroke-ink" x1="3" x2="3" y1="0" y2="16" />
        <rect class="fill-quiet" x="3" y="6" width="15" height="4" />
      </Sign>
      <Sign means="a run, as long as it took">
        <rect class="fill-good" x="4" y="2" width="10" height="12" />
      </Sign>
      <Sign means="which run woke which">
        <line class="stroke-faint" x1="1" x2="17" y1="2" y2="14" />
      </Sign>
      <Sign means="due all day, by the hour: thicker where some were late or rescued, thickest where some were lost">
        <rect class="fill-good" x="0" y="11" width="6" height="2" />
        <rect class="fill-warn" x="6" y="8" width="6" height="5" />
        <rect class="fill-bad" x="12" y="5" width="6" height="8" />
      </Sign>
      <Sign means="now">
        <line class="stroke-accent" x1="9" x2="9" y1="0" y2="16" />
      </Sign>
      {GLYPHS.map(([state, word]) => (
        <li>
          <span class={lookOf(state).tone} aria-hidden="true">
            {lookOf(state).glyph}
          </span>{' '}
          {word}
        </li>
      ))}
    </ul>
  )
}

function Sign({ means, children }: { means: string; children: ComponentChildren }) {
  return (
    <li>
      <svg width="18" height="16" aria-hidden="true">
        {children}
      </svg>{' '}
      {means}
    </li>
  )
}
