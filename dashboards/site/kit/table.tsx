// Tables: dense, ruled, sortable by the script, with fewer columns on a small screen and never another story.

import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  readonly head: string
  /** What it and its neighbours of the same group are about: it stands above their heads. One weight for all of a group. */
  readonly group?: string
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers and durations stand right. */
  readonly right?: boolean
  /** What the script sorts by, where the text would mislead. */
  readonly sort?: (row: Row) => string | number
  /** 1 stays at any width; 2 goes below 640 px; 3 below 1,000 px. */
  readonly weight?: 1 | 2 | 3
}

export interface TableProps<Row> {
  readonly caption: string
  /** Shown above the table, or only read out where a heading says it. */
  readonly captionHidden?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** What stands there when there is no row: what will appear, and when. */
  readonly empty: string
  readonly rowId?: (row: Row) => string | undefined
  /** Words that stand ruled above a row, while the table is in the order in which it was written. */
  readonly above?: (row: Row, i: number) => string | undefined
}

/** A table, or the sentence that says what will be in it. */
export function Table<Row>({ caption, captionHidden = false, columns, rows, empty, rowId, above }: TableProps<Row>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>
  const classOf = (column: Column<Row>) => [column.right ? 'right' : '', `w${column.weight ?? 1}`].join(' ').trim()
  return (
    <div class="scroll" role="region" aria-label={caption} tabindex={0}>
      <table class="sortable">
        <caption class={captionHidden ? 'unseen' : undefined}>
          <span>{caption}</span>
        </caption>
        <thead>
          <Groups columns={columns} />
          <tr>
            {columns.map((column) => (
              <th scope="col" class={classOf(column)}>
                {column.group !== undefined && <span class="unseen">{column.group} </span>}
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <>
              <Ruled words={above?.(row, i)} columns={columns.length} />
              <tr id={rowId?.(row)}>
                {columns.map((column) => (
                  <td class={classOf(column)} data-sort={column.sort?.(row)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            </>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Ruled({ words, columns }: { words: string | undefined; columns: number }) {
  if (words === undefined) return null
  return (
    <tr class="ruled">
      <td colSpan={columns} data-sort="">
        {words}
      </td>
    </tr>
  )
}

/** For eyes only: the heads below name their group to whoever listens. */
function Groups<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  if (columns.every(({ group }) => group === undefined)) return null
  const begins = columns.filter(({ group }, i) => group === undefined || group !== columns[i - 1]?.group)
  return (
    <tr class="groups" aria-hidden="true">
      {begins.map(({ group, weight = 1 }) =>
        group === undefined ? (
          <td class={`w${weight}`} />
        ) : (
          <td class={`grouped w${weight}`} colSpan={columns.filter((other) => other.group === group).length}>
            <span>{group}</span>
          </td>
        ),
      )}
    </tr>
  )
}
