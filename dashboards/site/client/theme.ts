// Light or dark: the system's wish, until the reader chooses; the choice is remembered.

const KEY = 'matchday-theme'

/** Shows the switch and applies what was chosen before. */
export function offerThemes(page: Document): void {
  const root = page.documentElement
  const chosen = read()
  if (chosen) root.dataset['theme'] = chosen
  const button = page.querySelector<HTMLButtonElement>('button.theme')
  if (!button) return
  button.hidden = false
  button.addEventListener('click', () => {
    const dark =
      root.dataset['theme'] === 'dark' || (!root.dataset['theme'] && matchMedia('(prefers-color-scheme: dark)').matches)
    root.dataset['theme'] = dark ? 'light' : 'dark'
    write(root.dataset['theme'])
  })
}

// A browser may refuse storage to a file or a private window: then the choice lasts as long as the page.
function read(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}

function write(theme: string): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    return
  }
}
