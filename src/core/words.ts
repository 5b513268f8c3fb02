// How figures and states are said, the same in terminal, summary and pages: durations, instants, glyphs.

import { wallClock } from './zone.ts'

/** A duration as people say it: `420 ms`, `3.2 s`, `4 m`, `2 h 40 m`, `3 d 2 h`. */
export function sayDuration(ms: number): string {
  const size = Math.abs(ms)
  // Rounded before it is compared: 59.96 s is a minute, not 60.0 s.
  if (size < 999.5) return `${Math.round(ms)} ms`
  if (size < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.round(size / 60_000)
  const sign = ms < 0 ? '-' : ''
  if (minutes < 60) return `${sign}${minutes} m`
  if (minutes < 48 * 60) return sign + join(Math.floor(minutes / 60), 'h', [minutes % 60, 'm'])
  const hours = Math.round(minutes / 60)
  return sign + join(Math.floor(hours / 24), 'd', [hours % 24, 'h'])
}

function join(big: number, bigUnit: string, [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** Lateness in words: on time within a minute, otherwise how late or early. */
export function sayLateness(ms: number): string {
  if (Math.abs(ms) < 60_000) return 'on time'
  return ms > 0 ? `${sayDuration(ms)} late` : `${sayDuration(-ms)} early`
}

/** An instant with its zone: `Tue 19 Nov 2024 08:07 New York`. */
export function sayInstant(at: Date, zone = 'UTC'): string {
  const there = wallClock(at, zone)
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][there.getUTCDay()] ?? ''
  const month = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[there.getUTCMonth()] ?? ''
  return `${weekday} ${there.getUTCDate()} ${month} ${there.getUTCFullYear()} ${there.toISOString().slice(11, 16)} ${sayPlace(zone)}`
}

/** `New York` for America/New_York. */
export function sayPlace(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
}

/** Thousands separated: 7,263. */
export function sayCount(count: number): string {
  return count.toLocaleString('en-US')
}

const GLYPHS: Record<string, string> = {
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
  due: '○',
  not_ready: '○',
  waived: '–',
  coalesced: '–',
  gated: '–',
  running: '◌',
}

/** The mark of a state or an outcome; always shown beside its word. */
export function glyphOf(state: string): string {
  return GLYPHS[state] ?? '○'
}
