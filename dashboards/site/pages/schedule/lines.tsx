// Every cron line with its promises, and those that are in force no more.

import { sayList, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { LinePromise, PastLine, ScheduleView } from '../../../../src/views/schedule/schedule.ts'
import { JobName } from '../../kit/job-name.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, isOtherYear, placeOf, sayDay } from '../../kit/time.tsx'
import { When } from '../../kit/when.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: ScheduleView
}

export function Lines({ site, view }: Props) {
  const columns: Column<LinePromise>[] = [
    { head: 'job', cell: ({ job }) => <JobName site={site} job={job} /> },
    { head: 'due', cell: ({ words, zone }) => <span class="one-line">{`${words} ${placeOf(zone)}`}</span> },
    { head: 'line', cell: (line) => <Source site={site} line={line} />, weight: 3 },
    {
      head: 'next, on that clock',
      cell: ({ nextAt, zone, outOfSeason, since }) => {
        if (outOfSeason) return <span class="faint">{outOfSeason}</span>
        if (nextAt) return <Instant at={nextAt} zone={zone} bare />
        return since ? 'never' : ''
      },
      sort: ({ nextAt }) => nextAt?.getTime() ?? Infinity,
      weight: 2,
    },
    {
      head: 'rescued after',
      cell: ({ graceMinutes }) => sayMinutes(graceMinutes),
      sort: ({ graceMinutes }) => graceMinutes,
      right: true,
    },
    {
      head: 'missed after',
      cell: ({ deadlineMinutes }) => sayMinutes(deadlineMinutes),
      sort: ({ deadlineMinutes }) => deadlineMinutes,
      right: true,
    },
    { head: 'waits for', cell: ({ needs }) => sayList(needs), weight: 3 },
    {
      head: 'first to depend on it',
      cell: ({ dependent }) => (dependent ? `${dependent.job}, ${sayMinutes(dependent.minutes)} after` : ''),
      weight: 3,
    },
    { head: 'since', cell: (line) => <Since site={site} line={line} />, sort: ({ since }) => since?.getTime() ?? 0, weight: 3 }, // prettier-ignore
  ]
  return (
    <section id="lines">
      <h2>What each line promises</h2>
      <p class="small faint">
        A slot is rescued when its grace is over, and missed when its deadline is. Times stay local when clocks move.
        {view.lines.some(({ since }) => since === undefined) &&
          ' What is not in force, ops-setup has not registered, or its league is switched off.'}
      </p>
      <Table
        caption="Cron lines and their promises"
        captionHidden
        columns={columns}
        rows={view.lines}
        empty="No workflow of this checkout has a cron line."
      />
    </section>
  )
}

function Source({ site, line }: { site: ViewContext; line: LinePromise }) {
  const text = <code>{line.cron}</code>
  if (site.repositoryUrl === undefined) return text
  return <a href={`${site.repositoryUrl}/blob/${site.commit ?? 'HEAD'}/${line.file}#L${line.line}`}>{text}</a>
}

function Since({ site, line: { since, commit } }: { site: ViewContext; line: LinePromise }) {
  if (since === undefined) return <span class="faint">not in force</span>
  return (
    <span class="one-line">
      <time dateTime={since.toISOString()}>
        {sayDay(since, site.zone, isOtherYear(since, site.now, site.zone)).slice(4)}
      </time>{' '}
      <Commit site={site} commit={commit} />
    </span>
  )
}

function Commit({ site, commit }: { site: ViewContext; commit: string | undefined }) {
  if (commit === undefined) return null
  const short = <code>{commit.slice(0, 7)}</code>
  if (site.repositoryUrl === undefined || !/^[0-9a-f]{7,40}$/.test(commit)) return short
  return <a href={`${site.repositoryUrl}/commit/${commit}`}>{short}</a>
}

export function PastLines({ site, view }: Props) {
  const columns: Column<PastLine>[] = [
    { head: 'job', cell: ({ job }) => job },
    { head: 'was due', cell: ({ words, zone }) => `${words} ${placeOf(zone)}` },
    { head: 'from', cell: ({ validFrom }) => <When at={validFrom} zone={site.zone} now={site.now} />, sort: ({ validFrom }) => validFrom.getTime(), weight: 2 }, // prettier-ignore
    { head: 'to', cell: ({ validTo }) => <When at={validTo} zone={site.zone} now={site.now} />, sort: ({ validTo }) => validTo.getTime() }, // prettier-ignore
    { head: 'begun by', cell: ({ commit }) => <Commit site={site} commit={commit} />, weight: 2 },
  ]
  return (
    <section id="past">
      <h2>Lines that ended</h2>
      <Table
        caption="The newest 50."
        captionHidden
        columns={columns}
        rows={view.past}
        empty="No line has ended yet: it appears here when a merge changes or removes one."
      />
    </section>
  )
}
