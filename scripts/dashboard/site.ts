// Builds the whole site from a database: reads every view, renders every page, and writes the folder in one go, so that a
// build that fails leaves the old site as it was.

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { Sql } from 'postgres'

import { buildAssets, type SiteFile } from '../../dashboards/site/build.ts'
import type { ViewContext } from '../../src/views/context.ts'
import { listRunsWithPages } from '../../src/views/run-pages.ts'
import { PAGE_GROUPS } from './pages.ts'

/** Every file of the site. */
export async function buildSite(sql: Sql, given: ViewContext): Promise<SiteFile[]> {
  const site = { ...given, runsWithPages: await listRunsWithPages(sql, given) }
  const files = await buildAssets()
  for (const group of PAGE_GROUPS) files.push(...(await group.build(sql, site)))
  return files
}

/** Puts the files into a folder, replacing what was there. */
export async function writeSite(folder: string, files: readonly SiteFile[]): Promise<void> {
  const fresh = `${folder}.new`
  await rm(fresh, { recursive: true, force: true })
  for (const { path: name, text } of files) {
    const file = path.join(fresh, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}
