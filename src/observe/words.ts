// How conditions say instants, lists and other people's sentences, short enough for a phone.

import { sayInstant } from '../core/words.ts'

/** An instant without its year: `Tue 19 Nov 08:07 UTC`. */
export function sayMoment(at: Date): string {
  return sayInstant(at).replace(/ \d{4} /, ' ')
}

const LONGEST = 120

/** The first sentence of a message, on one line, without its full stop. What is longer than 120 signs ends in "…". */
export function firstSentence(message: string): string {
  const line = message.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line
  const signs = [...sentence.replace(/\.$/, '')]
  return signs.length > LONGEST
    ? `${signs
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`
    : signs.join('')
}

/** `1 try`, `3 tries`. */
export function sayTries(count: number): string {
  return count === 1 ? '1 try' : `${count} tries`
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function sayList(names: readonly string[], atMost = 3): string {
  const shown = names.length > atMost ? names.slice(0, atMost - 1) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}
