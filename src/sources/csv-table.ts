// Parses a provider's CSV file strictly: text cells as received, or the one reason why it is no sound table. Knows no
// provider; what a row must be is the business of its caller.

import { parse } from 'csv-parse/sync'

import { DataFailure, SourceFailure } from '../core/errors.ts'

/** One row's cells by column, as received: every column of the file, '' and 'NA' where nothing is known. */
export type Row = Readonly<Record<string, string>>

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/** Whose file it is, for messages: provider, file name, what a row is (`games`). */
export interface TableOrigin {
  readonly source: string
  readonly file: string
  readonly rows: string
  /** Where to change the name of a column that the provider renamed. */
  readonly reader: string
  /** Its terms let nobody else see its rows: messages, which pages show, name lines and columns and quote no cell. */
  readonly unquoted?: true
}

const SHOWN = 5

/** The table in `text`. Throws SourceFailure for what is no whole CSV file (which passes) and DataFailure for a table
 *  without a required column, with one twice, or without rows (which does not). Of columns in one list any one will do. */
export function parseTable(
  text: string,
  required: readonly (string | readonly string[])[],
  origin: TableOrigin,
): Table {
  refuseHtml(text, origin)
  const [header = [], ...lines] = parseCells(text, origin)
  const missing = required.filter((column) => ![column].flat().some((name) => header.includes(name)))
  if (missing.length > 0) throw lostColumns(missing, header, origin)
  const twice = header.filter((column, i) => header.indexOf(column) !== i)
  if (twice.length > 0) throw brokenTable(`the column "${twice[0]}" appears twice`, origin)
  if (lines.length === 0) throw brokenTable(`it has a header and no ${origin.rows}`, origin)
  return { columns: header, rows: lines.map((cells) => toRow(header, cells)) }
}

/** '' and 'NA' both mean: not known. */
export function isMissing(cell: string | undefined): boolean {
  return cell === undefined || cell === '' || cell === 'NA'
}

/** The first few names, and how many more there are. */
export function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return names.slice(0, SHOWN).join(', ') + more
}

// A provider may mend its file, and not within a minute: such a slot waits, and is asked for again half an hour later.
const MENDED_BY_PROVIDER = { retryable: true, retryAfterSeconds: 30 * 60 } as const

/** A table that breaks a rule the next stage relies on. */
export function brokenTable(what: string, { source, file }: TableOrigin): DataFailure {
  return new DataFailure(
    `${source} sent a ${file} that breaks its own rules: ${what}. Nothing was landed; it will be right again when the provider mends the file.`,
    { code: 'broken_table', ...MENDED_BY_PROVIDER, context: { source } },
  )
}

function refuseHtml(text: string, { source, file }: TableOrigin): void {
  if (!/^\s*</.test(text.slice(0, 200))) return
  throw new SourceFailure(
    `${source} sent a web page where ${file} should be ("${text.trim().slice(0, 40)}..."): nothing was landed. Open the address in a browser; if it shows the table, run again.`,
    // A page with status 200 is mostly a provider's or proxy's passing trouble.
    { code: 'not_csv', retryable: true, context: { source } },
  )
}

function parseCells(text: string, origin: TableOrigin): string[][] {
  const { source, file, unquoted } = origin
  // Every record of a sound file ends its line: a file without the last newline may have been cut within a number.
  if (!text.endsWith('\n')) throw cutOff('the last line has no end', origin)
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: false })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const said = unquoted ? message.replace(/, value is [^]*$/, '') : message
    throw new SourceFailure(
      `${source} sent a ${file} that is not sound CSV: ${said}. Nothing was landed; if a second run finds the same, look at that line of the file.`,
      { code: 'bad_csv', retryable: true, context: { source }, ...(!unquoted && { cause: error }) },
    )
  }
}

function toRow(header: readonly string[], cells: readonly string[]): Row {
  const row: Record<string, string> = {}
  for (let i = 0; i < header.length; i += 1) row[header[i]!] = cells[i]!
  return row
}

function lostColumns(
  missing: readonly (string | readonly string[])[],
  header: readonly string[],
  { source, file, reader, unquoted }: TableOrigin,
): DataFailure {
  // A file without its header has a row there.
  const found = unquoted ? `found ${header.length} others` : `found ${header.join(', ').slice(0, 300)}`
  const names = missing.map((column) => [column].flat().join(' or '))
  return new DataFailure(
    `${source} sent a ${file} without the column${names.length > 1 ? 's' : ''} ${names.join(', ')}: ${found}. Nothing was landed; if the provider renamed a column, change its name in ${reader}.`,
    { code: 'lost_column', ...MENDED_BY_PROVIDER, context: { source, missing: names.join(',') } },
  )
}

function cutOff(what: string, { source, file }: TableOrigin): SourceFailure {
  return new SourceFailure(
    `${source} sent a ${file} that seems to be cut off: ${what}. Nothing was landed; it may be temporary.`,
    { code: 'cut_off', retryable: true, context: { source } },
  )
}
