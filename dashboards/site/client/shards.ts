// Data that is loaded later: classic scripts below data/ that call matchday.shard(id, rows), because neither fetch nor
// modules work from a file.

type Rows = readonly unknown[]

const waiting = new Map<string, (rows: Rows) => void>()

declare global {
  interface Window {
    matchday?: { shard(id: string, rows: Rows): void }
  }
}

/** Lets data files hand over what they hold. To be called once, before any is loaded. */
export function receiveShards(): void {
  window.matchday = { shard: (id, rows) => waiting.get(id)?.(rows) }
}

/** Loads `data/<path>.js`, which must call matchday.shard with the same path; undefined when there is no such file, or it
 *  holds something else. */
export function loadShard<Row>(path: string): Promise<readonly Row[] | undefined> {
  const script = document.createElement('script')
  script.src = `${siteRoot()}data/${path}.js`
  return new Promise((resolve) => {
    const end = (rows: Rows | undefined) => {
      waiting.delete(path)
      script.remove()
      resolve(rows as readonly Row[] | undefined)
    }
    waiting.set(path, end)
    script.addEventListener('error', () => end(undefined))
    // By then it has handed over what it holds: a proxy's page in its place hands over nothing.
    script.addEventListener('load', () => end(undefined))
    document.head.append(script)
  })
}

/** The site's root as this page reaches it: `../../`. */
export function siteRoot(): string {
  const own = document.querySelector<HTMLScriptElement>('script[src$="assets/site.js"]')
  return own?.getAttribute('src')?.replace(/assets\/site\.js$/, '') ?? ''
}
