// Work that one at a time may do, behind a lock that takes a right: an advisory lock is anybody's, a dashboard's too. Whoever
// does not get it in time is told who holds it.

import type { Sql, TransactionSql } from 'postgres'

import { LedgerFailure } from '../core/errors.ts'

export interface Turn {
  /** What waits, as a sentence begins with it: "the migration". */
  readonly what: string
  /** Locked for others who take turns on it. Readers are not kept out. */
  readonly table: 'matchday_migrations' | 'ledger.stamp'
  readonly waitMs: number
}

/** Once it cannot be had in time, or something within the work cannot. */
const LOCK_NOT_HAD = '55P03'

/** Does the work in a transaction, when its turn comes; what it locks itself is waited for no longer than its turn. Throws
 *  LedgerFailure that may be temporary and says who is in the way. */
export async function inTurn<T>(sql: Sql, turn: Turn, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const done = sql.begin(async (tx) => {
    // For this transaction only: behind a pooler the session is somebody else's afterwards.
    await tx`select set_config('lock_timeout', ${`${turn.waitMs}ms`}, true)`
    await tx`lock table ${tx(turn.table)} in share row exclusive mode`
    return await work(tx)
  })
  return (await done.catch(async (error: unknown) => {
    throw isLockNotHad(error) ? await inTheWay(sql, turn, error) : error
  })) as T
}

function isLockNotHad(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  return code === LOCK_NOT_HAD || cause?.code === LOCK_NOT_HAD
}

async function inTheWay(sql: Sql, { what, waitMs }: Turn, cause: unknown): Promise<LedgerFailure> {
  const holder = await findHolder(sql)
  const who = holder
    ? `session ${holder.pid} (${holder.name}) has held ${holder.table} for ${holder.seconds} s. End it (select pg_terminate_backend(${holder.pid})), or wait until it is done`
    : 'whoever held it has let go since. Wait a moment'
  return new LedgerFailure(
    `${what} did not get a lock within ${waitMs / 1000} s, and was rolled back whole: ${who}; then it can be tried again.`,
    { code: 'lock_not_had', retryable: true, cause },
  )
}

interface Holder {
  readonly pid: number
  readonly name: string
  readonly table: string
  readonly seconds: number
}

/** The session that has held a table of ours for longest. */
async function findHolder(sql: Sql): Promise<Holder | undefined> {
  const [row] = await sql<Holder[]>`
    select session.pid, concat_ws(', ', session.usename, nullif(session.application_name, '')) as name,
      min(held.relation::regclass::text) as table,
      coalesce(round(extract(epoch from clock_timestamp() - session.xact_start)), 0)::integer as seconds
    from pg_locks held
      join pg_stat_activity session using (pid)
      join pg_class class on class.oid = held.relation
    where held.granted and held.locktype = 'relation' and session.datname = current_database() and session.pid <> pg_backend_pid()
      and class.relnamespace not in (select oid from pg_namespace where nspname like any(${['pg\\_%', 'information_schema']}))
    group by session.pid, session.usename, session.application_name, session.xact_start
    order by session.xact_start nulls last
    limit 1
  `
  return row
}
