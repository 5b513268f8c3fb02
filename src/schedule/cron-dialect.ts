// GitHub's cron dialect, strictly: which lines it means, as sets of numbers, or one sentence what is wrong with a line.
// When such a line is due, in a zone, is cron.ts.

import { ConfigFailure } from '../core/errors.ts'

/** The values a line names, per field, sorted and without repeats. */
interface CronFields {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: readonly number[]
  readonly months: readonly number[]
  readonly weekdays: readonly number[]
}

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
  readonly expected: string
}

type Refuse = (reason: string) => ConfigFailure
type FiveParts = [minute: string, hour: string, day: string, month: string, weekday: string]

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const MINUTE: Field = { name: 'minute', min: 0, max: 59, names: [], expected: '0 to 59' }
const HOUR: Field = { name: 'hour', min: 0, max: 23, names: [], expected: '0 to 23' }
const DAY: Field = { name: 'day of month', min: 1, max: 31, names: [], expected: '1 to 31' }
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTH_NAMES, expected: '1 to 12 or JAN to DEC' }
const WEEKDAY: Field = {
  name: 'day of week',
  min: 0,
  max: 6,
  names: DAY_NAMES,
  expected: '0 (Sunday) to 6 or SUN to SAT',
}

const LONGEST_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const FIVE = 'expected five fields, "minute hour day-of-month month day-of-week", such as "7 14 * * 2"'
/** GitHub starts a schedule at most once in five minutes (docs, events that trigger workflows, read 2026-11). */
const FLOOR_MINUTES = 5

/** One sentence what is wrong with a cron line and what was expected, or undefined. */
export function checkCron(text: string): string | undefined {
  try {
    parseCron(text)
    return undefined
  } catch (error) {
    // Here the refusal is the answer, not a failure.
    if (error instanceof ConfigFailure) return error.message
    throw error
  }
}

/** The values a cron line names. Throws ConfigFailure with the sentence that checkCron returns. */
export function parseCron(text: string): CronFields {
  const refuse: Refuse = (reason) => new ConfigFailure(`cron "${text}": ${reason}`)
  const [minute, hour, day, month, weekday] = splitFields(text, refuse)
  const fields = {
    minutes: valuesOf(MINUTE, minute, refuse),
    hours: valuesOf(HOUR, hour, refuse),
    days: valuesOf(DAY, day, refuse),
    months: valuesOf(MONTH, month, refuse),
    weekdays: valuesOf(WEEKDAY, weekday, refuse),
  }
  refuseBothDays(day, weekday, refuse)
  refuseNever(fields, weekday, refuse)
  refuseTooOften(fields, refuse)
  return fields
}

function splitFields(text: string, refuse: Refuse): FiveParts {
  const odd = /[^\S ]/u.exec(text)?.[0]
  if (odd !== undefined) throw refuse(`${codePoint(odd)} stands where a plain space belongs; ${FIVE}`)
  if (/[${}]/.test(text)) throw refuse(`it holds a placeholder that nobody filled in; ${FIVE}`)
  if (text.startsWith('@')) throw refuse(`GitHub knows no nicknames; ${FIVE}`)
  if (text !== text.trim()) throw refuse(`it begins or ends with a space; ${FIVE}`)
  const parts = text === '' ? [] : text.split(/ +/)
  if (parts.length !== 5) throw refuse(`found ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}; ${FIVE}`)
  return parts as FiveParts // counted on the line above
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return hex === '00A0' ? 'a non-breaking space (U+00A0)' : `the character U+${hex}`
}

function valuesOf(field: Field, part: string, refuse: Refuse): number[] {
  const found = new Set(part.split(',').flatMap((item) => itemValues(field, item, refuse)))
  return [...found].sort((a, b) => a - b)
}

function itemValues(field: Field, item: string, refuse: Refuse): number[] {
  const [span = '', stepText, ...more] = item.split('/')
  if (more.length > 0) throw refuse(`${field.name} "${item}" has two steps; expected at most one, such as "*/6"`)
  const [first, last] = spanOf(field, span, refuse)
  if (stepText === undefined) return countUp(first, last, 1)
  if (span !== '*' && !span.includes('-')) {
    throw refuse(
      `${field.name} "${item}" steps from a single value; expected a range, such as "${span}-${field.max}/${stepText}"`,
    )
  }
  return countUp(first, last, stepOf(field, stepText, refuse))
}

function spanOf(field: Field, span: string, refuse: Refuse): [number, number] {
  if (span === '*') return [field.min, field.max]
  const [from = '', to, ...more] = span.split('-')
  if (more.length > 0) throw refuse(`${field.name} "${span}" is not a range; expected ${field.expected}`)
  const first = valueOf(field, from, refuse)
  const last = to === undefined ? first : valueOf(field, to, refuse)
  if (last < first) {
    throw refuse(
      `${field.name} "${span}" runs backwards; expected the smaller first, or "${from}-${field.max},${field.min}-${to}"`,
    )
  }
  return [first, last]
}

function valueOf(field: Field, text: string, refuse: Refuse): number {
  const named = field.names.indexOf(text.toUpperCase())
  if (named >= 0) return named + field.min
  if (!/^\d{1,2}$/.test(text)) throw refuse(`${field.name} "${text}" ${whyUnknown(text)}; expected ${field.expected}`)
  const value = Number(text)
  if (value < field.min || value > field.max) {
    throw refuse(`${field.name} "${text}" is out of range; expected ${field.expected}`)
  }
  return value
}

function whyUnknown(text: string): string {
  if (text === '') return 'is empty'
  return /[LWH#?]/i.test(text) ? 'is not in GitHub\'s dialect (it has no L, W, H, "#" or "?")' : 'is not understood'
}

function stepOf(field: Field, text: string, refuse: Refuse): number {
  const step = /^\d{1,2}$/.test(text) ? Number(text) : 0
  // GitHub's own parser checks a step against the range of its field, so that "*/60" and, for hours, "*/24" are refused.
  if (step < 1 || step > field.max)
    throw refuse(`${field.name} step "${text}" is out of range; expected 1 to ${field.max}`)
  return step
}

function countUp(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step)
}

function refuseBothDays(day: string, weekday: string, refuse: Refuse): void {
  const stepped = day.startsWith('*/') || weekday.startsWith('*/')
  if (!stepped || day === '*' || weekday === '*') return
  // Vixie cron then wants both to match, most libraries either; GitHub does not say. Nobody should have to find out.
  throw refuse(
    `day of month "${day}" and day of week "${weekday}" together mean two things; expected "*" for one of them`,
  )
}

function refuseNever(fields: CronFields, weekday: string, refuse: Refuse): void {
  const longest = Math.max(...fields.months.map((month) => LONGEST_DAYS[month - 1] ?? 31))
  if (weekday !== '*' || Math.min(...fields.days) <= longest) return
  throw refuse(`day ${fields.days.join(',')} is in none of its months; expected a date that exists`)
}

function refuseTooOften(fields: CronFields, refuse: Refuse): void {
  const times = fields.hours.flatMap((hour) => fields.minutes.map((minute) => hour * 60 + minute))
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + 24 * 60) - time)
  const gap = Math.min(...gaps)
  if (gap >= FLOOR_MINUTES) return
  throw refuse(`it is due ${gap} min after the time before; expected at least ${FLOOR_MINUTES} min, GitHub's floor`)
}
