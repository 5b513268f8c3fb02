// `npm run migrate`: brings the database to this code's schema and stamps it with its environment.

import { parseArgs } from 'node:util'

import { noDatabase } from '../src/app.ts'
import { ConfigFailure, toErrorRecord } from '../src/core/errors.ts'
import { describeUrl, explainDatabaseError, openDatabase } from '../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../src/lib/embedded-postgres.ts'
import { isOnActions, parseEnv } from '../src/lib/env.ts'
import { createRedactor } from '../src/lib/redact.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../src/ledger/migrate.ts'

const HELP = `Brings the database of DATABASE_URL (or the embedded one) to this code's schema.

Usage: npm run migrate -- [--environment production]

A database belongs to the environment it was first migrated for: production on Actions, development elsewhere.`

process.exitCode = await main().catch((error: unknown) => {
  const redact = createRedactor([process.env['DATABASE_URL']])
  console.error(redact(`✕ ${toErrorRecord(error).message}`))
  return error instanceof ConfigFailure ? 2 : 1
})

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { environment: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const env = parseEnv(process.env)
  const environment =
    values.environment ?? env.MATCHDAY_ENVIRONMENT ?? (isOnActions(env) ? 'production' : 'development')
  if (env.DATABASE_URL !== undefined) return await migrateAt(env.DATABASE_URL, environment)
  if (isOnActions(env)) throw noDatabase(environment)
  await using server = await joinEmbeddedPostgres({ projectRoot: process.cwd() })
  const name = `matchday_${environment.replaceAll('-', '_')}`
  await server.ensureDatabase(name)
  return await migrateAt(server.urlOf(name), environment)
}

async function migrateAt(url: string, environment: string): Promise<number> {
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  const report = await migrate(database.sql, { environment }).catch((error: unknown) => {
    throw explainDatabaseError(error, url)
  })
  const done = report.applied.length > 0 ? `applied ${report.applied.join(', ')}` : 'nothing to apply'
  console.log(`${describeUrl(url)}: ${done}; schema ${report.version}, environment ${environment}`)
  return 0
}
