// The database that a history lives in: stamped `history`, emptied before it is filled again, and never anybody else's.

import { ConfigFailure } from '../../src/core/errors.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../../src/ledger/migrate.ts'

import { fillHistory } from './fill.ts'

export const ENVIRONMENT = 'history'
const SCHEMAS = ['ledger', 'bronze', 'silver', 'features', 'models', 'predictions']

/** Empties the database, migrates it and fills it; `now` is the database's own clock unless it is given. Throws
 *  ConfigFailure for a database that is neither empty nor a history's. Returns how many runs there are. */
export async function refill(
  url: string,
  wish: { runs: number; seed: number; now?: Date | undefined },
): Promise<number> {
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  const { sql } = database
  await refuseOthers(sql)
  for (const schema of SCHEMAS) await sql`drop schema if exists ${sql(schema)} cascade`
  await sql`drop table if exists matchday_migrations`
  await migrate(sql, { environment: ENVIRONMENT })
  const [clock] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  return await fillHistory(sql, { ...wish, now: wish.now ?? clock!.now })
}

async function refuseOthers(sql: Sql): Promise<void> {
  const [found] = await sql<{ tables: number; stamped: boolean }[]>`
    select count(*)::integer as tables, to_regclass('ledger.stamp') is not null as stamped
    from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
  `
  if (found?.tables === 0) return
  const [stamp] = found?.stamped ? await sql<{ environment: string }[]>`select environment from ledger.stamp` : []
  if (stamp?.environment === ENVIRONMENT) return
  throw new ConfigFailure(
    `the database is not empty and belongs to "${stamp?.environment ?? 'somebody else'}": only an empty one, or one of the environment "${ENVIRONMENT}", is filled with a history. Nothing was changed.`,
    { code: 'wrong_environment' },
  )
}
