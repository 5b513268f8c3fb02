// The providers: do they answer, and what came from them last.

import { count, sayList } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { FreshnessView, ReceivedFile, SourceHealth } from '../../../../src/views/freshness/freshness.ts'
import { State } from '../../kit/state.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { When } from '../../kit/when.tsx'

export function Sources({ site, view }: { site: ViewContext; view: FreshnessView }) {
  const columns: Column<SourceHealth>[] = [
    { head: 'breaker', cell: (source) => <Breaker source={source} />, sort: ({ state }) => state },
    { head: 'source', cell: ({ source }) => source },
    { head: 'used by', cell: ({ jobs }) => sayList(jobs), weight: 2 },
    { head: 'failed runs in a row', cell: ({ failures }) => String(failures), sort: ({ failures }) => failures, right: true }, // prettier-ignore
    { head: 'why', cell: ({ reason }) => reason ?? '', weight: 2 },
    {
      head: 'tried again',
      cell: ({ tryAt }) => (tryAt ? <When at={tryAt} zone={site.zone} now={site.now} /> : ''),
      sort: ({ tryAt }) => tryAt?.getTime() ?? '',
      weight: 3,
    },
  ]
  const files = view.sources.flatMap(({ source, files: own }) => own.map((file) => ({ source, ...file })))
  return (
    <section id="sources">
      <h2>Sources</h2>
      <p class="small faint">
        A source that fails three runs in a row is not called for a while, then by one run that tries.
      </p>
      <Table
        caption="Sources and their breakers"
        captionHidden
        columns={columns}
        rows={view.sources}
        empty="No job of this checkout has a source."
      />
      <h3>Newest files</h3>
      <Table
        caption="A file is kept when it differs from the one before."
        columns={fileColumns(site)}
        rows={files}
        empty="Nothing has landed yet: the first file appears after the first run of a bronze job."
      />
    </section>
  )
}

function fileColumns(site: ViewContext): Column<ReceivedFile & { source: string }>[] {
  return [
    { head: 'source', cell: ({ source }) => source },
    { head: 'file', cell: ({ name, simulated }) => (simulated ? `${name} (simulated)` : name) },
    { head: 'changed', cell: ({ asOf }) => <When at={asOf} zone={site.zone} now={site.now} />, sort: ({ asOf }) => asOf.getTime() }, // prettier-ignore
    { head: 'rows', cell: ({ rows }) => rows.toLocaleString('en-US'), sort: ({ rows }) => rows, right: true },
    { head: 'size', cell: ({ bytes }) => saySize(bytes), sort: ({ bytes }) => bytes, right: true, weight: 2 },
    { head: 'etag', cell: ({ etag }) => <span class="mono">{etag?.replace(/^W\//, '').replaceAll('"', '').slice(0, 16) ?? ''}</span>, weight: 3 }, // prettier-ignore
  ]
}

function saySize(bytes: number): string {
  if (bytes < 10_000) return count(bytes, 'byte')
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function Breaker({ source: { state } }: { source: SourceHealth }) {
  const [shown, word] = ({ closed: ['on time', 'answers'], half_open: ['running', 'being tried'], open: ['failed', 'not called'] } as const)[state] // prettier-ignore
  return <State state={shown} word={word} />
}
