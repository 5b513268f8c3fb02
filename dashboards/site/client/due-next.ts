// What a job is due for next: pages are built once a night and read all day, and a slot that has passed is next no more.

/** Hides the passed slots of the list, and lets the first line tell of the first that is still to come. To be called before
 *  columns are added and relative times kept. */
export function passDueSlots(page: Document): void {
  // A replay has its own time, and it stands still.
  if ('replay' in page.documentElement.dataset) return
  const rows = [...page.querySelectorAll<HTMLTableRowElement>('[data-due-list] tbody tr')]
  const ahead = rows.filter((row) => Date.parse(row.querySelector('time')?.dateTime ?? '') > Date.now())
  const next = ahead[0]?.querySelector('time')
  // A page so old that nothing of it is still to come says so by its banner.
  if (!next) return
  for (const row of rows) row.hidden = !ahead.includes(row)
  const line = page.querySelector<HTMLElement>('[data-due-next]')
  if (line) tellNext(line, next)
}

function tellNext(line: HTMLElement, next: HTMLTimeElement): void {
  const [at, relative] = line.querySelectorAll('time')
  if (at === undefined || relative === undefined || Date.parse(at.dateTime) > Date.now()) return
  const place = /\d\d:\d\d( .*)$/.exec(at.textContent ?? '')?.[1] ?? ''
  const moment = next.cloneNode(true) as HTMLTimeElement
  if (!(moment.textContent ?? '').endsWith(place)) moment.append(place)
  relative.dateTime = next.dateTime
  at.replaceWith(moment)
}
