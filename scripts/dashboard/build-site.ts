// Builds the whole site from a database: reads every view, renders every page, and writes the folder in one go, so that a
// build that fails leaves the old site as it was.

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { Sql } from 'postgres'

import { buildAssets, type SiteFile } from '../../dashboards/site/build.ts'
import { forbiddenBy } from '../../dashboards/site/sharing.ts'
import { unbroken } from '../../dashboards/site/unbroken.ts'
import { ConfigFailure, toErrorRecord } from '../../src/core/errors.ts'
import { createPlaceHider } from '../../src/lib/database-place.ts'
import type { ViewContext } from '../../src/views/context.ts'
import { readRunPlaces } from '../../src/views/run/pages.ts'

export interface BuildParts {
  /** Of the database that is read: no page says where it is. */
  readonly databaseUrl?: string | undefined
  /** Told of which page group how many values may have been secrets and were replaced. */
  readonly replaced?: (group: string, count: number) => void
  /** Does a named part of the work: for who measures it. */
  readonly timed?: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>
}

/** Every file of the site. */
export async function buildSite(
  sql: Sql,
  given: ViewContext,
  { databaseUrl, replaced = () => undefined, timed = (_name, work) => work() }: BuildParts = {},
): Promise<SiteFile[]> {
  const told = given.jobs.filter(({ id }) => forbiddenBy(given, id).length === 0)
  const quotableJobs = new Set(told.map(({ id }) => id))
  const places = await timed('which runs have pages', () => readRunPlaces(sql, given))
  const site = { ...given, quotableJobs, ...places }
  const files = await timed('assets', buildAssets)
  const hide = createPlaceHider(databaseUrl)
  for (const group of await loadPages()) {
    const build = () => group.build(sql, site, { hide, replaced: (count) => replaced(group.name, count) })
    files.push(...(await timed(group.name, build)))
  }
  return files.map((file) => (file.path.endsWith('.html') ? { ...file, text: unbroken(file.text) } : file))
}

/** Pages are JSX, which Node does not read by itself. */
async function loadPages() {
  await import('tsx')
  return (await import('./pages.ts')).PAGE_GROUPS
}

/** Puts the files into a folder, replacing the site that was there. Throws ConfigFailure where something else is. */
export async function writeSite(folder: string, files: readonly SiteFile[]): Promise<void> {
  // Without a slash at its end: what is written beside it would lie in it.
  const target = path.resolve(folder)
  await refuseOthers(target)
  await mkdir(path.dirname(target), { recursive: true })
  // Beside it, to be renamed; in a folder of its own, whose name is nobody else's.
  const beside = await mkdtemp(`${target}.`)
  try {
    const fresh = path.join(beside, 'site')
    for (const { path: name, text } of files) {
      const file = path.join(fresh, name)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, text)
    }
    await exchange(target, { fresh, old: path.join(beside, 'old') })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Two renames: there is a site but for an instant, and the old one comes back when the new one cannot take its place. */
async function exchange(target: string, { fresh, old }: { fresh: string; old: string }): Promise<void> {
  await mkdir(target, { recursive: true })
  await rename(target, old)
  await rename(fresh, target).catch(async (error: unknown) => {
    await rename(old, target)
    throw error
  })
}

/** What every site has, and hardly anything else. */
const MARKS = ['status.json', 'index.html', 'assets/site.js']

/** A folder is replaced whole: only one that is empty, or is a site of ours, may be. */
async function refuseOthers(target: string): Promise<void> {
  const there = await readdir(target).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new ConfigFailure(
      `${target} cannot be a site's folder (${toErrorRecord(error).message}): name another by --out`,
    )
  })
  if (there.length === 0 || MARKS.every((name) => existsSync(path.join(target, name)))) return
  throw new ConfigFailure(`${target} holds something that is no site of Matchday: name an empty folder by --out, or one that is not there`) // prettier-ignore
}
