// GitHub's cron as delivered, beside what came of the slots: why the schedule does not lean on it.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobWord } from '../../../../src/views/word-kept.ts'
import { JobName } from '../../kit/job-name.tsx'
import { sayCount, sayLateness, sayShare } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'

/** A row a job, over the slots of 30 days that ended; cron's part over 14. */
export function CronBeside({ site, words }: { site: ViewContext; words: readonly JobWord[] }) {
  const judged = words.reduce((sum, word) => sum + word.judged, 0)
  const cron = words.reduce((sum, word) => sum + word.cronInTime, 0)
  const slots = words.reduce((sum, word) => sum + word.slots, 0)
  const served = words.reduce((sum, word) => sum + word.served, 0)
  return (
    <section aria-labelledby="cron">
      <h2 id="cron">What would GitHub’s cron have served alone?</h2>
      {judged > 0 && (
        <p>
          {sayShare(cron / judged)} of {sayCount(judged)} slots of the last 14 days, by their deadline; served were{' '}
          {sayShare(served / slots)} in 30 days. Of cron counts the first run that it began between a slot’s moment and
          its deadline, before the job’s next slot was due.
        </p>
      )}
      <Table
        caption="GitHub’s cron as delivered beside ours, 30 days; cron 14"
        captionHidden
        rows={words}
        empty="Nothing to compare yet: a job appears here once a deadline of one of its slots is over."
        columns={[
          { head: 'job', cell: ({ job }) => <JobName site={site} job={job} />, sort: ({ job }) => job },
          { head: 'slots', right: true, cell: (word) => sayCount(word.slots), sort: (word) => word.slots, weight: 2 },
          {
            head: 'cron in time',
            right: true,
            cell: (word) => (word.judged === 0 ? '' : sayShare(word.cronInTime / word.judged)),
            sort: (word) => word.cronInTime / Math.max(1, word.judged),
          },
          {
            head: 'ours in time',
            right: true,
            cell: (word) => sayShare(word.served / word.slots),
            sort: (word) => word.served / word.slots,
          },
          {
            head: 'cron, median late',
            right: true,
            cell: ({ cronLateness }) => (cronLateness === undefined ? '' : sayLateness(cronLateness)),
            sort: ({ cronLateness }) => cronLateness ?? Infinity,
            weight: 2,
          },
          {
            head: 'ours, median late',
            right: true,
            cell: ({ medianLateness }) => (medianLateness === undefined ? '' : sayLateness(medianLateness)),
            sort: ({ medianLateness }) => medianLateness ?? Infinity,
            weight: 2,
          },
        ]}
      />
    </section>
  )
}
