// Decides which jobs' error texts a page may quote. A message or a line of a log may hold rows, and not every provider lets a
// site show its rows; codes, kinds, times and counts are ours.

import type { Sql } from 'postgres'

import type { ErrorRecord } from '../core/errors.ts'
import type { ViewContext } from './context.ts'
import type { RunParts } from './run/parts.ts'

type Site = Pick<ViewContext, 'jobs' | 'quotableJobs'>

/** Stands where the words would; the code stands beside it. */
export const UNQUOTED = 'its words are in the ledger alone, by the terms of its provider'

/** May a page say in the job's own words what happened? */
export function mayQuote({ quotableJobs }: Site, job: string): boolean {
  return quotableJobs?.has(job) ?? true
}

/** The words of a job's error, or what stands for them. */
export function quotedWords<Words extends string | undefined>(site: Site, job: string, words: Words): Words | string {
  return words === undefined || words === '' || mayQuote(site, job) ? words : UNQUOTED
}

interface Ended {
  readonly job: string
  readonly outcome: string
  /** Of its first error. */
  readonly code: string | null
  readonly why: string | null
}

/** Why a run ended as it did: the runner's own words, except where the job left an error. */
export function quotedWhy(site: Site, { job, outcome, code, why }: Ended): string | undefined {
  const words = why ?? undefined
  return code !== null || outcome === 'failed' || outcome === 'partial' ? quotedWords(site, job, words) : words
}

/** An error without what may quote its provider: of its stack stay the places in our code. */
export function quotedError(site: Site, job: string, error: ErrorRecord): ErrorRecord {
  if (mayQuote(site, job)) return error
  const places = error.stack?.split('\n').filter((line) => /^\s+at .*:\d+\)?$/.test(line)) ?? []
  return { ...error, message: UNQUOTED, context: {}, stack: places.length === 0 ? null : places.join('\n') }
}

/** What a run left beside its row, without what an error in it may quote. */
export function quotedParts(site: Site, job: string, parts: RunParts): RunParts {
  if (mayQuote(site, job)) return parts
  return { ...parts, spans: parts.spans.map((span) => ({ ...span, error: span.error && UNQUOTED })) }
}

/** The causes whose titles quote an error or a reason after a colon or a comma. */
const QUOTING = new Set(['failed', 'missed', 'overdue', 'breaker_open'])

/** An incident whose title quotes nothing that may not be said. */
export function quotedIncident<One extends { subject: string; cause: string; title: string }>(
  site: Site,
  one: One,
): One {
  if (!QUOTING.has(one.cause) || isTrusted(site, one.subject)) return one
  return { ...one, title: `${one.title.split(/: /)[0]}: ${UNQUOTED}` }
}

function isTrusted(site: Site, subject: string): boolean {
  if (!subject.startsWith('source:')) return mayQuote(site, subject)
  return mayQuoteSource(site, subject.slice('source:'.length))
}

/** A source's words are quoted where those of every job are that reads it, and one does. */
export function mayQuoteSource(site: Site, source: string): boolean {
  const readers = site.jobs.filter(({ sources }) => sources.includes(source))
  return site.quotableJobs === undefined || (readers.length > 0 && readers.every(({ id }) => mayQuote(site, id)))
}

/** In SQL: may the words of the job in this column be quoted? */
function mayQuoteIn(sql: Sql, { quotableJobs }: Site, job = sql`job`) {
  return quotableJobs === undefined ? sql`true` : sql`${job} = any(${[...quotableJobs]}::text[])`
}

/** In SQL: the reason of the row `slot` of ledger.slots. A run that failed left its error's message there. */
export function slotReason(sql: Sql, site: Site) {
  return sql`case when slot.outcome is distinct from 'failed' or ${mayQuoteIn(sql, site, sql`slot.job`)} then slot.reason end`
}

/** The same in SQL, of a row of ledger.runs; '' where nothing is known, or may be said. */
export function quotedMessage(sql: Sql, site: Site) {
  return sql`
    case when ${mayQuoteIn(sql, site)} or (outcome in ('abandoned', 'cancelled') and errors -> 0 is null)
      then left(coalesce(errors -> 0 ->> 'message', reason, ''), 300) else '' end`
}
