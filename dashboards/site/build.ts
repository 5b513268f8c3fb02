// From views to files: every page as text by its path below the site's root, and the assets beside them. Nothing is written
// here.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'

const HERE = new URL('./', import.meta.url)

/** A file of the site. */
export interface SiteFile {
  /** Below the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** A page as text. Everything in it is escaped by Preact. */
export function toPage(path: string, page: VNode): SiteFile {
  return { path, text: `<!doctype html>\n${render(page)}\n` }
}

/** What a part of a page weighs. */
export function bytesOf(part: VNode): number {
  return Buffer.byteLength(render(part))
}

/** Styles, icon and the script of the browser's side. */
export async function buildAssets(): Promise<SiteFile[]> {
  const script = await build({
    entryPoints: [fileURLToPath(new URL('client/main.ts', HERE))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  return [
    { path: 'assets/site.css', text: await readFile(new URL('styles.css', HERE), 'utf8') },
    { path: 'assets/icon.svg', text: await readFile(new URL('icon.svg', HERE), 'utf8') },
    { path: 'assets/site.js', text: textOf(script.outputFiles) },
  ]
}

function textOf([script]: readonly { readonly text: string }[]): string {
  if (script?.text) return script.text
  throw new Error('esbuild made no script for assets/site.js: expected one of dashboards/site/client/main.ts. Look at what it exports and imports.') // prettier-ignore
}
