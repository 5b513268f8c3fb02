// A transaction on one connection's life. A connection that is lost rejects it once, at that moment; what its work still wants
// to send is refused. Nothing of it ever runs on another connection.

import type { TransactionSql } from 'postgres'

import type { Client } from './client.ts'
import type { DatabaseUrl } from './database-url.ts'
import { isLostConnection } from './lost.ts'
import type { Pool } from './pool.ts'
import { isProvenDirect, learnFromProcess } from './session.ts'
import { createSqlFunction, type Run } from './statement.ts'

/** Does the work of a transaction, or of a part of one. */
export type Work = (tx: TransactionSql) => unknown

interface Scope {
  /** No statement may be sent here any more. */
  over: boolean
  /** The first failure of a statement: the server has given the transaction up with it, whoever caught it. */
  failed: unknown
  /** Statements that are not answered yet. */
  readonly open: Set<Promise<unknown>>
}

/** Names of savepoints: one number for each in a transaction. */
interface Counter {
  savepoints: number
}

/** What begins a transaction, and who judges what a client says to it. */
export interface Beginning {
  readonly url: DatabaseUrl
  readonly statement: string
  /** Was this a pooler's answer, so that the next client is opened as to one? */
  readonly learns: (client: Client, error: unknown) => boolean
}

// A transaction that has not begun has done nothing, so a connection that was lost before it costs only another try.
const MOST_BEGINNINGS = 3

/** Begins a transaction, works in it and commits it, or rolls it back and throws. */
export async function runTransaction(pool: Pool, beginning: Beginning, work: Work): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const client = await pool.acquire()
    try {
      if (await begins(client, beginning, tries)) return await inTransaction(client, work)
    } finally {
      pool.release(client)
    }
  }
}

async function begins(client: Client, { url, statement, learns }: Beginning, tries: number): Promise<boolean> {
  try {
    if (client.pooled || isProvenDirect(url)) await client.run((sql) => sql.unsafe(statement))
    else await beginAndProve(client, url, statement)
    return client.reusable() // else it turned out to be a pooler's
  } catch (error) {
    if (learns(client, error) || (isLostConnection(error) && tries < MOST_BEGINNINGS)) return false
    throw error
  }
}

async function beginAndProve(client: Client, url: DatabaseUrl, statement: string): Promise<void> {
  const asks = `${statement}; select pg_backend_pid() as pid`
  const results = (await client.run((sql) => sql.unsafe(asks))) as { pid: number }[][]
  learnFromProcess(url, client.serverProcess(), results.at(-1)?.[0]?.pid)
  if (!client.reusable()) await rollBack(client, 'rollback')
}

async function inTransaction(client: Client, work: Work): Promise<unknown> {
  const lost = new Promise<never>((_resolve, reject) => client.onLost(reject))
  const whole = runScope(client, { work, counter: { savepoints: 0 }, keep: 'commit', undo: 'rollback' })
  // After a loss the work goes on alone, until its next statement is refused; and without one nobody is ever told of it.
  for (const promise of [whole, lost]) promise.catch(() => undefined)
  return await Promise.race([whole, lost])
}

interface Part {
  readonly work: Work
  readonly counter: Counter
  readonly keep?: string
  readonly undo: string
}

async function runScope(client: Client, { work, counter, keep, undo }: Part): Promise<unknown> {
  const scope: Scope = { over: false, failed: undefined, open: new Set() }
  let value: unknown
  try {
    const result: unknown = work(createTransactionSql(client, scope, counter))
    value = await (Array.isArray(result) ? Promise.all(result as unknown[]) : result)
    await Promise.allSettled(scope.open) // sent, and not waited for
    if (scope.failed !== undefined) throw scope.failed as Error
  } catch (error) {
    scope.over = true
    await rollBack(client, undo)
    // "The transaction is aborted" only repeats that something failed before.
    throw isAborted(error) && scope.failed !== undefined ? scope.failed : error
  }
  scope.over = true
  if (keep !== undefined) await commit(client, keep)
  return value
}

async function rollBack(client: Client, undo: string): Promise<void> {
  try {
    if (!client.lost()) await client.run((sql) => sql.unsafe(undo))
  } catch (error) {
    // Whatever the state of the transaction is: it ends with its connection. What failed before is what counts.
    await client.close(error as Error)
  }
}

async function commit(client: Client, keep: string): Promise<void> {
  const { command } = (await client.run((sql) => sql.unsafe(keep))) as { command: string }
  if (command !== 'COMMIT') throw new Error(`the transaction could not be committed: the server answered ${command}`)
}

function isAborted(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '25P02'
}

function createTransactionSql(client: Client, scope: Scope, counter: Counter): TransactionSql {
  const run: Run = async (recipe) => {
    if (scope.over) throw new Error('a statement was sent after its transaction had ended: wait for it inside')
    const answer = client.run(recipe)
    scope.open.add(answer)
    try {
      return await answer
    } catch (error) {
      scope.failed ??= error
      throw error
    } finally {
      scope.open.delete(answer)
    }
  }
  const savepoint = async (...args: [...name: string[], work: Work]): Promise<unknown> => {
    const name = `s${counter.savepoints++}`
    await run((sql) => sql.unsafe(`savepoint ${name}`))
    return await runScope(client, { work: args.at(-1) as Work, counter, undo: `rollback to ${name}` })
  }
  return Object.assign(createSqlFunction(run), { savepoint }) as unknown as TransactionSql
}
