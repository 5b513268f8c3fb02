// The job summary that a person reads on the run's page: what, for when, how late, items, slowest spans, errors, links.

import { escapeMarkdown as escape } from '../core/markup.ts'
import { glyphOf, sayCount, sayDuration, sayInstant, sayLateness } from '../core/wording.ts'
import type { Table } from './record.ts'
import { sayNext } from './report-text.ts'
import type { RunReport } from './types.ts'

/** GitHub refuses a step's summary above 1 MiB. */
const MAX_BYTES = 1024 * 1024 - 1024

const HEADLINES: Record<string, string> = {
  succeeded: 'succeeded',
  partial: 'succeeded in part: some items failed',
  not_ready: 'had nothing to do yet',
  gated: 'did not run',
  failed: 'failed',
  cancelled: 'was cancelled',
  abandoned: 'was abandoned',
}

export interface SummaryLinks {
  /** The Actions page of this run, where there is one. */
  readonly run?: string | undefined
  readonly commit?: string | undefined
}

/** The summary as GitHub-flavoured Markdown; everything that came from outside is escaped. */
export function toMarkdown(report: RunReport, links: SummaryLinks = {}): string {
  const parts = [
    `## ${glyphOf(report.outcome)} ${report.job.id} ${HEADLINES[report.outcome] ?? report.outcome}`,
    report.record.simulated ? '> **Simulated data.** Nothing here happened in a real league.' : '',
    report.run.dryRun ? '> **Dry run.** Everything was rolled back.' : '',
    report.reason ? `${escape(report.reason)}` : '',
    facts(report, links),
    errors(report),
    items(report),
    failedItems(report),
    ...report.record.tables.map(table),
    slowestSpans(report),
    overdue(report),
  ]
  return clip(parts.filter((part) => part !== '').join('\n\n'))
}

function facts(report: RunReport, links: SummaryLinks): string {
  const { run, job } = report
  const due = run.slotDueAt
  const lines: [string, string][] = [
    ['what', escape(job.title)],
    ['period', escape(run.period.key)],
    ['slot', due ? `due ${sayInstant(due)}, ${sayLateness(run.startedAt.getTime() - due.getTime())}` : 'none'],
    ['woken by', run.trigger],
    ['took', sayDuration(report.durationMs)],
    ...sayNext(report).map((next): [string, string] => ['what is next', next]),
    ['try', run.attempt > 1 ? `${run.attempt} (continues run \`${run.retryOf ?? ''}\`)` : '1'],
    [
      'run',
      `\`${run.id}\`${links.run ? ` · [log](${links.run})` : ''}${links.commit ? ` · [commit](${links.commit})` : ''}`,
    ],
  ]
  return rows(['', ''], lines)
}

function errors(report: RunReport): string {
  if (report.errors.length === 0) return ''
  const lines = report.errors.map((error) => {
    const again = error.retryable ? 'It may be temporary.' : 'Trying again will not help.'
    return `- **${escape(error.code)}**: ${escape(error.message)} ${again}`
  })
  return `### Errors\n\n${lines.join('\n')}`
}

function items(report: RunReport): string {
  const counted = [...report.record.items.values()]
  if (counted.length === 0) return ''
  const lines = counted.map((item) => [
    escape(item.kind),
    ...[item.read, item.written, item.skipped, item.failed].map(sayCount),
  ])
  return `### Items\n\n${rows(['kind', 'read', 'written', 'skipped', 'failed'], lines)}`
}

function failedItems(report: RunReport): string {
  const failed = report.record.failed
  if (failed.length === 0) return ''
  const lines = failed
    .slice(0, 20)
    .map((item) => `- ${escape(item.kind)} <code>${escape(item.key)}</code>: ${escape(item.message)}`)
  const more = failed.length > 20 ? `\n- and ${sayCount(failed.length - 20)} more, kept as dead letters` : ''
  return `### Failed items\n\n${lines.join('\n')}${more}`
}

function table({ title, rows: lines, total }: Table): string {
  const [first] = lines
  if (first === undefined) return ''
  const columns = Object.keys(first)
  const body = lines.map((line) => columns.map((column) => escape(String(line[column] ?? ''))))
  const more = total > lines.length ? `\n\n${sayCount(total - lines.length)} more rows are in the ledger.` : ''
  return `### ${escape(title)}\n\n${rows(columns.map(escape), body)}${more}`
}

function slowestSpans(report: RunReport): string {
  const slowest = [...report.record.spans].sort((a, b) => b.durationMs - a.durationMs).slice(0, 5)
  if (slowest.length === 0) return ''
  const lines = slowest.map((span) => [escape(span.name), sayDuration(span.durationMs), escape(span.error ?? '')])
  return `### Slowest spans\n\n${rows(['span', 'took', 'error'], lines)}`
}

function overdue(report: RunReport): string {
  if (report.overdue.length === 0) return ''
  const lines = report.overdue.map((slot) => [slot.job, sayInstant(slot.dueAt), sayInstant(slot.deadlineAt)])
  return `### Overdue elsewhere\n\n${rows(['job', 'was due', 'must be served by'], lines)}`
}

function rows(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...lines.map(line)].join('\n')
}

function clip(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text
  const kept = Buffer.from(text).subarray(0, MAX_BYTES).toString('utf8')
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n\nThe rest was cut at GitHub's limit of 1 MiB; the ledger has it all.`
}
