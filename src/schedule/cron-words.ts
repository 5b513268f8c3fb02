// A cron line in words, for people who do not read five fields: `Wed to Sat 11:07`, `daily 04:07`, `hourly at :37`.

import { MONTHS, WEEKDAYS } from '../core/wording.ts'
import { parseCron } from './cron-dialect.ts'

const MOST_TIMES = 4

/** The line in words, without its zone. Throws ConfigFailure when it is none. */
export function sayCron(cron: string): string {
  const { minutes, hours, days, months, weekdays } = parseCron(cron)
  const when = sayTimes(minutes, hours)
  const inMonths = months.length === 12 ? '' : ` in ${sayRanges(months, (month) => MONTHS[month - 1] ?? '')}`
  const onDays = days.length === 31 ? '' : `on the ${days.join(', ')} of the month`
  const onWeekdays = weekdays.length === 7 ? '' : sayRanges(weekdays, (weekday) => WEEKDAYS[weekday] ?? '')
  // Where both are given, cron takes either (crontab(5)).
  const which = [onDays, onWeekdays].filter(Boolean).join(' and ') || (/^\d/.test(when) ? 'daily' : '')
  return `${which} ${when}${inMonths}`.trim()
}

function sayTimes(minutes: readonly number[], hours: readonly number[]): string {
  const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`))
  if (times.length <= MOST_TIMES) return times.join(', ')
  const often = stepOf(minutes, 60)
  const everyMinutes = minutes.length > 1 && often !== undefined ? `every ${often} m` : undefined
  if (everyMinutes && hours.length === 1) return `${everyMinutes} from ${times[0] ?? ''} to ${times.at(-1) ?? ''}`
  const at = `at ${minutes.map((minute) => `:${two(minute)}`).join(', ')}`
  // "From … to" is true of hours without a gap only.
  if (isUnbroken(hours)) return (everyMinutes ?? (minutes.length === 1 ? `hourly ${at}` : at)) + sayWithin(hours)
  const few = minutes.length <= MOST_TIMES
  const everyHours = stepOf(hours, 24)
  if (everyHours !== undefined && few) return `every ${everyHours} h ${at}`
  return `${(!few && everyMinutes) || at} of ${sayRanges(hours, two)} o'clock`
}

function sayWithin(hours: readonly number[]): string {
  return hours.length === 24 ? '' : ` from ${two(hours[0] ?? 0)} to ${two(hours.at(-1) ?? 0)} o'clock`
}

function isUnbroken(values: readonly number[]): boolean {
  return values.slice(1).every((value, i) => value - (values[i] ?? 0) === 1)
}

/** The distance between neighbours where it is the same all round the clock. */
function stepOf(values: readonly number[], around: number): number | undefined {
  const steps = new Set(values.map((value, i) => (values[i + 1] ?? (values[0] ?? 0) + around) - value))
  return steps.size === 1 ? [...steps][0] : undefined
}

function sayRanges(values: readonly number[], name: (value: number) => string): string {
  const ranges: [number, number][] = []
  for (const value of values) {
    const last = ranges.at(-1)
    if (last && last[1] === value - 1) last[1] = value
    else ranges.push([value, value])
  }
  return ranges
    .flatMap(([from, to]) => (to - from < 2 ? [...new Set([from, to])].map(name) : [`${name(from)} to ${name(to)}`]))
    .join(', ')
}

const two = (value: number) => String(value).padStart(2, '0')
