// A column with the reader's own time, in tables that ask for one, where some row says no time of the reader's zone.

/** Adds it behind the third column. Call it before tables become sortable. */
export function addOwnTimes(page: Document): void {
  const format = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const place = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
  for (const table of page.querySelectorAll<HTMLTableElement>('[data-own-times] table')) {
    const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent ?? '')
    const isTold = (row: HTMLTableRowElement) => saysTimeOf(place, heads, [...row.querySelectorAll('time')].map((time) => time.textContent ?? '')) // prettier-ignore
    if ([...(table.tBodies[0]?.rows ?? [])].every(isTold)) continue
    for (const row of table.rows) addCell(row, { place, format, told: isTold(row) })
  }
}

/** Does a row with these times say what time it is at this place, below these headings or by naming it? */
export function saysTimeOf(place: string, heads: readonly string[], times: readonly string[]): boolean {
  return heads.includes(place) || times.some((time) => time.replace(/^.*\d\d:\d\d /, '') === place)
}

function addCell(row: HTMLTableRowElement, own: { place: string; format: Intl.DateTimeFormat; told: boolean }): void {
  const due = row.querySelector<HTMLTimeElement>('td time')
  const before = row.cells[2]
  if (!before) return
  const cell = row.ownerDocument.createElement(due ? 'td' : 'th')
  cell.className = 'w2'
  if (due) {
    const at = new Date(due.dateTime)
    cell.textContent = own.told ? '' : own.format.format(at)
    cell.dataset['sort'] = String(at.getTime())
  } else {
    cell.scope = 'col'
    cell.textContent = own.place
  }
  before.after(cell)
}
