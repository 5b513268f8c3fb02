// What a job did, run by run: the newest lines in the page, older ones in files that the browser loads on a press.

import { endedWell } from '../../../../src/core/run.ts'
import { count, sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobView } from '../../../../src/views/job/job.ts'
import { sayCode } from '../../kit/codes.ts'
import { HISTORY_COLUMNS, pack, type HistoryColumn, type HistoryLine, type PackedLine } from '../../kit/history.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { Table } from '../../kit/table.tsx'
import { sayDay } from '../../kit/time.tsx'
import { When, sayWhen } from '../../kit/when.tsx'

/** Lines in the page itself. */
const INLINE = 60
/** Lines in one file. */
const SHARD = 250

type HistoryRun = JobView['history']['runs'][number]

/** The name of a job's files: `nfl-bronze`. */
const shardName = (job: string) => job.replaceAll('/', '-')

/** A job's lines in files of 250, newest first: `runs/nfl-bronze-1` and so on. */
export function shardsOf(view: JobView, hasPage: (id: string) => boolean): { path: string; rows: PackedLine[] }[] {
  const lines = view.history.runs.map((run) => pack({ ...toLine(run), page: hasPage(run.id) }))
  const files = Math.ceil(lines.length / SHARD)
  return Array.from({ length: files }, (_, i) => ({
    path: `runs/${shardName(view.job.id)}-${i + 1}`,
    rows: lines.slice(i * SHARD, (i + 1) * SHARD),
  }))
}

function toLine(run: HistoryRun): HistoryLine {
  return {
    ...run,
    period: run.period ?? '',
    dueAt: run.dueAt?.getTime() ?? null,
    startedAt: run.startedAt.getTime(),
    durationMs: run.durationMs ?? null,
    why: run.why ?? (run.code === undefined ? '' : sayCode(run.code)),
    githubRunId: run.github?.runId ?? null,
    githubAttempt: run.github?.attempt ?? null,
    page: false,
  }
}

export interface HistoryProps {
  readonly site: ViewContext
  readonly view: JobView
  readonly root: string
  /** In which the page says times. */
  readonly zone: string
}

export function History({ site, view, root, zone }: HistoryProps) {
  const { runs } = view.history
  const inline = runs.slice(0, INLINE)
  const older = runs.length - inline.length
  const thinned = thinnedOf(view, { now: site.now, zone })
  const isThinned = (run: HistoryRun | undefined) =>
    run !== undefined && thinned !== undefined && run.startedAt < thinned.at
  return (
    <section
      id="history"
      data-older={older > 0 ? shardName(view.job.id) : undefined}
      data-shards={Math.ceil(runs.length / SHARD)}
      data-zone={zone}
      data-thinned={thinned?.at.getTime()}
      data-thinned-words={thinned?.words}
    >
      <h2>What it did</h2>
      <Table
        caption={captionOf(view, { inline: inline.length, thinned: isThinned(inline.at(-1)) ? thinned : undefined })}
        above={(run, i) => (isThinned(run) && !isThinned(inline[i - 1]) ? thinned?.words : undefined)}
        columns={HISTORY_COLUMNS.map((column) => ({
          head: column.head,
          right: column.right ?? false,
          weight: column.weight ?? 1,
          ...(column.sort && { sort: (run: HistoryRun) => column.sort?.(toLine(run)) ?? '' }),
          cell: (run: HistoryRun) => <Cell column={column} line={toLine(run)} {...{ site, root, zone }} />,
        }))}
        rows={inline}
        empty={emptySentence(view)}
      />
      {older > 0 && (
        <p class="older small">
          <span>{sayCount(older)} older runs are kept beside this page.</span>
        </p>
      )}
    </section>
  )
}

/** Where retention has removed good runs, and lines stand for trouble alone. */
interface Thinned {
  readonly at: Date
  /** `13 Nov`. */
  readonly since: string
  /** What is left of the time before: `only what did not end well`. */
  readonly left: string
  readonly words: string
}

const DAY_MS = 24 * 60 * 60_000

/** Undefined where no run is so old. */
function thinnedOf({ history }: JobView, { now, zone }: { now: Date; zone: string }): Thinned | undefined {
  const at = new Date(now.getTime() - history.goodRunDays * DAY_MS)
  const before = history.runs.filter(({ startedAt }) => startedAt < at)
  if (before.length === 0) return undefined
  const well = before.filter(({ outcome }) => endedWell(outcome)).length
  // What the next run builds on is kept, and what served a slot after others had failed to.
  const mostly = well * 2 <= before.length ? 'mostly what did not end well' : 'good runs may be missing'
  const left = well === 0 ? 'only what did not end well' : mostly
  const since = sayDay(at, zone)
  return { at, since, left, words: `Before ${since}: ${left}.` }
}

function captionOf(
  { history }: JobView,
  { inline, thinned }: { inline: number; thinned: Thinned | undefined },
): string {
  const days = history.goodRunDays
  if (thinned)
    return `Every run since ${thinned.since}; before that ${thinned.left}: good runs are removed after ${days} days.`
  if (inline < history.runs.length)
    return `The newest ${count(inline, 'run')} that did anything. Good runs are removed after ${days} days.`
  return `Every run of the last ${days} days that did anything. Good ones are removed after that.`
}

function emptySentence({ standing: { today } }: JobView): string {
  if (today.next) return 'Its runs will be listed here, from the next slot on.'
  return `It has not run yet${today.nextWaived ? `: ${today.nextWaived}` : ''}.`
}

interface CellProps extends Omit<HistoryProps, 'view'> {
  readonly column: HistoryColumn
  readonly line: HistoryLine
}

function Cell({ column, line, site, root, zone }: CellProps) {
  const at = column.at?.(line)
  const words = column.text(line, (ms) => sayWhen({ at: new Date(ms), zone, now: site.now }))
  const content = at ? <time dateTime={new Date(at).toISOString()}>{words}</time> : words
  if (column.linked)
    return (
      <RunLink site={site} root={root} id={line.id}>
        {content}
      </RunLink>
    )
  const mark = column.glyph?.(line)
  if (column.clamped) return <span class="clamped">{content}</span>
  if (!mark) return <>{content}</>
  return (
    <span class={`state ${mark.tone}`}>
      <span aria-hidden="true">{mark.glyph}</span>
      <span>{words}</span>
    </span>
  )
}

/** Wake-ups that found a reason not to run. */
export function Gated({ site, view, zone }: Omit<HistoryProps, 'root'>) {
  const { goodRunDays, gated } = view.history
  const { count: all, newest } = gated
  return (
    <section>
      <h2>Wake-ups that found nothing to do</h2>
      <p>
        {all === 0
          ? `No wake-up was gated in the last ${goodRunDays} days.`
          : `${count(all, 'wake-up')} of the last ${goodRunDays} days ${all === 1 ? 'was' : 'were'} gated: there was a reason not to run.`}
      </p>
      {all > 0 && (
        <Table
          caption={`The newest ${count(newest.length, 'gated wake-up')}`}
          columns={[
            {
              head: 'wake-up',
              cell: ({ startedAt }) => <When at={startedAt} zone={zone} now={site.now} />,
              sort: ({ startedAt }) => startedAt.getTime(),
            },
            { head: 'by', cell: ({ trigger }) => trigger, weight: 2 },
            { head: 'gate', cell: ({ gate }) => sayCode(gate) },
            { head: 'reason', cell: ({ reason }) => reason },
          ]}
          rows={newest}
          empty=""
        />
      )}
    </section>
  )
}
