// Real data that lives beside the project, in ../shared/data, and is not part of it. Tests that read it are skipped, by
// name, where it is absent:
//
//   test('every real cron line is understood', skipWithout('cron/lines.tsv'), () => { readFileSync(sharedData('cron/lines.tsv')) })

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../../shared/data/', import.meta.url)

/** Where a file or folder of the shared data is, whether or not it exists. `path` is relative, with forward slashes. */
export function sharedData(path: string): string {
  return fileURLToPath(new URL(path, ROOT))
}

/** Options of node:test: run when the path exists, otherwise be skipped with the reason. */
export function skipWithout(path: string): { skip: false | string } {
  return { skip: existsSync(sharedData(path)) ? false : `no ../shared/data/${path}` }
}
