// The first line of a page about a state: its mark, and the sentence that answers the page's question.

import type { ComponentChildren } from 'preact'

import { lookOf, type ShownState } from './state.tsx'

export interface HeadlineProps {
  readonly state: ShownState
  /** The question it answers, where tests look for one. */
  readonly answers?: string
  readonly children: ComponentChildren
}

export function Headline({ state, answers, children }: HeadlineProps) {
  const { glyph, tone } = lookOf(state)
  return (
    <h1 data-answers={answers} class="headline">
      <span class={tone} aria-hidden="true">
        <span>{glyph}</span>{' '}
      </span>
      {children}
    </h1>
  )
}
