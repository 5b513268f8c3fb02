// The Overview's first line: the worst thing first, its cause, and what happens next by itself. Pure.

import { sayDuration, sayInstant } from '../core/words.ts'
import { isZone } from '../core/zone.ts'

import type { Incident } from '../ledger/incidents.ts'

import type { ViewContext } from './context.ts'
import type { LateSlot } from './late-slots.ts'
import type { SlotShown } from './slot-state.ts'
import type { TodayRow, TodaySlot } from './today.ts'

/** As src/observe/rules/wake-up-gap.ts: people are told of a longer one when somebody looks again. */
const SILENCE_MS = 90 * 60_000
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
  readonly late: readonly LateSlot[]
  /** Open ones, the gravest first. */
  readonly incidents: readonly Pick<Incident, 'subject' | 'cause' | 'severity' | 'title' | 'detail'>[]
  /** When anybody last looked at the account; undefined where nobody is to. */
  readonly lookedAt: Date | undefined
}

/** What to say first. */
export function headlineOf(facts: HeadlineFacts, site: Pick<ViewContext, 'now' | 'zone'>): Headline {
  const grave = facts.incidents.filter(({ severity }) => severity !== 'info')
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
  const [late] = facts.late
  if (late) {
    return {
      state: 'late',
      sentence: sayLate(late, site.now),
      detail: sayNextOf(late, site.now),
      others: facts.late.length - 1,
      kind: 'late slots',
    }
  }
  return lost(facts.today) ?? well(facts.today, site.now)
}

/** Nobody has looked for so long that nothing else here can be trusted; undefined: somebody has, or nobody is to. */
export function silence(lookedAt: Date | undefined, { now, zone }: Pick<ViewContext, 'now' | 'zone'>) {
  if (lookedAt === undefined || now.getTime() - lookedAt.getTime() <= SILENCE_MS) return undefined
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

/** Lost although no incident is open: nobody has looked since. */
function lost(today: readonly TodayRow[]): Headline | undefined {
  const rows = today.flatMap(({ job, slot }) =>
    slot?.state === 'missed' || slot?.state === 'failed' ? [{ job, slot }] : [],
  )
  const [first] = rows
  if (first === undefined) return undefined
  const { state, reason } = first.slot
  const why = reason ?? (state === 'missed' ? 'its deadline passed' : 'its tries are used up')
  const sentence = `${first.job} ${state === 'missed' ? 'missed' : 'failed'} its slot of ${sayMoment(first.slot)}: ${asSentence(why)}`
  const detail = `Nothing makes up for it by itself: start ${first.job} by hand if it is still wanted.`
  return { state, sentence, detail, others: rows.length - 1, kind: 'lost slots' }
}

function well(today: readonly TodayRow[], now: Date): Headline {
  const nothing = { detail: '', others: 0 }
  if (today.every(({ slot }) => slot === undefined))
    return { state: 'waiting', sentence: 'Nothing has been due yet.', ...nothing }
  const late = today.flatMap(({ job, slot }) => (slot && cameLate(slot, now) ? [{ job, slot }] : []))
  late.sort((a, b) => (b.slot.latenessMs ?? 0) - (a.slot.latenessMs ?? 0))
  const [worst] = late
  if (worst === undefined) return { state: 'on time', sentence: 'All on time.', ...nothing }
  const came = `${worst.job} came ${sayDuration(worst.slot.latenessMs ?? 0)} late`
  const others = late.length > 1 ? `, ${late.length - 1} more less so` : ''
  return { state: 'on time', sentence: `All served; ${came}${others}.`, ...nothing }
}

function cameLate({ state, dueAt }: TodaySlot, now: Date): boolean {
  return (state === 'late' || state === 'rescued') && now.getTime() - dueAt.getTime() < DAY_MS
}

function sayLate({ job, dueAt, zone, reason, tries }: LateSlot, now: Date): string {
  const why = reason ?? (tries > 0 ? `${tries} ${tries === 1 ? 'try' : 'tries'} failed` : 'no wake-up has come')
  return `${job} is ${sayDuration(now.getTime() - dueAt.getTime())} late: due ${sayMoment({ dueAt, zone })}, ${asSentence(why)}`
}

function sayNextOf({ asked, deadlineAt, zone }: LateSlot, now: Date): string {
  if (deadlineAt <= now) return 'Its deadline is over: the next pass of ops-watch writes it down as missed.'
  const end = `Not served by ${sayMoment({ dueAt: deadlineAt, zone })}, it is missed.`
  if (asked === undefined) return `It is asked for by itself. ${end}`
  if (asked.sentAt === undefined) return `A ${asked.kind} request is written down and about to be sent. ${end}`
  return `A ${asked.kind} request was sent ${sayMoment({ dueAt: asked.sentAt, zone })}. ${end}`
}

function sayMoment({ dueAt, zone }: { dueAt: Date; zone: string }): string {
  const said = isZone(zone) ? sayInstant(dueAt, zone) : `${sayInstant(dueAt)} (${zone})`
  return said.replace(/ \d{4} /, ' ')
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
