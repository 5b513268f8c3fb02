// What a job is due for next: pages are built once a night and read all day, and a slot that has passed is next no more.

/** Hides the passed slots of the list, and lets the first line tell of the first that is still to come. To be called before
 *  columns are added and relative times kept. */
export function passDueSlots(page: Document): void {
  // A replay has its own time, and it stands still.
  if ('replay' in page.documentElement.dataset) return
  const rows = [...page.querySelectorAll<HTMLTableRowElement>('[data-due-list] tbody tr')]
  const ahead = rows.filter((row) => Date.parse(row.querySelector('time')?.dateTime ?? '') > Date.now())
  for (const row of rows) row.hidden = !ahead.includes(row)
  // A job of every five minutes has none of ten left after an hour.
  const passed = page.querySelector<HTMLElement>('[data-due-passed]')
  if (passed) passed.hidden = rows.length === 0 || ahead.length > 0
  const line = page.querySelector<HTMLElement>('[data-due-next]')
  // Out of season a row says that in the place of how long it is to it: nobody is to serve it.
  const next = ahead.find((row) => row.querySelector('time[data-relative]'))?.querySelector('time')
  if (line && Date.parse(line.querySelector('time')?.dateTime ?? '') <= Date.now()) tellNext(line, next)
}

function tellNext(line: HTMLElement, next: HTMLTimeElement | null | undefined): void {
  const [at, relative] = line.querySelectorAll('time')
  line.hidden = !next
  if (at === undefined || relative === undefined || !next) return
  const place = /\d\d:\d\d( .*)$/.exec(at.textContent ?? '')?.[1] ?? ''
  const moment = next.cloneNode(true) as HTMLTimeElement
  if (!(moment.textContent ?? '').endsWith(place)) moment.append(place)
  relative.dateTime = next.dateTime
  at.replaceWith(moment)
}
