// A job's older runs: loaded file by file below its history, on a press.

import { sayWhen } from '../kit/clock.ts'
import { HISTORY_COLUMNS, unpack, type HistoryLine, type PackedLine } from '../kit/history.ts'

import { loadShard, siteRoot } from './shards.ts'
import { builtAt } from './times.ts'

const UNLOADED = 'The next of them could not be loaded: look at your connection, and press again.'

/** Puts a button below a history that has more lines than the page. */
export function offerOlderRuns(page: Document): void {
  const section = page.querySelector<HTMLElement>('[data-older]')
  const place = section?.querySelector<HTMLElement>('.older')
  const body = section?.querySelector('tbody')
  if (!section || !place || !body) return
  const { older: name = '', shards = '0', zone = 'UTC' } = section.dataset
  const now = builtAt(page)
  const say = (ms: number) => sayWhen({ at: new Date(ms), zone, now })
  const button = page.createElement('button')
  button.type = 'button'
  button.className = 'press'
  button.textContent = 'Show older runs'
  const words = page.createElement('span')
  words.append(...place.childNodes)
  place.replaceChildren(words, ' ', button)
  const offered = words.textContent
  let next = 1
  button.addEventListener('click', () => {
    button.disabled = true
    void loadShard<PackedLine>(`runs/${name}-${next}`).then((rows) => {
      button.disabled = false
      words.textContent = rows ? offered : UNLOADED
      if (!rows) return
      const known = new Set([...body.rows].map((row) => row.dataset['run'] ?? idIn(row)))
      const lines = rows.map(unpack).filter(({ id }) => !known.has(id))
      append(body, section.dataset, lines.map((line) => [line, rowOf(page, line, say)])) // prettier-ignore
      next += 1
      if (next > Number(shards))
        place.textContent = 'These are all that the site keeps; the ledger may have older ones.'
      else if (lines.length === 0) button.click()
    })
  })
}

/** The id of the run that a row of the page links to. */
function idIn(row: HTMLTableRowElement): string {
  return /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(row.querySelector('a')?.getAttribute('href') ?? '')?.[0] ?? ''
}

/** With a rule where retention has removed what went well, unless there is one. */
function append(
  body: HTMLElement,
  { thinned, thinnedWords }: DOMStringMap,
  rows: readonly [HistoryLine, Node][],
): void {
  for (const [{ startedAt }, row] of rows) {
    if (thinned !== undefined && startedAt < Number(thinned) && !body.querySelector('.ruled')) {
      const rule = body.ownerDocument.createElement('tr')
      rule.className = 'ruled'
      const cell = rule.insertCell()
      cell.colSpan = HISTORY_COLUMNS.length
      cell.dataset['sort'] = '' // the last when rows are sorted, for it is none
      cell.textContent = thinnedWords ?? ''
      body.append(rule)
    }
    body.append(row)
  }
}

function rowOf(page: Document, line: HistoryLine, say: (ms: number) => string): HTMLTableRowElement {
  const row = page.createElement('tr')
  row.dataset['run'] = line.id
  for (const column of HISTORY_COLUMNS) {
    const cell = row.insertCell()
    cell.className = `${column.right ? 'right ' : ''}w${column.weight ?? 1}`
    const sort = column.sort?.(line)
    if (sort !== undefined) cell.dataset['sort'] = String(sort)
    const text = column.text(line, say)
    const mark = column.glyph?.(line)
    if (column.linked) cell.append(linkTo(page, line, text))
    else if (mark) cell.append(stateOf(page, mark, text))
    else if (column.clamped) cell.append(clampedOf(page, text))
    else cell.textContent = text
  }
  return row
}

function linkTo(page: Document, { id, page: hasPage }: HistoryLine, text: string): HTMLAnchorElement {
  const link = page.createElement('a')
  link.href = siteRoot() + (hasPage ? `runs/${id}.html` : `run.html?id=${id}`)
  link.textContent = text
  return link
}

function clampedOf(page: Document, text: string): HTMLElement {
  const span = page.createElement('span')
  span.className = 'clamped'
  span.textContent = text
  return span
}

function stateOf(page: Document, mark: { glyph: string; tone: string }, text: string): HTMLElement {
  const state = page.createElement('span')
  state.className = `state ${mark.tone}`
  const [glyph, word] = [page.createElement('span'), page.createElement('span')]
  glyph.ariaHidden = 'true'
  glyph.textContent = mark.glyph
  word.textContent = text
  state.append(glyph, word)
  return state
}
