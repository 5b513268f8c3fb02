// The Overview is built once a night and read all day: what is next moves on to what is still to come.

const SHOWN = 2

/** Shows the next slots that are not past, one a job, in the strip and the soonest of them in the first line. */
export function moveOn(page: Document): void {
  const coming = [...page.querySelectorAll<HTMLElement>('.coming')]
  const ahead = coming.filter((slot) => Date.parse(slot.querySelector('time')?.dateTime ?? '') > Date.now())
  const [next] = ahead
  if (next === undefined) return
  const jobOf = (slot: HTMLElement) => slot.firstElementChild?.textContent
  const firsts = ahead.filter((slot, i) => ahead.findIndex((one) => jobOf(one) === jobOf(slot)) === i)
  for (const slot of coming) slot.hidden = !firsts.slice(0, SHOWN).includes(slot)
  const line = page.querySelector('.next-up')
  const time = next.querySelector<HTMLTimeElement>('time:not([data-relative])')
  if (!line || !time) return
  const [at, relative] = line.querySelectorAll('time')
  if (at === undefined || relative === undefined || at.dateTime === time.dateTime) return
  const until = time.cloneNode() as HTMLTimeElement
  until.dataset['relative'] = ''
  line.replaceChildren(jobOf(next) ?? '', ', ', time.cloneNode(true), ', ', until)
}
