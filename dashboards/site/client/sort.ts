// Tables that sort by a click on a heading, as numbers where everything in the column is one.

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
  const rows = [...body.rows].sort((a, b) => compare(valueOf(a), valueOf(b)))
  body.append(...(down ? rows.reverse() : rows))
}

function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y
}
