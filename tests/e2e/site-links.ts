// Where the links of a built site lead, read from its files.

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { listFiles } from './site-pages.ts'

interface Link {
  readonly from: string
  readonly to: string
}

/** Links to files or parts of pages that are not there: every href and src of every page. */
export async function brokenLinks(folder: string): Promise<string[]> {
  const files = new Set(await listFiles(folder))
  const texts = new Map<string, string>()
  for (const file of files) {
    if (file.endsWith('.html')) texts.set(file, await readFile(path.join(folder, file), 'utf8'))
  }
  const ids = new Map([...texts].map(([file, text]) => [file, new Set(text.match(/(?<= id=")[^"]*/g) ?? [])]))
  const whereTo = ({ from, to }: Link): { file: string; part: string } => {
    const { pathname, hash } = new URL(to, `http://site/${from}`)
    return { file: decodeURIComponent(pathname.slice(1)), part: decodeURIComponent(hash.slice(1)) }
  }
  const broken = new Map<string, string[]>()
  for (const [from, text] of texts) {
    for (const to of linksOf(text)) {
      const { file, part } = whereTo({ from, to })
      const isThere = files.has(file) && (part === '' || !file.endsWith('.html') || ids.get(file)?.has(part))
      const name = part === '' ? file : `${file}#${part}`
      if (!isThere) broken.set(name, [...(broken.get(name) ?? []), from])
    }
  }
  return [...broken].map(([to, from]) => `${to}: ${from.length} pages link to it, ${from[0] ?? ''} for one`)
}

/** The addresses within the site that a page names. */
export function linksOf(html: string): string[] {
  const all = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'))
  return [...new Set(all)].filter((address) => !/^([a-z]+:|\/\/)/i.test(address))
}
