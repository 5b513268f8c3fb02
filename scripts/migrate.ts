// `npm run migrate`: brings the database to this code's schema and stamps it with its environment.

import { environmentOf, localDatabase, noDatabase } from '../src/app.ts'
import { describeUrl, explainDatabaseError, openDatabase, waitUntilAwake } from '../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../src/lib/embedded-postgres.ts'
import { isOnActions, parseEnv } from '../src/lib/env.ts'
import { note, say } from '../src/lib/output.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../src/ledger/migrate.ts'
import { runCommand } from './command.ts'

const HELP = `Brings the database of DATABASE_URL (or the embedded one) to this code's schema.

Usage: npm run migrate -- [--environment production]

A database belongs to the environment it was first migrated for: production on Actions, development elsewhere.`

await runCommand({
  call: 'npm run migrate --',
  help: HELP,
  options: { environment: { type: 'string' } },
  run: ({ environment }) => migrateWhereWanted(environment),
})

async function migrateWhereWanted(asked: string | undefined): Promise<void> {
  const env = parseEnv(process.env)
  const environment = environmentOf(env, asked)
  if (env.DATABASE_URL !== undefined) return await migrateAt(env.DATABASE_URL, environment)
  if (isOnActions(env)) throw noDatabase(environment)
  await using server = await joinEmbeddedPostgres({ projectRoot: process.cwd() })
  const name = localDatabase(environment)
  await server.ensureDatabase(name)
  return await migrateAt(server.urlOf(name), environment)
}

async function migrateAt(url: string, environment: string): Promise<void> {
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  await waitUntilAwake(database.sql, { url, tell: (sentence) => note(`◌ ${sentence}`) })
  const report = await migrate(database.sql, { environment }).catch((error: unknown) => {
    throw explainDatabaseError(error, url)
  })
  const done = report.applied.length > 0 ? `applied ${report.applied.join(', ')}` : 'nothing to apply'
  say(`${describeUrl(url)}: ${done}; schema ${report.version}, environment ${environment}`)
}
