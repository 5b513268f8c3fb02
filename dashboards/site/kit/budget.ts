// How much of what a run left behind fits its page: one run's row may be of any size, and a page that is too large keeps the
// whole site from being published.

/** Tags and classes around one text, in bytes. */
const AROUND = 60
const NUMBER = 20

/** The bytes that a value takes in a page, each text in it escaped and marked up. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return bytesOf(value) + AROUND
  if (typeof value !== 'object' || value === null) return NUMBER + AROUND
  return Object.entries(value).reduce((all, [name, one]) => all + bytesOf(name) + weigh(one), 0)
}

/** `"` becomes six bytes, and nothing more. */
const bytesOf = (text: string) => Buffer.byteLength(text) + 5 * (text.match(/["&<]/g)?.length ?? 0)

/** The first of a list that weigh no more than `most` together. */
export function firstWithin<One>(list: readonly One[], most: number): readonly One[] {
  let weight = 0
  const end = list.findIndex((one) => (weight += weigh(one)) > most)
  return end < 0 ? list : list.slice(0, end)
}

interface Rows {
  readonly rows: readonly Readonly<Record<string, string | number | null>>[]
}

/** The first tables that weigh no more than `most` together, the last of them with its first rows only. */
export function tablesWithin<Table extends Rows>(tables: readonly Table[], most: number): Table[] {
  const shown: Table[] = []
  let left = most
  for (const table of tables) {
    const { rows, weight } = rowsWithin(table.rows, left)
    if (rows.length === 0 && table.rows.length > 0) break
    shown.push({ ...table, rows })
    left -= weight
    if (rows.length < table.rows.length) break
  }
  return shown
}

/** Every row has a cell for every column that any of them has; a text stands there twice, to be sorted by. */
function rowsWithin(rows: Rows['rows'], most: number): { rows: Rows['rows']; weight: number } {
  const columns = new Set<string>()
  let [texts, weight] = [0, 0]
  for (const [i, row] of rows.entries()) {
    const before = weight
    const fresh = Object.keys(row).filter((name) => !columns.has(name))
    for (const name of fresh) columns.add(name)
    for (const name of fresh) texts += bytesOf(name)
    for (const value of Object.values(row)) texts += 2 * (typeof value === 'string' ? bytesOf(value) : NUMBER)
    weight = texts + columns.size * (i + 2) * AROUND
    if (weight > most) return { rows: rows.slice(0, i), weight: before }
  }
  return { rows, weight }
}
