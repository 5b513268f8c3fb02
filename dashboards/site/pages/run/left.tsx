// What a run left behind: counted items, tables, failed items, the end of its log, notes, its result; as much of each as a
// page may hold.

import { count, sayCount } from '../../../../src/core/wording.ts'
import type { RunView } from '../../../../src/views/run/run.ts'
import { beginningOf } from '../../kit/beginning.ts'
import { firstWithin, tablesWithin } from '../../kit/budget.ts'
import { sayCode } from '../../kit/codes.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { Table, type Column } from '../../kit/table.tsx'

import type { RunProps } from './origin.tsx'
import { forbiddingOf, marksOf } from './terms.tsx'

/** Longer JSON is in the ledger. */
const MOST_SIGNS = 20_000
const LONGEST_NOTE = 3_000
const MOST_NOTES = 40
/** Of 1,500,000 bytes that a page may have, with the spans and the errors. */
const TABLE_BYTES = 200_000
const NOTE_BYTES = 150_000
const LOG_BYTES = 150_000
const LETTER_BYTES = 150_000
const ITEM_BYTES = 50_000

export function Items({ run }: Pick<RunProps, 'run'>) {
  const counted = (name: 'read' | 'written' | 'skipped' | 'failed') => ({
    head: name,
    right: true,
    cell: (row: RunView['items'][number]) => sayCount(row[name]),
    sort: (row: RunView['items'][number]) => row[name],
  })
  const items = firstWithin(run.items, ITEM_BYTES)
  return (
    <section>
      <h2>Items</h2>
      <Table
        caption="What it read, wrote, skipped and failed on"
        captionHidden
        columns={[
          { head: 'kind', cell: ({ kind }) => kind },
          ...(['read', 'written', 'skipped', 'failed'] as const).map(counted),
        ]}
        rows={items}
        empty={run.outcome === 'running' ? 'They are counted when it ends.' : 'It counted no item.'}
      />
      <More left={run.items.length - items.length} of="more kind" />
    </section>
  )
}

export function Tables({ run, site }: Pick<RunProps, 'run' | 'site'>) {
  if (forbiddingOf({ run, site }).length > 0) return null
  const marks = marksOf({ run, site })
  const tables = tablesWithin(run.tables, TABLE_BYTES)
  return (
    <>
      {tables.map(({ title, rows, total }) => (
        <section data-source={marks}>
          <h2>{title}</h2>
          <Table
            caption={total > rows.length ? `The first ${rows.length} of ${sayCount(total)} rows` : title}
            captionHidden={!(total > rows.length)}
            columns={columnsOf(rows)}
            rows={rows}
            empty="The table is empty."
          />
        </section>
      ))}
      <More left={run.tables.length - tables.length} of="more table" />
    </>
  )
}

/** Says that something was left out. */
function More({ left, of }: { left: number; of: string }) {
  return left > 0 ? <p class="faint small">Beside these the ledger has {count(left, of)}.</p> : null
}

type Row = RunView['tables'][number]['rows'][number]

/** The ledger keeps no order of columns: words come first, numbers after them. */
function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const isNumber = (name: string) => rows.every((row) => typeof (row[name] ?? 0) === 'number')
  const ordered = [...names.filter((name) => !isNumber(name)), ...names.filter(isNumber)]
  return ordered.map((name, i) => ({
    head: name.replaceAll('_', ' '),
    right: isNumber(name),
    cell: (row: Row) => sayCell(row[name]),
    sort: (row: Row) => row[name] ?? '',
    weight: i > 5 ? 3 : i > 2 ? 2 : 1,
  }))
}

function sayCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (typeof value !== 'number') return value
  const size = Math.abs(value)
  const words = Number.isInteger(size) ? String(size) : size.toLocaleString('en-US', { maximumFractionDigits: 4 })
  return value < 0 ? `−${words}` : words
}

export function FailedItems({ run, root, site }: RunProps) {
  if (run.letters.length === 0 || forbiddingOf({ run, site }).length > 0) return null
  const letters = firstWithin(run.letters, LETTER_BYTES)
  return (
    <section data-source={marksOf({ run, site })}>
      <h2>Items that failed</h2>
      <Table
        caption="What failed, and whether it still waits for another try"
        columns={[
          { head: 'item', cell: ({ kind, key }) => <>{kind} <code>{key}</code></> },
          { head: 'cause', cell: ({ code }) => sayCode(code) },
          { head: 'what happened', cell: ({ message }) => message, weight: 2 },
          { head: 'times', right: true, cell: ({ times }) => sayCount(times), sort: ({ times }) => times },
          { head: 'now', cell: ({ closeReason, closedAt }) => <Closing {...{ closeReason, closedAt, root, site }} /> },
        ]}
        rows={letters}
        empty=""
      />
      <More left={run.letters.length - letters.length} of="more failed item" />
    </section>
  )
} // prettier-ignore

const TRIED_AGAIN = /^(.*by run )([0-9a-f-]{36})$/

/** Why a letter is closed; a run that is named there is a link. */
function Closing({ closedAt, closeReason = '', root, site }: Pick<RunView['letters'][number], 'closedAt' | 'closeReason'> & Pick<RunProps, 'root' | 'site'>) {
  if (!closedAt) return <>waits</>
  const [, words, id] = TRIED_AGAIN.exec(closeReason) ?? []
  return id === undefined ? <>{closeReason}</> : <RunLink site={site} root={root} id={id}>{words?.replace(/ by run $/, '')}</RunLink>
} // prettier-ignore

export function Log({ run }: Pick<RunProps, 'run'>) {
  if (run.logTail.length === 0) return null
  const lines = firstWithin(run.logTail.toReversed(), LOG_BYTES).toReversed()
  return (
    <section>
      <h2>The end of its log, times in UTC</h2>
      <pre class="log" tabindex={0}>
        {lines.join('\n')}
      </pre>
      <More left={run.logTail.length - lines.length} of="earlier line" />
    </section>
  )
}

export function Notes({ run, site }: Pick<RunProps, 'run' | 'site'>) {
  const withheld = forbiddingOf({ run, site }).length > 0
  const notes = withheld ? [] : Object.entries(run.notes)
  const all = [...notes, ...Object.entries(run.parameters)]
  const shown = firstWithin(all.slice(0, MOST_NOTES).map(([name, value]) => [name, sayValue(value)] as const), NOTE_BYTES) // prettier-ignore
  const result = withheld ? undefined : (run.result ?? undefined)
  return (
    <section data-source={withheld ? undefined : marksOf({ run, site })}>
      <h2>Notes and parameters</h2>
      {all.length === 0 && !withheld && <p class="empty">It left no note and was given no parameter.</p>}
      {all.length === 0 && withheld && <p class="empty">It was given no parameter.</p>}
      <dl class="facts">
        {shown.map(([name, value]) => (
          <>
            <dt>{name.replaceAll('_', ' ')}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      <More left={all.length - shown.length} of="more note" />
      {result !== undefined && (
        <details>
          <summary>Its result, as JSON</summary>
          <pre tabindex={0}>{beginningOf(JSON.stringify(result, null, 2), MOST_SIGNS)}</pre>
        </details>
      )}
    </section>
  )
}

function sayValue(value: unknown): string {
  return beginningOf(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), LONGEST_NOTE)
}
