// What went wrong in a run: each error with its code, its words, what to do, its facts and its stack; as much as a page holds.

import { firstSentence, sayCount } from '../../../../src/core/wording.ts'
import { beginningOf } from '../../kit/beginning.ts'
import { firstWithin } from '../../kit/budget.ts'
import { sayCode } from '../../kit/codes.ts'

import { adviceOn } from './headline.ts'
import type { RunProps } from './origin.tsx'

/** The rest is in the ledger. */
const MOST_ERRORS = 10
const MOST_BYTES = 200_000
/** Signs of a message, and of a stack. */
const LONGEST_TEXT = 3_000
/** A longer message is folded. */
const LONGEST_MESSAGE = 500
const MOST_VALUES = 20
const LONGEST_VALUE = 300

export function Errors(props: RunProps) {
  const { errors } = props.run
  if (errors.length === 0) return null
  const shown = firstWithin(errors.slice(0, MOST_ERRORS).map(cut), MOST_BYTES)
  return (
    <section>
      <h2>{errors.length === 1 ? 'The error' : 'The errors'}</h2>
      {shown.map(({ error, values, valuesLeftOut }) => (
        <div class="trouble">
          <p>
            <strong class="bad">✕ {sayCode(error.code)}</strong> {shortened(error.message)}
          </p>
          <p>{adviceOn(error, props.run, props)}</p>
          {values.length > 0 && (
            <p class="small faint">
              {values.map(([name, value]) => (
                <code>{`${name}=${value} `}</code>
              ))}
              {valuesLeftOut > 0 && `and ${sayCount(valuesLeftOut)} more, in the ledger`}
            </p>
          )}
          {shortened(error.message) !== error.message && <Folded summary="The whole message" text={error.message} />}
          {error.stack !== null && <Folded summary="Stack" text={error.stack} />}
        </div>
      ))}
      {errors.length > shown.length && (
        <p class="faint small">{sayCount(errors.length - shown.length)} more are in the ledger.</p>
      )}
    </section>
  )
}

/** As much of an error as the page says. */
function cut({ message, stack, context, ...error }: RunProps['run']['errors'][number]) {
  const values = Object.entries(context)
  return {
    error: {
      ...error,
      context: {},
      message: beginningOf(message, LONGEST_TEXT),
      stack: stack === null ? null : beginningOf(stack, LONGEST_TEXT),
    },
    values: values.slice(0, MOST_VALUES).map((pair) => pair.map(inShort)),
    valuesLeftOut: Math.max(0, values.length - MOST_VALUES),
  }
}

function inShort(value: unknown): string {
  const text = String(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

const shortened = (message: string) =>
  message.length > LONGEST_MESSAGE ? firstSentence(message, LONGEST_MESSAGE) : message

function Folded({ summary, text }: { summary: string; text: string }) {
  return (
    <details>
      <summary>{summary}</summary>
      <pre tabindex={0}>{text}</pre>
    </details>
  )
}
