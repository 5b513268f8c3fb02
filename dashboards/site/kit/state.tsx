// A state as a glyph, a word and a colour, the same on every page and in the terminal.

import { glyphOf } from '../../../src/core/wording.ts'

/** What a slot, a run or a job shows as. */
export type ShownState =
  | 'on time'
  | 'served'
  | 'succeeded'
  | 'early'
  | 'late'
  | 'rescued'
  | 'missed'
  | 'failed'
  | 'abandoned'
  | 'cancelled'
  | 'partial'
  | 'not ready'
  | 'waiting'
  | 'due'
  | 'waived'
  | 'coalesced'
  | 'gated'
  | 'running'

interface Look {
  readonly glyph: string
  /** The class that colours it: see styles.css. */
  readonly tone: 'good' | 'warn' | 'bad' | 'info' | 'quiet' | 'live'
}

const TONES: Readonly<Record<ShownState, Look['tone']>> = {
  'on time': 'good',
  served: 'good',
  succeeded: 'good',
  early: 'good',
  late: 'warn',
  rescued: 'info',
  missed: 'bad',
  failed: 'bad',
  abandoned: 'bad',
  cancelled: 'bad',
  partial: 'warn',
  'not ready': 'quiet',
  waiting: 'quiet',
  due: 'quiet',
  waived: 'quiet',
  coalesced: 'quiet',
  gated: 'quiet',
  running: 'live',
}

/** Glyph and tone of a state. */
export function lookOf(state: ShownState): Look {
  return { glyph: glyphOf(state), tone: TONES[state] }
}

export interface StateProps {
  readonly state: ShownState
  /** What is said of it where the state's own word would not fit. */
  readonly word?: string
  /** The word is only read out, where a column says it. */
  readonly wordless?: boolean
}

/** The glyph with the word beside it. */
export function State({ state, word = state, wordless = false }: StateProps) {
  const { glyph, tone } = lookOf(state)
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{glyph}</span>
      <span class={wordless ? 'unseen' : undefined}>{word}</span>
    </span>
  )
}
