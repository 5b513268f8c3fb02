// Which modules of ours are loaded together.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../checks/files.ts'
import { readModule } from '../checks/modules.ts'

/** The modules of ours that are loaded with a file, before any of its code asks for more. */
export function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const { imports } = readModule(file, readFileSync(join(ROOT, file), 'utf8'))
  for (const { target, typeOnly, later } of imports) if (target && !typeOnly && !later) loadedWith(target, seen)
  return seen
}
