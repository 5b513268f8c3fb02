// Writes the message that people get, in one wording for all channels. Pure, and plain text: each channel escapes it for its medium.

import { isJob, type Cause, type Severity } from '../core/incident.ts'
import { clip } from '../core/markup.ts'
import type { SlotState } from '../core/slot.ts'
import { sayDuration, sayInstant } from '../core/wording.ts'
import type { DueDelivery } from '../ledger/deliveries-due.ts'
import type { Health } from '../ledger/deliveries.ts'

/** What a message is to those who read it, given what they were told before; `passed` was over before it was told. */
export type Kind = 'opened' | 'reopened' | 'worse' | 'better' | 'reminded' | 'recovered' | 'passed'

export interface Message {
  /** The same in every channel and every try. */
  readonly id: string
  readonly kind: Kind | 'test'
  readonly health: Health
  readonly environment: string
  /** `✕ critical: nfl/bronze is 2 h late`: one line. */
  readonly headline: string
  readonly sentences: readonly string[]
  readonly facts: readonly { readonly name: string; readonly text: string }[]
  readonly links: readonly { readonly text: string; readonly url: string }[]
  readonly incident: {
    readonly id: string
    readonly subject: string
    readonly cause: string
    readonly severity: Severity
    readonly title: string
    readonly detail: string
    readonly slotDueAt: Date | undefined
    readonly knowableAt: Date
    readonly openedAt: Date
    readonly closedAt: Date | undefined
    readonly times: number
  }
}

/** What messages name beside the incident. Addresses are without a slash at their end, and undefined where unknown. */
export interface MessageFacts {
  /** `owner/name` on GitHub. */
  readonly repository: string | undefined
  /** `https://github.com` */
  readonly serverUrl: string | undefined
  readonly siteUrl: string | undefined
  readonly environment: string
}

const MARKS: Record<Health, string> = { critical: '✕', warning: '▲', info: '○', well: '●' }
const WORDS: Record<Severity, string> = { critical: 'critical', warning: 'warning', info: 'for information' }
// Of a slot that is late no more, and not because it was served.
const GIVEN_UP: Partial<Record<SlotState, string>> = {
  missed: 'missed',
  failed: 'failed',
  coalesced: 'left to a later one',
  waived: 'waived',
}
const LONGEST_HEADLINE = 240
const LONGEST_TEXT = 8000

// What a subject was while it lasted.
const PAST: Record<Cause, (duration: string) => string> = {
  overdue: (duration) => `was late for ${duration}`,
  missed: (duration) => `had missed a slot for ${duration}`,
  failed: (duration) => `was failing for ${duration}`,
  stale: (duration) => `was stale for ${duration}`,
  stuck: (duration) => `was stuck for ${duration}`,
  breaker_open: (duration) => `was not called for ${duration}`,
  next_slot_unknown: (duration) => `had no coming slot for ${duration}`,
  wake_up_gap: (duration) => `was not woken for ${duration}`,
  clock_silent: (duration) => `had an outside clock that started no pass for ${duration}`,
  never_seen: (duration) => `was not seen on a new cron line for ${duration}`,
  not_started: (duration) => `could not start for ${duration}`,
  rescue_lost: (duration) => `waited ${duration} for a rescue that did not come`,
  site_stale: (duration) => `was out of date for ${duration}`,
  alerts_broken: (duration) => `could not tell people in every way that is set up for ${duration}`,
  leagues_off: (duration) =>
    `had a league switched off whose schedule is in force, or a mistake in LEAGUES, for ${duration}`,
  watch_failed: (duration) => `could not do all of its work for ${duration}`,
  disabled: (duration) => `had workflows that were disabled, or soon to be, for ${duration}`,
}

/** The message of a delivery. Everything that came from outside goes through `redact`. */
export function toMessage(
  due: DueDelivery,
  kind: Kind,
  { facts, redact }: { readonly facts: MessageFacts; readonly redact: (text: string) => string },
): Message {
  const clean = (text: string) => clip(withoutControls(redact(text)).trim(), LONGEST_TEXT)
  const told = {
    ...due,
    incident: { ...due.incident, title: clean(due.incident.title), detail: clean(due.incident.detail) },
  }
  const { acknowledgedAt: _, acknowledgedBy: __, ...incident } = told.incident
  return {
    id: `flip-${due.flipId}`,
    kind,
    health: due.newHealth,
    environment: facts.environment,
    headline: clip(oneLine(headline(told, kind, facts.environment)), LONGEST_HEADLINE),
    sentences: sentences(told, kind, facts.environment),
    facts: factsOf(told, clean),
    links: linksOf(told, facts),
    incident,
  }
}

/** As plain text, for media without markup. */
export function toPlainText(message: Message): string {
  return [
    message.headline,
    ...message.sentences,
    message.facts.map(({ name, text }) => `${name}: ${text}`).join('\n'),
    message.links.map(({ text, url }) => `${text}: ${url}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function headline(due: DueDelivery, kind: Kind, environment: string): string {
  const place = environment === 'production' ? '' : `[${environment}] `
  if (due.newHealth === 'well') return `${place}${ending(due)}`
  const word = WORDS[due.newHealth]
  const said: Partial<Record<Kind, string>> = {
    reopened: `${word}, again`,
    reminded: `${word}, still`,
    worse: `now ${word}`,
    better: due.newHealth === 'info' ? 'now only for information' : `now only a ${word}`,
  }
  return `${place}${MARKS[due.newHealth]} ${said[kind] ?? word}: ${due.incident.title}`
}

/** Trouble may end without anything being well: what is late no more because it was missed is told so. */
function ending(due: DueDelivery): string {
  const was = `${due.incident.subject.replace(/^source:/, '')} ${past(due)}`
  const given = due.incident.cause === 'overdue' && due.slot ? GIVEN_UP[due.slot.state] : undefined
  return given === undefined ? `${MARKS.well} well again: ${was}` : `${MARKS.info} over: ${was}; its slot was ${given}`
}

function sentences(due: DueDelivery, kind: Kind, environment: string): string[] {
  const { title, detail, slotDueAt } = due.incident
  const { startedAt } = due.slot ?? {}
  // What was expected to happen next is of no use once it is over.
  const said =
    due.newHealth !== 'well'
      ? [detail]
      : [
          `It was: ${title}`,
          startedAt && slotDueAt ? `The slot of ${sayInstant(slotDueAt)} was served at ${sayInstant(startedAt)}.` : '',
          kind === 'passed' ? 'It was over before anybody was told.' : '',
        ]
  return [...caveats(due, environment), ...said].filter((sentence) => sentence !== '')
}

function caveats(due: DueDelivery, environment: string): string[] {
  if (environment === 'replay') return ['This is a replay: its instants are virtual, and nobody has to act.']
  if (due.run?.simulated) return ['Simulated data: nothing here happened in a real league.']
  return []
}

function factsOf(
  { incident, newHealth, flippedAt, run }: DueDelivery,
  clean: (text: string) => string,
): Message['facts'] {
  const { slotDueAt, times, acknowledgedAt, acknowledgedBy } = incident
  const by = acknowledgedBy === undefined ? '' : ` by ${clean(acknowledgedBy)}`
  const all: [string, string | undefined][] = [
    ['Subject', incident.subject],
    ['Cause', incident.cause.replaceAll('_', ' ')],
    ['Slot', slotDueAt && `due ${sayInstant(slotDueAt)}`],
    ['Known since', sayInstant(incident.knowableAt)],
    ['Well since', newHealth === 'well' ? sayInstant(flippedAt) : undefined],
    ['Opened', times > 1 ? `${times} times, first ${sayInstant(incident.openedAt)}` : undefined],
    ['Acknowledged', acknowledgedAt && `${sayInstant(acknowledgedAt)}${by}`],
    ['Run', run?.id],
  ]
  return all.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]))
}

function linksOf({ run, incident }: DueDelivery, facts: MessageFacts): Message['links'] {
  const { serverUrl, repository, siteUrl } = facts
  const log =
    serverUrl && repository && run?.githubRunId
      ? [{ text: 'Log on GitHub', url: `${serverUrl}/${repository}/actions/runs/${run.githubRunId}` }]
      : []
  const page =
    /^[a-z0-9-]+\/[a-z0-9-]+$/.test(incident.subject) && isJob(incident.subject) ? `/jobs/${incident.subject}` : ''
  // Where it is mended by a click.
  const click =
    serverUrl && repository && incident.cause === 'disabled'
      ? [{ text: 'The workflows on GitHub', url: `${serverUrl}/${repository}/actions` }]
      : []
  return [...log, ...click, ...(siteUrl ? [{ text: 'On the site', url: `${siteUrl}${page}` }] : [])]
}

function past(due: DueDelivery): string {
  const duration = sayDuration(Math.max(0, lasted(due)))
  const words = (PAST as Partial<Record<string, (duration: string) => string>>)[due.incident.cause]
  return words?.(duration) ?? `was in trouble for ${duration}`
}

/** Lateness as everywhere: from the slot to the start of the run that served it. Everything else from when it was knowable;
 *  what is older than the last time that the subject was well belongs to an earlier opening. */
function lasted({ incident, opening, slot, flippedAt }: DueDelivery): number {
  const { cause, slotDueAt, knowableAt } = incident
  const late = cause === 'overdue' ? slotDueAt : undefined
  if (late && slot?.startedAt) return slot.startedAt.getTime() - late.getTime()
  const since = [late, knowableAt].filter((at) => at !== undefined && at > (opening.wellSince ?? new Date(0)))
  return flippedAt.getTime() - Math.min(opening.at.getTime(), ...since.map(Number))
}

/** Without what would move the cursor, hide text or turn its direction; line breaks and tabs stay. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
