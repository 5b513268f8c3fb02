// The schema as files that people can read, one for what all leagues share and one for each league: what a database holds once
// the migrations have been applied, asked of its catalogs.

import { listMigrations, migrate } from '../../src/ledger/migrate.ts'
import type { Sql } from '../../src/lib/db.ts'
import { readObjects, type DatabaseObject } from './catalog.ts'
import { readRemarks } from './remarks.ts'

const HEAD = `-- The tables as they are, written by \`npm run generate\` from the migrations beside this file and compared with them by a
-- test. To be read only: a database is changed by a new migration.
`

/** The PostgreSQL whose spelling of types and expressions the files have. */
export const WRITTEN_BY_MAJOR = 18

/** Applies the migrations to an empty database, a league's after another's, and says what each file is to hold, by its path. */
export async function schemaFiles(sql: Sql): Promise<Record<string, string>> {
  const migrations = listMigrations()
  const remarks = readRemarks(migrations.map((migration) => migration.sql))
  const files: Record<string, string> = {}
  let known: readonly DatabaseObject[] = []
  for (const league of [...new Set(migrations.map((migration) => migration.league))]) {
    await migrate(sql, {
      environment: 'test',
      migrations: migrations.filter((migration) => migration.league === league),
    })
    const objects = await readObjects(sql, remarks)
    files[fileOf(league)] = `${HEAD}\n${added(objects, known, league).map(({ text }) => text).join('\n\n')}\n` // prettier-ignore
    known = objects
  }
  return files
}

const fileOf = (league: string | undefined) =>
  league === undefined ? 'src/ledger/schema.sql' : `src/leagues/${league}/schema.sql`

/** What a league brings; it may change nothing of what was there. */
function added(
  objects: readonly DatabaseObject[],
  known: readonly DatabaseObject[],
  league: string | undefined,
): DatabaseObject[] {
  const changed = known.find(({ key, text }) => objects.find((object) => object.key === key)?.text !== text)
  if (changed) throw new Error(`the migrations of ${league} change ${changed.key}; expected only tables of its own`)
  return objects.filter(({ key }) => !known.some((object) => object.key === key))
}
