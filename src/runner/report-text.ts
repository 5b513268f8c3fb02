// A run's end for a terminal: the same facts as the summary, in a few lines. And as plain data for programs.

import { serves } from '../core/run.ts'
import { glyphOf, sayCount, sayDuration, sayInstant, sayLateness } from '../core/wording.ts'
import { totalItems } from './record.ts'
import type { RunReport } from './types.ts'

/** The lines a person reads after `npm run job`. */
export function toText(report: RunReport): string {
  const { run, record } = report
  const due = run.slotDueAt
  const slot = due ? `slot of ${sayInstant(due)}, ${sayLateness(run.startedAt.getTime() - due.getTime())}` : 'no slot'
  const lines = [
    `${glyphOf(report.outcome)} ${report.job.id} ${report.outcome} · ${run.period.key} · ${slot} · ${sayDuration(report.durationMs)}`,
    ...(record.simulated ? ['  simulated data: nothing here happened in a real league'] : []),
    ...(run.dryRun ? ['  dry run: everything was rolled back'] : []),
    ...(report.reason ? [`  reason: ${oneLine(report.reason)}`] : []),
    ...sayNext(report).map((next) => `  ${next}`),
    ...[...record.items.values()].map(
      ({ kind, read, written, skipped, failed }) =>
        `  items ${oneLine(kind)}: ${sayCount(read)} read, ${sayCount(written)} written, ${sayCount(skipped)} skipped, ${sayCount(failed)} failed`,
    ),
    ...report.overdue.map((slot) => `  overdue: ${slot.job}, due ${sayInstant(slot.dueAt)}`),
  ]
  return lines.join('\n')
}

/** What happens next by itself, after a run that came to nothing; nothing to say of any other. */
export function sayNext({ outcome, run, slotAfter, wishAfter }: RunReport): string[] {
  if (slotAfter) return [saySlotAfter(slotAfter)]
  if (serves(outcome) || outcome === 'gated' || run.slotDueAt !== undefined) return []
  if (wishAfter) return [`it held no slot; it is asked for again from ${sayInstant(wishAfter)} on`]
  return ['it held no slot, and nobody asks for it again: start it by hand once more']
}

/** What becomes of a slot that was not served: `2 tries failed; the next from Tue 19 Nov 2024 08:37 UTC on; ...`. */
function saySlotAfter({ state, tries, nextTryAt, deadlineAt }: NonNullable<RunReport['slotAfter']>): string {
  if (state !== 'due') return `the slot is ${state}: it is not tried again by itself`
  const count = tries === 0 ? 'the slot is still due' : `${tries} ${tries === 1 ? 'try' : 'tries'} failed`
  const next = nextTryAt ? `; the next from ${sayInstant(nextTryAt)} on` : ''
  return `${count}${next}; its deadline is ${sayInstant(deadlineAt)}`
}

/** A line of its own that began with two colons, however far indented, would be a workflow command to GitHub. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ')
}

/** The same for programs: plain data, instants in ISO 8601, durations in milliseconds. */
export function toPlainData(report: RunReport) {
  const { run, record } = report
  return {
    run: run.id,
    job: report.job.id,
    period: run.period.key,
    slotDueAt: run.slotDueAt ?? null,
    trigger: run.trigger,
    outcome: report.outcome,
    reason: report.reason ?? null,
    attempt: run.attempt,
    retryOf: run.retryOf ?? null,
    slotAfter: report.slotAfter ?? null,
    wishAfter: report.wishAfter ?? null,
    startedAt: run.startedAt,
    durationMs: report.durationMs,
    items: totalItems(record),
    errors: report.errors.map(({ code, message, retryable }) => ({ code, message, retryable })),
    notes: record.notes,
    simulated: record.simulated,
    overdue: report.overdue,
  }
}
