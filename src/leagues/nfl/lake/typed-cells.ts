// Compares text cells by value. Providers rewrite a table with other tools: 7 becomes 7.0, a blank becomes NA.
// Compared as text, a rewritten games.csv seems to change in 27,547 cells; by value it changed in a handful.

import { createHash } from 'node:crypto'

/** Cells by column, as text. */
export type Cells = Readonly<Record<string, string>>

// No leading zeros and at most 15 digits: longer or padded ones are identifiers, and as numbers they would lose digits.
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

/** The one spelling of a cell's value: numbers without needless zeros or sign, text without outer blanks; '' and NA are
 *  both missing, which is ''. */
export function typedValue(cell: string | undefined): string {
  const text = cell?.trim() ?? ''
  if (text === 'NA') return ''
  if (!NUMBER.test(text)) return text
  const number = Number(text)
  return number === 0 ? '0' : String(number)
}

/** A hash of all values that are not missing. The order of columns, and columns without a value, make no difference. */
export function fingerprint(cells: Cells): string {
  const hash = createHash('md5')
  for (const column of Object.keys(cells).sort()) {
    const value = typedValue(cells[column])
    if (value !== '') hash.update(`${column}\t${value}\n`)
  }
  return hash.digest('hex')
}

/** `received` laid over what was known: a column that the new file does not have keeps its last known cell, so that a
 *  narrower file neither changes nor forgets anything. Cells that came empty are left out. */
export function mergeCells(known: Cells, received: Cells): Cells {
  const merged: Record<string, string> = {}
  for (const [column, cell] of Object.entries(known)) if (!(column in received)) merged[column] = cell
  for (const [column, cell] of Object.entries(received)) if (cell !== '') merged[column] = cell
  return merged
}
