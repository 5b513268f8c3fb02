// The driver's tagged-template function with a deadline on every statement, and without the driver's known traps around a
// lost connection. It looks and types exactly like the driver's own; it leans on four fields of its Query objects
// (handler, resolve, reject, state), which is why the version in package.json is exact.

import type { Sql, TransactionSql } from 'postgres'

import { MUTE } from './client.ts'

/** Who decides what a statement without an answer means. */
export interface Watch {
  readonly deadlineMs: number
  /** Makes the error for a statement that got no answer, and sees to the client. `sent`: a connection had taken it. */
  expire(client: Sql, sent: boolean): Error
  /** A connection attempt of this client got no answer, or was none: it is replaced. */
  connectTimedOut(client: Sql): void
  /** Ends every client. */
  end(options?: { timeout?: number }): Promise<void>
}

interface DriverQuery {
  handler: (query: DriverQuery) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  state: unknown
  cursorRows?: number
  streaming?: boolean
  cancel: () => Promise<unknown> | null
}

interface Scope {
  /** The transaction's connection is gone: nothing may be sent on it any more. */
  lost: boolean
}

const LOST = new Set([
  MUTE,
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
])

// The driver keeps a session's last word ("terminated by the administrator") and hands it to the first statement of the
// connection's next life, unsent. Such a statement is sent again: it never ran.
const LAST_WORDS = new Set(['57P01', '57P02', '57P05', '25P03'])

/** Did the statement fail because its connection ended, whatever the statement was? */
export function isLostConnection(error: unknown): boolean {
  return LOST.has(String(codeOf(error)))
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code
}

/** Will this client's connection never be of use again? */
function isSpent(error: unknown): boolean {
  return codeOf(error) === 'CONNECT_TIMEOUT' || codeOf(error) === MUTE
}

function isLastWord(error: unknown): boolean {
  return LAST_WORDS.has(String(codeOf(error)))
}

/** Wraps whichever client is the current one. */
export function withDeadlines(current: () => Sql, watch: Watch): Sql {
  const begin = (...args: unknown[]): Promise<unknown> => beginWatched(current, args, watch)
  const end = watch.end.bind(watch) as AnyFunction
  return wrap(() => ({ sql: current(), client: current() }), { watch, current, replaced: { begin, end } })
}

type AnyFunction = (...args: unknown[]) => unknown

/** What to call, and the client it belongs to. */
interface Target<T> {
  readonly sql: T
  readonly client: Sql
}

interface Wrapping {
  readonly watch: Watch
  /** Whose client a statement that was never sent may try next; none within a transaction. */
  readonly current?: () => Sql
  readonly scope?: Scope
  readonly replaced: Record<string, AnyFunction>
}

function wrap<T extends Sql | TransactionSql>(
  target: () => Target<T>,
  { watch, current, scope, replaced }: Wrapping,
): T {
  const call = (make: AnyFunction, args: unknown[], client: Sql): unknown => {
    const made = make(...args)
    return isQuery(made) ? watchQuery(made, { watch, client, current, scope }) : made
  }
  return new Proxy(target().sql, {
    apply(_target, _this, args: unknown[]) {
      const { sql, client } = target()
      return call(sql, args, client)
    },
    get(_target, key) {
      if (typeof key === 'string' && Object.hasOwn(replaced, key)) return replaced[key]
      const { sql, client } = target()
      const value = Reflect.get(sql, key) as unknown
      const makesQuery = key === 'unsafe' || key === 'file'
      return makesQuery ? (...args: unknown[]) => call(value as AnyFunction, args, client) : value
    },
  })
}

function isQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && 'handler' in value
}

interface Watched {
  readonly watch: Watch
  readonly client: Sql
  readonly current: (() => Sql) | undefined
  readonly scope: Scope | undefined
}

// A query is lazy: its handler is called when it is awaited, and never for one that is part of another.
function watchQuery(query: DriverQuery, watched: Watched): DriverQuery {
  const send = query.handler
  query.handler = (self) => {
    if (watched.scope?.lost) return self.reject(lostConnection())
    // Cursors and streams live as long as their reader likes; the server's own statement_timeout watches them.
    if (self.cursorRows === undefined && !self.streaming) arm(self, { ...watched, send })
    return send(self)
  }
  return query
}

function arm(query: DriverQuery, { watch, client, current, send }: Watched & { send: DriverQuery['handler'] }): void {
  const { resolve, reject } = query
  let [sentAgain, triedAnother] = [false, false]
  const timer = setTimeout(() => {
    const sent = query.state !== null
    reject(watch.expire(client, sent))
    if (!sent) void query.cancel() // out of the queue, or it would still be executed some day
  }, watch.deadlineMs)
  query.resolve = (value) => {
    clearTimeout(timer)
    resolve(value)
  }
  query.reject = (error) => {
    if (query.state === null && isLastWord(error) && !sentAgain) {
      sentAgain = true
      return void send(query)
    }
    if (isSpent(error)) watch.connectTimedOut(client)
    if (query.state === null && codeOf(error) === MUTE && current !== undefined && !triedAnother) {
      triedAnother = true
      return void handlerOf(current())(query)
    }
    clearTimeout(timer)
    if (isLostConnection(error)) void afterClose().then(() => reject(error))
    else reject(error)
  }
}

/** How a client takes a statement: of one that is never awaited. */
function handlerOf(sql: Sql): DriverQuery['handler'] {
  return (sql`select 1` as unknown as DriverQuery).handler
}

// A transaction that has not begun has done nothing, so a connection that was lost before it costs only another try.
const MOST_BEGINNINGS = 3

async function beginWatched(client: () => Sql, args: unknown[], watch: Watch): Promise<unknown> {
  const work = args.at(-1) as (tx: TransactionSql) => unknown
  let begun = false
  const once = (tx: TransactionSql): unknown => {
    begun = true
    return work(tx)
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await beginOnce(client(), [...args.slice(0, -1), once], watch)
    } catch (error) {
      if (begun || !isLostConnection(error) || tries === MOST_BEGINNINGS) throw error
    }
  }
}

async function beginOnce(client: Sql, args: unknown[], watch: Watch): Promise<unknown> {
  const work = args.at(-1) as (tx: TransactionSql) => unknown
  const options = args.length > 1 ? String(args[0]) : ''
  const scope: Scope = { lost: false }
  const limit = createLimit((sent) => watch.expire(client, sent), watch.deadlineMs)
  const run = client.begin(options, (tx) => {
    limit.disarm() // inside, each statement has its own deadline
    const ours = (): unknown => work(wrapTransaction({ sql: tx, client }, watch, scope))
    return inScope(ours, scope, () => limit.arm(true))
  })
  // The driver rejects this when the connection ends, before any of our own waiting code hears of it.
  run.catch((error: unknown) => {
    scope.lost = true
    if (isSpent(error)) watch.connectTimedOut(client)
  })
  try {
    return await Promise.race([run, limit.expired])
  } catch (error) {
    if (isLostConnection(error)) await afterClose()
    throw error
  } finally {
    limit.disarm()
  }
}

function wrapTransaction(target: Target<TransactionSql>, watch: Watch, scope: Scope): TransactionSql {
  const savepoint = (...args: unknown[]): Promise<unknown> => {
    const work = args.at(-1) as (inner: TransactionSql) => unknown
    const inner = (sql: TransactionSql): Promise<unknown> =>
      inScope(() => work(wrapTransaction({ ...target, sql }, watch, scope)), scope)
    return args.length > 1 ? target.sql.savepoint(String(args[0]), inner) : target.sql.savepoint(inner)
  }
  return wrap(() => target, { watch, scope, replaced: { savepoint } })
}

// On a lost connection the driver would still send `rollback` or `commit`, into a socket that is null: that is its uncaught
// TypeError, and the bytes would poison the connection's next life. It has already rejected the transaction, so we simply
// never tell it that our part has ended.
async function inScope(work: () => unknown, scope: Scope, ending?: () => void): Promise<unknown> {
  try {
    const result: unknown = work()
    const value: unknown = await (Array.isArray(result) ? Promise.all(result as unknown[]) : result)
    if (scope.lost) return await never()
    ending?.()
    return value
  } catch (error) {
    if (isLostConnection(error)) await afterClose()
    if (scope.lost) return await never()
    ending?.()
    throw error
  }
}

interface Limit {
  /** Rejects when an armed limit passes. */
  readonly expired: Promise<never>
  arm(sent: boolean): void
  disarm(): void
}

function createLimit(expire: (sent: boolean) => Error, deadlineMs: number): Limit {
  let timer: NodeJS.Timeout | undefined
  let reject: (error: Error) => void
  const expired = new Promise<never>((_resolve, no) => (reject = no))
  const arm = (sent: boolean): void => {
    timer = setTimeout(() => reject(expire(sent)), deadlineMs)
  }
  arm(false)
  return { expired, arm, disarm: () => clearTimeout(timer) }
}

// A socket tells its error first and its end later in the same round of the event loop. A statement that is sent between
// the two is lost without a word, so nobody is told of the error before the second round.
async function afterClose(): Promise<void> {
  await nextRound()
  await nextRound()
}

function nextRound(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}

function lostConnection(): Error {
  return Object.assign(new Error("the transaction's connection is gone"), { code: 'CONNECTION_CLOSED' })
}
