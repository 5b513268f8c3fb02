// Words figures, moments, lists and states, the same in terminal, summary, messages and pages.

import { wallClock } from './zone.ts'

/** A duration as people say it: `420 ms`, `3.2 s`, `4 m`, `2 h 40 m`, `3 d 2 h`. */
export function sayDuration(ms: number): string {
  const size = Math.abs(ms)
  // Rounded before it is compared: 59.96 s is a minute, not 60.0 s.
  if (size < 999.5) return `${Math.round(ms)} ms`
  if (size < 59_950) return `${(ms / 1000).toFixed(1)} s`
  return (ms < 0 ? '−' : '') + sayMinutes(Math.round(size / 60_000))
}

/** Whole minutes: `0 m`, `41 m`, `2 h 40 m`, `3 d 2 h`. */
export function sayMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} m`
  if (minutes < 48 * 60) return join(Math.floor(minutes / 60), 'h', [minutes % 60, 'm'])
  const hours = Math.round(minutes / 60)
  return join(Math.floor(hours / 24), 'd', [hours % 24, 'h'])
}

function join(big: number, bigUnit: string, [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** Lateness in a sentence: `on time` within a minute, `2 m late`, `6 h early`. */
export function sayLateness(ms: number): string {
  if (Math.abs(ms) < 60_000) return 'on time'
  return ms > 0 ? `${sayDuration(ms)} late` : `${sayDuration(-ms)} early`
}

/** As Date counts them, from Sunday. */
export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
export const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** An instant with its zone: `Tue 19 Nov 2024 08:07 New York`. */
export function sayInstant(at: Date, zone = 'UTC'): string {
  const there = wallClock(at, zone)
  return `${sayDayOf(there)} ${there.getUTCFullYear()} ${sayTimeOf(there)} ${sayPlace(zone)}`
}

/** An instant without its year: `Tue 19 Nov 08:07 UTC`. */
export function sayMoment(at: Date): string {
  return `${sayDayOf(at)} ${sayTimeOf(at)} UTC`
}

/** The day that a Date shows in UTC: `Tue 19 Nov`. */
export function sayDayOf(there: Date): string {
  return `${WEEKDAYS[there.getUTCDay()] ?? ''} ${there.getUTCDate()} ${MONTHS[there.getUTCMonth()] ?? ''}`
}

/** The time that a Date shows in UTC: `08:07`. */
export function sayTimeOf(there: Date): string {
  return there.toISOString().slice(11, 16)
}

/** `New York` for America/New_York. */
export function sayPlace(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
}

/** Thousands separated: 7,263. */
export function sayCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 slot`, `2,014 slots`, `3 tries`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${sayCount(number)} ${number === 1 ? one : several}`
}

/** `a`, `a and b`, `a, b and c`; where more are named than may be, `a, b and 2 more`. */
export function sayList(names: readonly string[], atMost = Infinity): string {
  const shown = names.length > atMost ? names.slice(0, atMost - 1) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}

/** The first sentence of a message on one line, without its full stop. What is longer than `longest` signs ends in "…". */
export function firstSentence(message: string, longest = 120): string {
  const line = message.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line
  const signs = [...sentence.replace(/\.$/, '')]
  if (signs.length <= longest) return signs.join('')
  const kept = signs.slice(0, longest - 1).join('')
  return `${kept.trimEnd()}…`
}

const GLYPHS: Record<string, string> = {
  'on time': '●',
  served: '●',
  succeeded: '●',
  early: '◐',
  late: '▲',
  rescued: '↻',
  missed: '✕',
  failed: '✕',
  abandoned: '✕',
  cancelled: '✕',
  partial: '◩',
  waived: '–',
  coalesced: '–',
  gated: '–',
  running: '◌',
}

/** The mark of a state or an outcome, always shown beside its word; what waits or found nothing yet has the open one. */
export function glyphOf(state: string): string {
  return GLYPHS[state] ?? '○'
}
