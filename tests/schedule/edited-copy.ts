// A repository like ours in a temporary folder, some of its files edited: the NFL's real workflow files and the house's own with
// an empty door for each script, or everything that the check of workflows reads.

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { JobId } from '../../src/core/job.ts'
import type { Need } from '../../src/core/slot.ts'
import type { JobFacts } from '../../src/schedule/catalog.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Files below .github by their path there, of a whole copy by their path from the root too: what becomes of the text, or a new
 *  text. */
export type Edits = Record<string, string | ((text: string) => string)>

/** The jobs of the NFL's week, as far as the catalog looks at them. */
export const NFL_JOBS: readonly JobFacts[] = [
  facts('nfl/bronze', {}),
  { ...facts('nfl/silver', { 'nfl/bronze': 'fresh' }), deadlineMinutes: 19 * 60 },
  facts('nfl/features', { 'nfl/silver': 'fresh' }),
  facts('nfl/train', { 'nfl/features': 'fresh' }),
  facts('nfl/predict', { 'nfl/train': 'any' }),
  facts('nfl/results', {}),
]

/** Makes the copy; it is removed when the test ends. */
export async function editedCopy(t: TestContext, edits: Edits = {}): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'matchday-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  await cp(path.join(ROOT, '.github'), path.join(root, '.github'), { recursive: true, filter: isCopied })
  await mkdir(path.join(root, 'scripts/nfl'), { recursive: true })
  await mkdir(path.join(root, 'scripts/ops'), { recursive: true })
  for (const { id } of NFL_JOBS) await writeFile(path.join(root, `scripts/${id}.ts`), '')
  for (const name of await readdir(path.join(ROOT, 'scripts/ops')))
    await writeFile(path.join(root, 'scripts/ops', name), '')
  for (const [name, edit] of Object.entries(edits)) {
    const file = path.join(root, '.github', name)
    await writeFile(file, typeof edit === 'string' ? edit : edit(await readFile(file, 'utf8')))
  }
  return root
}

/** A copy of everything that the check of workflows reads, whatever jobs there are. */
export async function wholeCopy(t: TestContext, edits: Edits = {}): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'matchday-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  for (const part of ['.github', 'scripts', 'README.md'])
    await cp(path.join(ROOT, part), path.join(root, part), { recursive: true })
  for (const [name, edit] of Object.entries(edits)) {
    const file = path.join(root, /^(?:workflows|actions)\//.test(name) ? path.join('.github', name) : name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, typeof edit === 'string' ? edit : edit(await readFile(file, 'utf8')))
  }
  return root
}

/** Workflows of other sports stay away: their jobs are not in the list above. */
function isCopied(source: string): boolean {
  return !/\bworkflows[\\/](?!(?:nfl-|ops-|ci\.))[^\\/]+$/.test(source)
}

/** An edit that must find what it replaces, so that a test does not pass because a workflow was reworded. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`the workflow no longer contains ${JSON.stringify(from)}`)
    return text.replace(from, () => to)
  }
}

function facts(id: JobId, needs: Record<JobId, Need>): JobFacts {
  return { id, needs, league: 'nfl', params: { season: undefined, week: undefined, markets: undefined } }
}
