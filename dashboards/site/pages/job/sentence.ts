// How a job is doing now, in one sentence: the worst first, with its cause, and what happens next by itself.

import { firstSentence } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobView } from '../../../../src/views/job/job.ts'
import { sayMs } from '../../kit/durations.ts'
import type { ShownState } from '../../kit/state.tsx'
import { sayWhen } from '../../kit/when.tsx'

export interface Sentence {
  readonly state: ShownState
  readonly text: string
}

/** `nfl/bronze is on time: its slot of Tue 24 Nov 08:07 New York was served 2 m after its time, in 3.2 s.` */
export function sayStanding(view: JobView, site: ViewContext): Sentence {
  const { id } = view.job
  const { today, running, pause } = view.standing
  const slot = today.slot
  const zone = slot?.zone ?? site.zone
  const when = (at: Date) => sayWhen({ at, zone, now: site.now, placed: true })
  if (pause) return { state: 'waived', text: `${id} is paused until ${when(pause.until)} by ${pause.actor}: ${clause(pause.reason)}.` } // prettier-ignore
  const [first] = running
  if (first) return { state: 'running', text: `${id} is running, since ${when(first.startedAt)}.` }
  if (slot) return saySlot(view, { site, when, slot })
  if (view.history.runs.length > 0) return { state: 'waiting', text: `${id} has had no slot yet; it last ran at ${when(view.history.runs[0]!.startedAt)}.` } // prettier-ignore
  return { state: 'waiting', text: `${id} has not run yet.` }
}

interface Given {
  readonly site: ViewContext
  readonly when: (at: Date) => string
  readonly slot: NonNullable<JobView['standing']['today']['slot']>
}

function saySlot(view: JobView, given: Given): Sentence {
  const { id } = view.job
  const { slot, when } = given
  const its = `its slot of ${when(slot.dueAt)}`
  const why = whyOf(view, given)
  const because = why === '' ? '' : `: ${why}`
  switch (view.standing.slot?.state) {
    case 'failed':
      return { state: 'failed', text: `${id} failed: ${its} was given up${because}.` }
    case 'missed':
      return { state: 'missed', text: `${id} missed ${its}${because}.` }
    case 'waived':
    case 'coalesced':
      return { state: slot.state, text: `${id} has nothing to do: ${its} was ${slot.state}${because}.` }
    case 'due':
      return sayDue(view, given)
    default:
      return sayServed(view, given)
  }
}

function sayDue(view: JobView, given: Given): Sentence {
  const { id, graceMinutes } = view.job
  const { slot, site, when } = given
  const lateMs = site.now.getTime() - slot.dueAt.getTime()
  const overdue = lateMs > graceMinutes * 60_000
  const why = whyOf(view, given)
  const tries = view.standing.slot?.tries ?? 0
  const tried = tries > 0 ? ` ${tries} ${tries === 1 ? 'try' : 'tries'} failed.` : ''
  const head = overdue ? `is ${sayMs(lateMs)} late` : 'is waiting'
  const deadlineAt = view.standing.slot?.deadlineAt ?? slot.dueAt
  const last =
    deadlineAt > site.now
      ? `Its slot of ${when(slot.dueAt)} can be served until ${when(deadlineAt)}.`
      : `Its slot of ${when(slot.dueAt)} is lost: its deadline was ${when(deadlineAt)}.`
  return { state: slot.state, text: `${id} ${head}${why === '' ? '' : `: ${why}`}.${tried} ${last}` }
}

function sayServed(view: JobView, { slot, when }: Given): Sentence {
  const { id } = view.job
  const { durationMs, itemsFailed = 0 } = view.standing.slot ?? {}
  const its = `its slot of ${when(slot.dueAt)}`
  const took = durationMs === undefined ? '' : `, in ${sayMs(durationMs)}`
  const after = slot.latenessMs === undefined ? '' : ` ${afterItsTime(slot.latenessMs)}`
  const served = `${its} was served${after}${took}`
  switch (slot.state) {
    case 'early':
      return { state: 'early', text: `${id} is early: ${served}.` }
    case 'late':
      return { state: 'late', text: `${id} was late: ${served}.` }
    case 'rescued':
      return { state: 'rescued', text: `${id} was rescued: ${served}.` }
    case 'partial':
      return { state: 'partial', text: `${id} ran in part: ${served}; ${itemsFailed.toLocaleString('en-US')} items failed.` } // prettier-ignore
    default:
      return { state: 'on time', text: `${id} is on time: ${served}.` }
  }
}

/** `2 m after its time`, `5 h 57 m before its time`, `to the minute`. */
function afterItsTime(ms: number): string {
  if (Math.abs(ms) < 60_000) return 'to the minute'
  return ms > 0 ? `${sayMs(ms)} after its time` : `${sayMs(-ms)} before its time`
}

/** The cause as far as it is known: the slot's own reason, or the newest run's error. */
function whyOf(view: JobView, { slot }: Given): string {
  const run = view.history.runs.find(({ dueAt }) => dueAt?.getTime() === slot.dueAt.getTime())
  return clause(slot.reason ?? run?.why ?? '')
}

const clause = (text: string) => firstSentence(text, 120)
