// GitHub's cron as delivered, beside what came of the slots: why the schedule does not lean on it.

import { CRON_DAYS } from '../../../../src/core/windows.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobWord } from '../../../../src/views/word-kept.ts'
import { sayLateMinutes } from '../../kit/durations.ts'
import { JobName } from '../../kit/job-name.tsx'
import { sayShare } from '../../kit/numbers.ts'
import { Table, type Column } from '../../kit/table.tsx'

/** A row a job, over the same slots on both sides: those of the last CRON_DAYS whose deadline is over. */
export function CronBeside({ site, words }: { site: ViewContext; words: readonly JobWord[] }) {
  const rows = words.filter(({ judged }) => judged > 0)
  return (
    <section aria-labelledby="cron">
      <h2 id="cron">What would GitHub’s cron have served alone?</h2>
      {rows.length > 0 && <p>{sayBeside(rows)}</p>}
      <Table
        caption={`GitHub’s cron as delivered beside ours, over the slots of the last ${CRON_DAYS} days whose deadline is over`}
        captionHidden
        rows={rows}
        empty="Nothing to compare yet: a job appears here once a deadline of one of its slots is over."
        columns={columnsOf(site)}
      />
      {rows.length > 0 && (
        <p class="small faint">
          Cron alone is taken to have served a slot if a run that it began between the slot’s moment and its deadline,
          before the job’s next slot was due, did the work, or found it done or under way.
        </p>
      )}
    </section>
  )
}

function sayBeside(words: readonly JobWord[]): string {
  const sum = (of: (word: JobWord) => number) => words.reduce((all, word) => all + of(word), 0)
  const judged = sum((word) => word.judged)
  const [cron, ours] = [sum((word) => word.cronInTime), sum((word) => word.judgedServed)]
  const slots = judged === 1 ? 'the one slot' : `${sayCount(judged)} slots`
  return `GitHub’s cron alone would have served ${sayShare(cron / judged)} of ${slots} in ${CRON_DAYS} days by their deadline; with rescues ${sayShare(ours / judged)} were.`
}

function columnsOf(site: ViewContext): Column<JobWord>[] {
  return [
    { head: 'job', cell: ({ job }) => <JobName site={site} job={job} />, sort: ({ job }) => job },
    { head: 'slots', right: true, cell: (word) => sayCount(word.judged), sort: (word) => word.judged, weight: 2 },
    {
      head: 'cron in time',
      right: true,
      cell: (word) => sayShare(word.cronInTime / word.judged),
      sort: (word) => word.cronInTime / word.judged,
    },
    {
      head: 'with rescues',
      right: true,
      cell: (word) => sayShare(word.judgedServed / word.judged),
      sort: (word) => word.judgedServed / word.judged,
    },
    {
      head: 'cron, median late',
      right: true,
      cell: ({ cronLateness }) => (cronLateness === undefined ? '' : sayLateMinutes(cronLateness)),
      sort: ({ cronLateness }) => cronLateness ?? Infinity,
      weight: 2,
    },
    {
      head: 'with rescues, median late',
      right: true,
      cell: ({ medianLateness }) => (medianLateness === undefined ? '' : sayLateMinutes(medianLateness)),
      sort: ({ medianLateness }) => medianLateness ?? Infinity,
      weight: 2,
    },
  ]
}
