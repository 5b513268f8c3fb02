// A column with the reader's own time, in tables that ask for one, where the reader is in none of the zones that stand there.

/** Adds it behind the column of the first <time> of each row. Call it before tables become sortable. */
export function addOwnTimes(page: Document): void {
  const time = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (zone === 'UTC') return
  for (const table of page.querySelectorAll<HTMLTableElement>('[data-own-times] table')) {
    for (const row of table.rows) addCell(row, zone, time)
  }
}

function addCell(row: HTMLTableRowElement, zone: string, format: Intl.DateTimeFormat): void {
  const due = row.querySelector<HTMLTimeElement>('td time')
  const before = row.cells[2]
  if (!before) return
  const cell = row.ownerDocument.createElement(due ? 'td' : 'th')
  cell.className = 'w2'
  if (due) {
    const at = new Date(due.dateTime)
    cell.textContent = format.format(at)
    cell.dataset['sort'] = String(at.getTime())
  } else {
    cell.scope = 'col'
    cell.textContent = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
  }
  before.after(cell)
}
