// `npm run generate`: writes anew what is made from something else and lies in the repository so that people can read it; with names only
// those: `npm run generate -- README.md`.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { jobs, leaguesOnByDefault, sources } from '../../src/leagues/index.ts'
import { openDatabase } from '../../src/lib/db.ts'
import { readCatalogWithProblems } from '../../src/schedule/catalog.ts'
import { withSecretsTable } from '../../src/schedule/declared-secrets.ts'
import { withDefault, withTable } from '../../src/schedule/readme-table.ts'
import { ROOT } from '../checks/files.ts'
import { findTestServer, urlForTests, withAdmin } from '../helpers/test-server.ts'
import { schemaFiles } from './schema.ts'

const wanted = process.argv.slice(2)
const isWanted = (file: string) => wanted.length === 0 || wanted.some((part) => file.includes(part))

const reading = await readCatalogWithProblems(ROOT, jobs)
const TABLES = {
  'README.md': (text: string) => withDefault(withTable(text, reading, jobs), leaguesOnByDefault),
  '.github/SECURITY.md': (text: string) => withSecretsTable(text, reading, { jobs, sources }),
}
for (const [file, withOwn] of Object.entries(TABLES))
  if (isWanted(file)) write(file, withOwn(readFileSync(join(ROOT, file), 'utf8')))
if (isWanted('schema.sql'))
  for (const [file, text] of Object.entries(await inEmptyDatabase(schemaFiles))) write(file, text)

function write(file: string, text: string): void {
  writeFileSync(join(ROOT, file), text)
  console.log(`● ${file}`)
}

async function inEmptyDatabase<T>(work: (sql: ReturnType<typeof openDatabase>['sql']) => Promise<T>): Promise<T> {
  await using server = await findTestServer()
  const name = `matchday_generate_${process.pid}`
  await withAdmin(server.adminUrl, (admin) => admin`create database ${admin(name)} template template0`)
  try {
    await using database = openDatabase(urlForTests(server.adminUrl, name))
    return await work(database.sql)
  } finally {
    await withAdmin(server.adminUrl, (admin) => admin`drop database if exists ${admin(name)} with (force)`)
  }
}
