// A state as a glyph, a word and a colour, the same on every page and in the terminal.

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

const LOOKS: Readonly<Record<ShownState, Look>> = {
  'on time': { glyph: '●', tone: 'good' },
  served: { glyph: '●', tone: 'good' },
  succeeded: { glyph: '●', tone: 'good' },
  early: { glyph: '◐', tone: 'good' },
  late: { glyph: '▲', tone: 'warn' },
  rescued: { glyph: '↻', tone: 'info' },
  missed: { glyph: '✕', tone: 'bad' },
  failed: { glyph: '✕', tone: 'bad' },
  abandoned: { glyph: '✕', tone: 'bad' },
  cancelled: { glyph: '✕', tone: 'bad' },
  partial: { glyph: '◩', tone: 'warn' },
  'not ready': { glyph: '○', tone: 'quiet' },
  waiting: { glyph: '○', tone: 'quiet' },
  due: { glyph: '○', tone: 'quiet' },
  waived: { glyph: '–', tone: 'quiet' },
  coalesced: { glyph: '–', tone: 'quiet' },
  gated: { glyph: '–', tone: 'quiet' },
  running: { glyph: '◌', tone: 'live' },
}

/** Glyph and tone of a state. */
export function lookOf(state: ShownState): Look {
  return LOOKS[state]
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
  const { glyph, tone } = LOOKS[state]
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{glyph}</span>
      <span class={wordless ? 'unseen' : undefined}>{word}</span>
    </span>
  )
}
