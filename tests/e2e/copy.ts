// A copy of this repository, in which the recipes of CONTRIBUTING are followed to the letter.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { listProjectFiles, ROOT } from '../checks/files.ts'

export interface Copy extends Disposable {
  readonly root: string
}

/** A step of a recipe by its title, and what it does to a checkout; undefined: nothing. */
export type Step = readonly [title: string, follow: ((root: string) => void) | undefined]

/** Everything that git knows of this checkout, or would, in a folder of its own, with the same packages. */
export function aCopy(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'matchday-copy-'))
  for (const file of listProjectFiles()) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(join(ROOT, file), join(root, file))
  }
  // The packages, without what tools keep of this checkout beside them.
  mkdirSync(join(root, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => each !== '.cache'))
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

/** The titles of a recipe's steps as CONTRIBUTING has them. */
export function titlesOf(recipe: string): string[] {
  const text = readFileSync(join(ROOT, '.github/CONTRIBUTING.md'), 'utf8')
  const [, rest = ''] = text.split(`\n## ${recipe}\n`)
  const [steps = ''] = rest.split(/^## /m)
  return [...steps.matchAll(/^\d+\. \*\*(.+?)\*\*/gm)].map(([, title = '']) => title.replaceAll('`', ''))
}

/** A file that is not there yet. */
export function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text, { flag: 'wx' })
}

/** Puts one text in the place of another, which is there. */
export function edit(root: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(root, file), 'utf8')
  if (from === '' || !text.includes(from)) throw new Error(`${file} no longer contains ${JSON.stringify(from)}`)
  writeFileSync(join(root, file), text.replace(from, to))
}
