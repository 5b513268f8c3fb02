// Tables that sort by a click on a heading, as numbers where everything in the column is one; empty cells come last.

/** Makes every heading of a sortable table a button. */
export function makeTablesSortable(page: Document): void {
  for (const table of page.querySelectorAll<HTMLTableElement>('table.sortable')) {
    for (const head of table.querySelectorAll<HTMLTableCellElement>('thead th')) {
      const button = page.createElement('button')
      button.type = 'button'
      button.append(...head.childNodes)
      head.append(button)
      button.addEventListener('click', () => sortBy(table, head))
    }
  }
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const down = head.getAttribute('aria-sort') === 'ascending'
  for (const other of table.querySelectorAll('thead th')) other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
  const body = table.tBodies[0]
  if (!body) return
  const valueOf = (row: HTMLTableRowElement) => {
    const cell = row.cells[head.cellIndex]
    return cell?.dataset['sort'] ?? cell?.textContent ?? ''
  }
  const rows = [...body.rows]
  const order = orderOf(rows.map(valueOf), down ? 'descending' : 'ascending')
  body.append(...order.flatMap((i) => rows[i] ?? []))
}

/** Empty, and the dash of a figure that nobody knows. */
const EMPTY = ['', '–']

/** The places of a column's values in order: as numbers where every one is, the empty ones last either way. Of values that are alike the first stays first, either way. */
export function orderOf(values: readonly string[], direction: 'ascending' | 'descending'): number[] {
  const places = values.map((_, i) => i)
  const isEmpty = (i: number) => EMPTY.includes(values[i]?.trim() ?? '')
  const filled = places.filter((i) => !isEmpty(i))
  const numeric = filled.every((i) => !Number.isNaN(Number(values[i])))
  const compare = (a = '', b = '') => (numeric ? compareNumbers(Number(a), Number(b)) : a.localeCompare(b))
  const sign = direction === 'ascending' ? 1 : -1
  return [...filled.sort((a, b) => sign * compare(values[a], values[b])), ...places.filter(isEmpty)]
}

/** No difference: that of two infinities is no number. */
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
