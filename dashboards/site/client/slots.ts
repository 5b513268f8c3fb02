// The Slots page by its address: slots.html?job=nfl/bronze&day=2026-11-19&state=missed fills and filters the table.

import { loadShard } from './shards.ts'

// As dashboards/site/pages/slots/table.tsx writes it.
type Row = readonly [
  job: string,
  dueAt: string,
  due: string,
  state: string,
  glyph: string,
  tone: string,
  late: string,
  run: string,
  reason: string,
]

interface Wish {
  readonly job: string
  readonly state: string
  readonly day: string
}

interface Parts {
  readonly section: HTMLElement
  readonly form: HTMLFormElement
  readonly body: HTMLTableSectionElement
  readonly status: HTMLElement
}

function findParts(page: Document): Parts | undefined {
  const section = page.querySelector<HTMLElement>('.last-slots')
  const form = section?.querySelector('form')
  const body = section?.querySelector('tbody')
  const status = section?.querySelector<HTMLElement>('.filtered')
  return section && form && body && status ? { section, form, body, status } : undefined
}

/** Shows the form, and what the address asks for. */
export async function filterSlots(page: Document, address: Location): Promise<void> {
  const parts = findParts(page)
  if (parts === undefined) return
  const asked = new URLSearchParams(address.search)
  const wish = { job: asked.get('job') ?? '', state: asked.get('state') ?? '', day: asked.get('day') ?? '' }
  parts.form.hidden = false
  for (const field of parts.form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]'))
    field.value = asked.get(field.name) ?? ''
  if (Object.values(wish).some(Boolean)) await show(page, parts, wish)
}

async function show(page: Document, { section, body, status }: Parts, wish: Wish): Promise<void> {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(wish.day)
  const known = section.dataset['jobs']?.split(' ') ?? []
  const found = isDay ? await fillDay(body, wish.day, known) : wish.day === ''
  const shown = keep(body, wish)
  status.textContent = found
    ? sayShown(shown, wish)
    : `${wish.day} is not among the days above: the bars by month tell what came of it.`
  status.append(' ', link(page, 'slots.html#table', 'Show all'))
  status.hidden = false
  section.querySelector('caption')?.remove()
  page.querySelector('#table')?.scrollIntoView()
}

/** False: no data is kept of that day. `known` are the jobs with a page. */
async function fillDay(body: HTMLElement, day: string, known: readonly string[]): Promise<boolean> {
  const rows = await loadShard<Row>(`slots/${day}`)
  body.replaceChildren(...(rows ?? []).map((row) => toRow(body.ownerDocument, row, known)))
  return rows !== undefined
}

function toRow(page: Document, packed: Row, known: readonly string[]): HTMLTableRowElement {
  const [job, dueAt, due, state, glyph, tone, late, run, reason] = packed
  const row = page.createElement('tr')
  const time = page.createElement('time')
  time.dateTime = dueAt
  time.append(due)
  const mark = page.createElement('span')
  mark.className = `state ${tone}`
  const sign = page.createElement('span')
  sign.ariaHidden = 'true'
  sign.append(glyph)
  mark.append(sign, state)
  add(row, job, known.includes(job) ? link(page, `jobs/${job}.html`, job) : job)
  add(row, String(Date.parse(dueAt)), time)
  add(row, state, mark)
  add(row, undefined, late).className = 'right'
  add(row, undefined, run && link(page, run, run.replace(/^.*[/=]/, '').slice(0, 8))).className = 'w2'
  add(row, undefined, reason).className = 'w3'
  return row
}

function add(row: HTMLTableRowElement, sort: string | undefined, content: Node | string): HTMLTableCellElement {
  const cell = row.insertCell()
  if (sort !== undefined) cell.dataset['sort'] = sort
  cell.append(content)
  return cell
}

function link(page: Document, href: string, text: string): HTMLAnchorElement {
  const anchor = page.createElement('a')
  anchor.href = href
  anchor.append(text)
  return anchor
}

/** Hides the rows that nobody asked for; returns how many are left. */
function keep(body: HTMLTableSectionElement, { job, state }: Wish): number {
  let shown = 0
  for (const row of body.rows) {
    const fits = (at: number, wanted: string) => wanted === '' || row.cells[at]?.dataset['sort'] === wanted
    row.hidden = !(fits(0, job) && fits(2, state))
    if (!row.hidden) shown += 1
  }
  return shown
}

function sayShown(shown: number, { job, state, day }: Wish): string {
  const what = `${shown} ${state ? `${state} ` : ''}${shown === 1 ? 'slot' : 'slots'}${job ? ` of ${job}` : ''}`
  return day ? `${what}, due ${day}.` : `${what} among the newest of each job: name a day to see all of it.`
}
