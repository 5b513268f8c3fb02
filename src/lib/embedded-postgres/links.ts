// The symbolic links of PostgreSQL's libraries. An npm package cannot hold links: it lists them, and its install script makes
// them. Where install scripts do not run, we do.

import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Makes the missing links below the package's folder `native`. Throws where the folder may not be written.
 *  Several processes may do it at once: a link is made whole or not at all, and who comes second finds it. */
export function ensureLinks(native: string): void {
  for (const { source, target } of readList(native)) {
    const link = join(native, relative('native', target))
    if (!existsSync(link)) makeLink(relative(dirname(target), source), link)
  }
}

function readList(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return [] // a platform whose package needs none
  return JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
}

function makeLink(target: string, link: string): void {
  try {
    symlinkSync(target, link)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
