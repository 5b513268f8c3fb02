// Which pages a built site has, and one of each kind.

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

export interface KindOfPage {
  /** `index`, `job`, `run`. */
  readonly kind: string
  /** Below the site's root. */
  readonly page: string
}

/** Every file below the root, with forward slashes, in order. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort()
}

/** The pages at the root, and of each folder one that has the most to show. */
export async function pageKinds(folder: string): Promise<KindOfPage[]> {
  const pages = (await listFiles(folder)).filter((file) => file.endsWith('.html'))
  const atRoot = pages.filter((page) => !page.includes('/')).map((page) => ({ kind: page.replace('.html', ''), page }))
  const folders = [...new Set(pages.filter((page) => page.includes('/')).map((page) => page.split('/')[0]!))]
  const others = await Promise.all(folders.map((name) => largestOf(folder, name, pages)))
  return [...atRoot, ...others]
}

async function largestOf(folder: string, name: string, pages: readonly string[]): Promise<KindOfPage> {
  const ofFolder = pages.filter((page) => page.startsWith(`${name}/`))
  const sizes = await Promise.all(ofFolder.map(async (page) => (await readFile(path.join(folder, page))).length))
  return { kind: name.replace(/s$/, ''), page: ofFolder[sizes.indexOf(Math.max(...sizes))]! }
}
