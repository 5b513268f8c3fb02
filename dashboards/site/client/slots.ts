// The Slots page by its address: slots.html?job=nfl/bronze&day=2026-11-19&state=missed fills and filters the table.

import { loadShard } from './shards.ts'
import { daysBack, findSlots, sayFound, type ShardRow, type Wish } from './slot-search.ts'

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

async function show(page: Document, { section, form, body, status }: Parts, wish: Wish): Promise<void> {
  const { jobs = '', place = '' } = section.dataset
  const { min = '', max = '' } = form.querySelector<HTMLInputElement>('[name=day]') ?? {}
  const days = daysBack(max, min)
  section.querySelector('caption')?.remove()
  status.hidden = false
  page.querySelector('#table')?.scrollIntoView()
  const load = (day: string) => loadShard<ShardRow>(`slots/${day}`)
  const tell = (progress: string) => {
    status.textContent = progress
  }
  const found = await findSlots(wish, { days, load, tell })
  const known = jobs.split(' ')
  body.replaceChildren(...found.rows.map((row) => toRow(page, row, known)))
  status.textContent = sayFound(found, wish, { days, place })
  status.append(' ', link(page, 'slots.html#table', 'Show all'))
}

/** `known` are the jobs with a page. */
function toRow(page: Document, packed: ShardRow, known: readonly string[]): HTMLTableRowElement {
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
