// A press copies a table as tab-separated text, which spreadsheets take as cells: what is hidden on a small screen too.

const TOLD_MS = 2_000

/** Offers it beside every table, where the browser lets a page write to the clipboard. */
export function offerCopies(page: Document): void {
  if (!('clipboard' in navigator)) return
  for (const table of page.querySelectorAll<HTMLTableElement>('table.sortable')) {
    const region = table.closest('.scroll')
    const [button, which, word] = [page.createElement('button'), page.createElement('span'), page.createElement('span')]
    button.type = 'button'
    button.className = 'copy'
    button.ariaLive = 'polite'
    word.textContent = 'copy'
    which.className = 'unseen'
    which.textContent = ` ${table.caption?.textContent ?? ''}`
    button.append(word, which)
    button.addEventListener('click', () => {
      void navigator.clipboard.writeText(toText(table)).then(
        () => tell(word, 'copied'),
        () => tell(word, 'not allowed'),
      )
    })
    region?.before(button)
  }
}

/** A line a row that is shown, its cells between tabs; neither what stands above several columns nor what is ruled between
 *  rows, for neither is one. */
function toText(table: HTMLTableElement): string {
  const rows = [...table.rows].filter((row) => !row.hidden && !row.matches('.groups, .ruled'))
  return rows.map((row) => [...row.cells].map(wordsOf).join('\t')).join('\n')
}

const wordsOf = (cell: HTMLTableCellElement) => (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim()

function tell(place: HTMLElement, word: string): void {
  place.textContent = word
  setTimeout(() => (place.textContent = 'copy'), TOLD_MS)
}
