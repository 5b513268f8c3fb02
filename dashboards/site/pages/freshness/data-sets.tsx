// Every table of the lake: how much is in it, how new it is, and when it should have been renewed.

import { sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { FreshnessView, JobFreshness } from '../../../../src/views/freshness/freshness.ts'
import type { LakeTable } from '../../../../src/views/freshness/lake-tables.ts'
import { JobName } from '../../kit/job-name.tsx'
import { State, type ShownState } from '../../kit/state.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { When } from '../../kit/when.tsx'

type Row = LakeTable & { readonly kept: JobFreshness | undefined }

export function DataSets({ site, view }: { site: ViewContext; view: FreshnessView }) {
  const rows = view.tables.map((table): Row => ({ ...table, kept: view.jobs.find(({ job }) => job === table.job) }))
  const at = (moment: Date | undefined) =>
    moment ? <When at={moment} zone={site.zone} now={site.now} /> : <span class="faint">–</span>
  const columns: Column<Row>[] = [
    { head: 'state', cell: ({ kept }) => <Fresh kept={kept} now={site.now} />, sort: ({ kept }) => kept?.behindSince?.getTime() ?? Infinity }, // prettier-ignore
    { head: 'data', cell: ({ name }) => name },
    { head: 'table', cell: ({ table }) => <code>{table}</code>, weight: 3 },
    { head: 'kept by', cell: ({ job }) => <JobName site={site} job={job} />, weight: 2 },
    { head: 'rows', cell: (row) => row.rows.toLocaleString('en-US'), sort: (row) => row.rows, right: true, weight: 2 },
    { head: 'newest', cell: ({ newest }) => newest ?? '', weight: 3 },
    { head: 'last change', cell: (row) => at(changeOf(row)), sort: (row) => changeOf(row)?.getTime() ?? '' },
    { head: 'last look', cell: (row) => at(lookAt(row)), sort: (row) => lookAt(row)?.getTime() ?? '', weight: 2 },
    { head: 'expected by', cell: ({ kept }) => at(kept?.expected?.graceUntil), sort: ({ kept }) => kept?.expected?.graceUntil.getTime() ?? '', weight: 3 }, // prettier-ignore
  ]
  return (
    <section id="data">
      <h2>Data sets</h2>
      <p class="small faint">
        Fresh: the newest slot of the job that keeps it was served, changed or not. Expected by: when that slot's grace
        was over.
      </p>
      <Table
        caption="Tables of the lake"
        captionHidden
        columns={columns}
        rows={rows}
        empty="No job of this checkout keeps a table."
      />
      {creditsOf(site).map(({ of, url, name, licence }) => (
        <p class="small faint">
          {of}: <a href={url}>{name}</a>, {licence}.
        </p>
      ))}
    </section>
  )
}

/** Two addresses of one provider have the same terms. */
function creditsOf({ sources }: ViewContext) {
  return [...new Set(sources.flatMap(({ terms }) => terms.credit ?? []))]
}

const changeOf = ({ asOf, kept }: Row) => asOf ?? kept?.changedAt

/** Another job may land the same data: whoever changes it has looked. */
function lookAt(row: Row): Date | undefined {
  const [changed, checked] = [changeOf(row), row.kept?.checkedAt]
  return changed && checked && changed > checked ? changed : checked
}

function Fresh({ kept, now }: { kept: JobFreshness | undefined; now: Date }) {
  const [state, word] = wordOf(kept, now)
  return <State state={state} word={word} />
}

function wordOf(kept: JobFreshness | undefined, now: Date): [ShownState, string] {
  if (kept?.expected === undefined) return ['waiting', 'not due yet']
  if (kept.behindSince === undefined) return ['on time', 'fresh']
  const behind = sayMinutes(Math.round((now.getTime() - kept.behindSince.getTime()) / 60_000))
  return [kept.expected.state === 'missed' || kept.expected.state === 'failed' ? 'missed' : 'late', `${behind} behind`]
}
