// The project's own files: what is tracked, and what would be if it were added now.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Paths relative to the root, sorted; a file that git knows and the disk does not is left out. */
export function listProjectFiles(root: string = ROOT): string[] {
  // In a container the checkout may belong to another user than the one who checks it, which git refuses on its own.
  const safe = ['-c', `safe.directory=${resolve(root)}`]
  const listed = execFileSync('git', [...safe, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const names = new Set(listed.split('\0').filter(Boolean))
  return [...names].filter((name) => existsSync(join(root, name))).sort()
}
