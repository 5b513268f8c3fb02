import type { SlotShown } from '../core/slot-shown.ts'
// The Overview's first line: the worst thing first, its cause, and what happens next by itself. Pure.

import { LATE_MINUTES } from '../core/slot.ts'
import { SILENCE_MINUTES } from '../core/windows.ts'
import { sayDuration, sayInstant } from '../core/wording.ts'
import { isZone } from '../core/zone.ts'

import type { Incident } from '../ledger/incidents.ts'

import type { ViewContext } from './context.ts'
import { countUnheld, type LateSlot, type LateSlots } from './late-slots.ts'
import type { LostSlot } from './lost-slots.ts'
import { pauseOf, type Pause } from './pauses.ts'
import type { TodayRow, TodaySlot } from './today.ts'

const DAY_MS = 24 * 60 * 60_000

export interface Headline {
  /** As what it is marked. */
  readonly state: SlotShown
  /** `All on time.` */
  readonly sentence: string
  /** What is known beyond the first line, and what happens by itself; '' when there is nothing to say. */
  readonly detail: string
  /** How many other things are wrong. */
  readonly others: number
  /** Of what kind all that is wrong is, for each stands at another place; left out where nothing is. */
  readonly kind?: 'incidents' | 'late slots' | 'lost slots'
}

export interface HeadlineFacts {
  readonly today: readonly TodayRow[]
  readonly late: LateSlots
  /** Of the last day, the newest first. */
  readonly lost: readonly LostSlot[]
  /** Open ones, the gravest first. */
  readonly incidents: readonly Pick<Incident, 'subject' | 'cause' | 'severity' | 'title' | 'detail'>[]
  /** When anybody last looked at the account; undefined where nobody is to. */
  readonly lookedAt: Date | undefined
}

/** What to say first. */
export function headlineOf(facts: HeadlineFacts, site: Pick<ViewContext, 'now' | 'zone'>): Headline {
  // Whoever reads this has a site: that none was built is over.
  const grave = facts.incidents.filter(({ severity, cause }) => severity !== 'info' && cause !== 'site_stale')
  const unseen = silence(facts.lookedAt, site)
  if (unseen) return { ...unseen, others: grave.length, ...(grave.length > 0 && { kind: 'incidents' }) }
  const incident = worstOf(grave)
  if (incident) {
    const state = incident.cause === 'overdue' || incident.severity === 'warning' ? 'late' : 'failed'
    return {
      state,
      sentence: asSentence(incident.title),
      detail: incident.detail,
      others: grave.length - 1,
      kind: 'incidents',
    }
  }
  // What a person paused or a parent holds is not wrong by itself.
  const late = facts.late.slots.find(({ heldBy }) => heldBy === undefined)
  if (late) {
    return {
      state: 'late',
      sentence: sayLate(late, site.now),
      detail: sayNextOf(late),
      others: countUnheld(facts.late) - 1,
      kind: 'late slots',
    }
  }
  return lostNow(facts.today) ?? well(facts, site.now)
}

/** An incident as it is told while its job is paused: what it promised to happen by itself does not. */
export function withPause<One extends { readonly subject: string; readonly cause: string; readonly detail: string }>(
  incident: One,
  pauses: readonly Pause[],
  zone: string,
): One {
  const pause = pauseOf(pauses, incident.subject)
  if (pause === undefined || !['overdue', 'failed', 'stale'].includes(incident.cause)) return incident
  const until = sayMoment({ dueAt: pause.until, zone })
  return { ...incident, detail: `${pause.actor} has paused it until ${until}: nothing starts it before then.` }
}

/** Nobody has looked for so long that nothing else here can be trusted; undefined: somebody has, or nobody is to. */
export function silence(lookedAt: Date | undefined, { now, zone }: Pick<ViewContext, 'now' | 'zone'>) {
  if (lookedAt === undefined || now.getTime() - lookedAt.getTime() <= SILENCE_MINUTES * 60_000) return undefined
  const since = sayMoment({ dueAt: lookedAt, zone })
  return {
    state: 'late' as const,
    sentence: `Nobody has looked for ${sayDuration(now.getTime() - lookedAt.getTime())}: what came late or was lost since ${since} is not known.`,
    detail: 'Start ops-watch by hand; an outside clock would have started it by itself.',
  }
}

/** Of equal gravity a job's trouble comes before a source's, which may be nobody's. */
function worstOf<One extends { readonly subject: string; readonly severity: string }>(grave: readonly One[]) {
  const [first] = grave
  const equal = grave.filter(({ severity }) => severity === first?.severity)
  return equal.find(({ subject }) => !subject.startsWith('source:')) ?? first
}

/** The newest slot of a job is lost although no incident is open: nobody has looked since. */
function lostNow(today: readonly TodayRow[]): Headline | undefined {
  const rows = today.flatMap(({ job, slot }) =>
    slot?.state === 'missed' || slot?.state === 'failed' ? [{ job, slot }] : [],
  )
  const [first] = rows
  if (first === undefined) return undefined
  const { state, reason } = first.slot
  const why = reason ?? (state === 'missed' ? 'its deadline passed' : 'its error is final')
  const sentence = `${first.job} ${state === 'missed' ? 'missed' : 'failed'} its slot of ${sayMoment(first.slot)}: ${asSentence(why)}`
  const detail = `Nothing makes up for it by itself: start ${first.job} by hand if it is still wanted.`
  return { state, sentence, detail, others: rows.length - 1, kind: 'lost slots' }
}

function well({ today, lost }: HeadlineFacts, now: Date): Headline {
  const nothing = { detail: '', others: 0 }
  if (today.every(({ slot }) => slot === undefined))
    return { state: 'waiting', sentence: 'Nothing has been due yet.', ...nothing }
  const also = sayLost(lost)
  const late = today.flatMap(({ job, slot }) => (slot && cameLate(slot, now) ? [{ job, slot }] : []))
  late.sort((a, b) => (b.slot.latenessMs ?? 0) - (a.slot.latenessMs ?? 0))
  const [worst] = late
  if (worst === undefined) {
    const sentence = also === '' ? 'All on time.' : `On time now; ${also}.`
    return { state: 'on time', sentence, ...nothing }
  }
  const running = worst.slot.state === 'running'
  const came = `${worst.job} ${running ? 'began' : 'came'} ${sayDuration(worst.slot.latenessMs ?? 0)} late${running ? ' and is running' : ''}`
  const others = late.length > 1 ? `, ${late.length - 1} more less so` : ''
  const all = also !== '' ? 'On time now' : late.some(({ slot }) => slot.state === 'running') ? 'Nothing is missing' : 'All served' // prettier-ignore
  return { state: 'on time', sentence: `${all}; ${came}${others}${also && `; ${also}`}.`, ...nothing }
}

function cameLate({ state, dueAt, latenessMs = 0 }: TodaySlot, now: Date): boolean {
  const isLate = latenessMs > LATE_MINUTES * 60_000 && state !== 'missed' && state !== 'failed'
  return isLate && now.getTime() - dueAt.getTime() < DAY_MS
}

/** `test/one lost its slot of Tue 19 Nov 02:00 UTC`, and how many more. */
function sayLost(lost: readonly LostSlot[]): string {
  const [first, ...others] = lost
  if (first === undefined) return ''
  const more = others.length > 0 ? `, ${others.length} more ${others.length === 1 ? 'was' : 'were'} lost` : ''
  return `${first.job} ${first.state === 'missed' ? 'missed' : 'failed'} its slot of ${sayMoment(first)}${more} in the last day`
}

function sayLate({ job, dueAt, zone, reason, tries }: LateSlot, now: Date): string {
  const why = reason ?? (tries > 0 ? `${tries} ${tries === 1 ? 'try' : 'tries'} failed` : 'no wake-up has come')
  return `${job} is ${sayDuration(now.getTime() - dueAt.getTime())} late: due ${sayMoment({ dueAt, zone })}, ${asSentence(why)}`
}

function sayNextOf({ asked, deadlineAt, zone, reason, tries }: LateSlot): string {
  const end = `Not served by ${sayMoment({ dueAt: deadlineAt, zone })}, it is missed.`
  if (asked?.sentAt) return `A ${asked.kind} request was sent ${sayMoment({ dueAt: asked.sentAt, zone })}. ${end}`
  if (asked) return `A ${asked.kind} request is written down and about to be sent. ${end}`
  // A reason without a try is a gate that was closed when somebody looked.
  return `${reason !== undefined && tries === 0 ? 'It is started once that has passed.' : 'It is asked for by itself.'} ${end}`
}

function sayMoment({ dueAt, zone }: { dueAt: Date; zone: string }): string {
  const said = isZone(zone) ? sayInstant(dueAt, zone) : `${sayInstant(dueAt)} (${zone})`
  return said.replace(/ \d{4} /, ' ')
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
