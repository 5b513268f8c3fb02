import {
  countAll,
  countOf,
  COVERED,
  IN_TIME,
  LOST,
  OPEN,
  SERVED,
  type StateCounts,
} from '../../../../src/core/slot-shown.ts'
// What a week came to, in a sentence: the page's first line, and what stands above its picture.

import { LATE_MINUTES } from '../../../../src/core/slot.ts'
import { count, sayCount, sayList, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { Lane } from '../../../../src/views/week/lanes.ts'
import type { SeasonWeek, WeekTimeline, WeekView } from '../../../../src/views/week/week.ts'
import { placeOf, sayDay, sayTime } from '../../kit/time.tsx'

const MINUTE_MS = 60_000

/** `Week 11`, or `The week of Tue 10 Mar`. */
export function nameOf({ week, from }: Pick<SeasonWeek, 'week' | 'from'>, zone: string): string {
  return week === undefined ? `The week of ${sayDay(from, zone)}` : `Week ${week}`
}

/** The page's first line: what was lost, or else how it was served; what waits, and what is next. */
export function sayWeek(site: ViewContext, week: WeekTimeline, coming: WeekView['next']): string {
  const told = countOf(week.counts, LOST) > 0 ? sayLost(site, week) : sayServed(site, week)
  return `${nameOf(week, site.zone)}: ${told}${sayNext(site, coming)}`
}

/** `Week 12: 1,612 slots due; 1,009 served: 454 on time or early, 65 late, 490 rescued; 3 open`. */
export function sayCounts(name: string, counts: StateCounts): string {
  const [served, lost, covered, open] = [SERVED, LOST, COVERED, OPEN].map((states) => countOf(counts, states)) as [number, number, number, number] // prettier-ignore
  const slots = countAll(counts)
  if (slots === 0) return `${name}: nothing has come due yet`
  const parts = [
    `${name}: ${count(slots, 'slot')} due`,
    served === 0 ? 'none served' : `${sayCount(served)} served${sayHow(counts, served)}`,
    lost > 0 ? `${sayCount(lost)} not served` : '',
    covered > 0 ? `${sayCount(covered)} waived or covered by a later one` : '',
    open > 0 ? `${sayCount(open)} open` : '',
  ]
  return parts.filter(Boolean).join('; ')
}

/** `, all on time or early`, `: 454 on time or early, 65 late, 490 rescued`. */
function sayHow(counts: StateCounts, served: number): string {
  const inTime = countOf(counts, IN_TIME)
  if (inTime === served) return served === 1 ? ', on time' : ', all on time or early'
  const others = (['late', 'rescued', 'partial'] as const).map((state) => [counts[state] ?? 0, state] as const)
  const parts = ([[inTime, 'on time or early'], ...others] as const).filter(([number]) => number > 0)
  return `: ${parts.map(([number, word]) => `${sayCount(number)} ${word}`).join(', ')}`
}

function sayLost({ zone }: ViewContext, { counts, lanes }: WeekTimeline): string {
  const lost = lanes.flatMap((lane) => lane.slots.filter(({ state }) => LOST.includes(state)).map((slot) => ({ job: lane.job, slot }))) // prettier-ignore
  const days = [...new Set(lost.map(({ job, slot }) => `${job} of ${sayDay(slot.dueAt, zone)}`))]
  const jobs = [...new Set(lost.map(({ job }) => job))]
  const which = days.length <= 2 ? `: ${sayList(days)}` : `, ${jobs.length === 1 ? 'all of' : 'of'} ${sayList(jobs)}`
  const [missed, settled] = [countOf(counts, LOST), countOf(counts, SERVED) + countOf(counts, LOST)]
  return `${sayCount(missed)} of ${count(settled, 'slot')} ${missed === 1 ? 'was' : 'were'} not served${which}.`
}

function sayServed(site: ViewContext, { counts, lanes }: WeekTimeline): string {
  const [served, open, covered] = [countOf(counts, SERVED), countOf(counts, OPEN), countOf(counts, COVERED)]
  const overdue = sayOverdue(site, lanes)
  if (countAll(counts) === 0) return 'nothing has come due yet.'
  if (served === 0 && open > 0)
    return `${count(open, 'slot')} ${open === 1 ? 'is' : 'are'} due, none served yet.${overdue}`
  if (served === 0) return `${count(covered, 'slot')} waived or covered by a later one, and no other was due.`
  const all = served === 1 ? 'the one slot so far is' : `all ${sayCount(served)} slots so far are`
  return `${all} served${served === 1 ? sayHowOne(counts) : sayHow(counts, served)}${sayLatest(lanes)}.${overdue}`
}

function sayHowOne(counts: StateCounts): string {
  if (counts.partial) return ', in part'
  if (counts.rescued) return ', by a rescue'
  if (counts.late) return ', late'
  return counts.early ? ', early' : ', on time'
}

/** What is overdue, or runs: the longest wait first. */
function sayOverdue(site: ViewContext, lanes: readonly Lane[]): string {
  const waiting = lanes
    .flatMap(({ job, slots }) => slots.flatMap(({ state, dueAt, startedAt, waitsSince }) => {
      const runs = state === 'running'
      const since = runs ? dueAt : waitsSince
      return since ? [{ job, runs, since, startedAt }] : []
    }))
    .sort((a, b) => a.since.getTime() - b.since.getTime()) // prettier-ignore
  const [first] = waiting
  if (!first) return ''
  const more = waiting.length > 1 ? `, and ${count(waiting.length - 1, 'other')}` : ''
  const waits = `has waited for ${sayMinutes(minutesBetween(first.since, site.now))}`
  return ` ${first.job} ${first.runs ? sayRunning(first) : waits}${more}.`
}

function sayRunning({ since, startedAt }: { since: Date; startedAt: Date | undefined }): string {
  const late = startedAt ? minutesBetween(since, startedAt) : 0
  return late > LATE_MINUTES ? `is running, begun ${sayMinutes(late)} late` : 'is running'
}

/** Of those that were served: one that still waits is said apart, and a lost one was not late. */
function sayLatest(lanes: readonly Lane[]): string {
  const late = lanes.flatMap(({ job, slots }) =>
    slots
      .filter(({ state }) => state === 'late' || state === 'rescued' || state === 'partial')
      .flatMap(({ startedAt, dueAt }) => (startedAt ? [{ job, minutes: minutesBetween(dueAt, startedAt) }] : [])),
  )
  const latest = late.reduce((most, one) => (one.minutes > most.minutes ? one : most), {
    job: '',
    minutes: LATE_MINUTES,
  })
  return latest.job ? `; the latest was ${latest.job}, by ${sayMinutes(latest.minutes)}` : ''
}

function minutesBetween(from: Date, to: Date): number {
  return Math.round((to.getTime() - from.getTime()) / MINUTE_MS)
}

function sayNext({ zone }: ViewContext, next: WeekView['next']): string {
  if (!next) return ''
  return ` Next: ${next.job}, ${sayDay(next.dueAt, zone)} ${sayTime(next.dueAt, zone)} ${placeOf(zone)}.`
}
