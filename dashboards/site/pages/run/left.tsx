// What a run left behind: counted items, tables, failed items, errors, the end of its log, notes, its result.

import type { RunView } from '../../../../src/views/run.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { sayCount } from '../../kit/numbers.ts'
import { firstSentence } from '../../kit/sentence.ts'
import { Table, type Column } from '../../kit/table.tsx'

import type { RunProps } from './facts.tsx'
import { adviceOn } from './headline.ts'
import { forbiddingOf, marksOf } from './terms.tsx'

/** Longer JSON is in the ledger. */
const MOST_SIGNS = 20_000
/** What is longer is folded. */
const LONGEST_MESSAGE = 500
/** The rest is in the ledger. */
const MOST_ERRORS = 10
const MOST_NOTES = 40

export function Errors(props: RunProps) {
  const { errors } = props.run
  if (errors.length === 0) return null
  return (
    <section>
      <h2>{errors.length === 1 ? 'The error' : 'The errors'}</h2>
      {errors.slice(0, MOST_ERRORS).map((error) => (
        <div class="trouble">
          <p>
            <strong class="bad">✕ {error.code.replaceAll('_', ' ')}</strong> {shortened(error.message)}
          </p>
          <p>{adviceOn(error, props.run, props)}</p>
          {Object.keys(error.context).length > 0 && (
            <p class="small faint">
              {Object.entries(error.context)
                .slice(0, MOST_NOTES)
                .map(([name, value]) => (
                  <code>{`${name}=${String(value)} `}</code>
                ))}
            </p>
          )}
          {shortened(error.message) !== error.message && (
            <details>
              <summary>The whole message</summary>
              <pre tabindex={0}>{error.message}</pre>
            </details>
          )}
          {error.stack !== null && (
            <details>
              <summary>Stack</summary>
              <pre tabindex={0}>{error.stack}</pre>
            </details>
          )}
        </div>
      ))}
      {errors.length > MOST_ERRORS && (
        <p class="faint small">{sayCount(errors.length - MOST_ERRORS)} more are in the ledger.</p>
      )}
    </section>
  )
}

const shortened = (message: string) =>
  message.length > LONGEST_MESSAGE ? firstSentence(message, LONGEST_MESSAGE) : message

export function Items({ run }: Pick<RunProps, 'run'>) {
  const counted = (name: 'read' | 'written' | 'skipped' | 'failed') => ({
    head: name,
    right: true,
    cell: (row: RunView['items'][number]) => sayCount(row[name]),
    sort: (row: RunView['items'][number]) => row[name],
  })
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
        rows={run.items}
        empty={run.outcome === 'running' ? 'They are counted when it ends.' : 'It counted no item.'}
      />
    </section>
  )
}

export function Tables({ run, site }: Pick<RunProps, 'run' | 'site'>) {
  if (forbiddingOf({ run, site }).length > 0) return null
  const marks = marksOf({ run, site })
  return (
    <>
      {run.tables.map(({ title, rows, total }) => (
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
    </>
  )
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
  return Number.isInteger(value) ? String(value) : value.toLocaleString('en-US', { maximumFractionDigits: 4 })
}

export function FailedItems({ run, root, site }: RunProps) {
  if (run.letters.length === 0 || forbiddingOf({ run, site }).length > 0) return null
  return (
    <section data-source={marksOf({ run, site })}>
      <h2>Items that failed</h2>
      <Table
        caption="Dead letters: what failed, and whether it still waits"
        columns={[
          { head: 'item', cell: ({ kind, key }) => <>{kind} <code>{key}</code></> },
          { head: 'code', cell: ({ code }) => code.replaceAll('_', ' ') },
          { head: 'what happened', cell: ({ message }) => message, weight: 2 },
          { head: 'times', right: true, cell: ({ times }) => sayCount(times), sort: ({ times }) => times },
          { head: 'now', cell: ({ closeReason, closedAt }) => <Closing {...{ closeReason, closedAt, root, site }} /> },
        ]}
        rows={run.letters}
        empty=""
      />
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
  return (
    <section>
      <h2>The end of its log</h2>
      <pre class="log" tabindex={0}>
        {run.logTail.join('\n')}
      </pre>
    </section>
  )
}

export function Notes({ run, site }: Pick<RunProps, 'run' | 'site'>) {
  const withheld = forbiddingOf({ run, site }).length > 0
  const notes = withheld ? [] : Object.entries(run.notes)
  const all = [...notes, ...Object.entries(run.parameters)]
  const result = withheld ? undefined : (run.result ?? undefined)
  return (
    <section data-source={withheld ? undefined : marksOf({ run, site })}>
      <h2>Notes and parameters</h2>
      {all.length === 0 && !withheld && <p class="empty">It left no note and was given no parameter.</p>}
      {all.length === 0 && withheld && <p class="empty">It was given no parameter.</p>}
      <dl class="facts">
        {all.slice(0, MOST_NOTES).map(([name, value]) => (
          <>
            <dt>{name.replaceAll('_', ' ')}</dt>
            <dd>{sayValue(value)}</dd>
          </>
        ))}
      </dl>
      {all.length > MOST_NOTES && (
        <p class="faint small">{sayCount(all.length - MOST_NOTES)} more are in the ledger.</p>
      )}
      {result !== undefined && (
        <details>
          <summary>Its result, as JSON</summary>
          <pre tabindex={0}>{clip(JSON.stringify(result, null, 2))}</pre>
        </details>
      )}
    </section>
  )
}

function sayValue(value: unknown): string {
  return typeof value === 'string' ? value : clip(JSON.stringify(value) ?? '')
}

function clip(text: string): string {
  return text.length > MOST_SIGNS ? `${text.slice(0, MOST_SIGNS)}\n… and ${sayCount(text.length - MOST_SIGNS)} more signs, in the ledger` : text // prettier-ignore
}
