// The life of one connection: statements one after the other, each with a deadline, until the connection is lost. What was
// under way is then rejected, once and by us; nothing is sent any more.

import type { Socket } from 'node:net'

import postgres from 'postgres'

import { requestCancel } from './cancel.ts'
import type { DatabaseUrl } from './database-url.ts'
import { connectionError, markLost } from './lost.ts'

/** Makes a statement from the driver's function; it is sent when it is awaited. */
export type Recipe = (sql: postgres.Sql) => PromiseLike<unknown>

export interface Life {
  readonly url: DatabaseUrl
  readonly deadlineMs: number
  /** Makes the error for a statement that got no answer. */
  readonly unanswered: () => Error
  /** Ends the attempt to connect. */
  readonly connecting: AbortController
  readonly listeners: ((error: Error) => void)[]
  /** Statements that wait for the one under way. */
  readonly waiting: (() => void)[]
  busy: boolean
  /** The server has waited for a statement. */
  ready: boolean
  answered: boolean
  /** The driver stumbled over a statement: not to be used again once the transaction is over. */
  spoiled: boolean
  /** It took a statement and never answered. */
  silent: boolean
  lost: Error | undefined
  socket: Socket | undefined
  cancelKey: Buffer | undefined
  connectTimer: NodeJS.Timeout | undefined
  current: Sent | undefined
}

/** The statement under way. */
interface Sent {
  readonly reject: (error: Error) => void
  timer: NodeJS.Timeout | undefined
}

/** How a connection is left: with a word to the server; or with a request to cancel what it is still at. */
type Goodbye = 'politely' | 'cancelling'

const GOODBYE_MS = 500
const TERMINATE = Buffer.from([88, 0, 0, 0, 4])

/** Begins a life without a connection. */
export function beginLife(fixed: Pick<Life, 'url' | 'deadlineMs' | 'unanswered'>): Life {
  return {
    ...fixed,
    connecting: new AbortController(),
    listeners: [],
    waiting: [],
    ...{ busy: false, ready: false, answered: false, spoiled: false, silent: false },
    ...{ lost: undefined, socket: undefined, cancelKey: undefined, connectTimer: undefined, current: undefined },
  }
}

/** The server waits for a statement: from now on the statement's own deadline counts. */
export function becomeReady(life: Life): void {
  if (life.ready) return
  life.ready = true
  clearTimeout(life.connectTimer)
  if (life.current) startClock(life, life.current)
}

/** Sends a statement once those before it are answered. Never two at a time: a pooler may stall on the second, and of two the
 *  driver cannot tell which of them a lost connection carried out. */
export async function runInTurn(life: Life, sql: postgres.Sql, recipe: Recipe): Promise<unknown> {
  if (life.busy) await new Promise<void>((resolve) => life.waiting.push(resolve))
  life.busy = true
  try {
    return await send(life, sql, recipe)
  } finally {
    const next = life.waiting.shift()
    if (next) next()
    else life.busy = false
  }
}

function send(life: Life, sql: postgres.Sql, recipe: Recipe): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (life.lost) return reject(connectionError('CONNECTION_CLOSED', 'the connection is gone'))
    const sent: Sent = { reject, timer: undefined }
    life.current = sent
    if (life.ready) startClock(life, sent)
    const settle = (error?: Error): void => {
      clearTimeout(sent.timer)
      if (life.current === sent) life.current = undefined
      if (error === undefined || error instanceof postgres.PostgresError) life.answered ||= life.ready
      else life.spoiled = true
    }
    recipe(sql).then(
      (result) => {
        settle()
        resolve(result)
      },
      (error: Error) => {
        settle(error)
        reject(error)
      },
    )
  })
}

function startClock(life: Life, sent: Sent): void {
  sent.timer = setTimeout(() => {
    life.silent = true
    lose(life, life.unanswered(), 'cancelling')
  }, life.deadlineMs)
}

/** The connection is lost, if it was not before: rejects what is under way and tells who listens. */
export function lose(life: Life, error: Error, goodbye?: Goodbye): void {
  if (life.lost) return
  life.lost = error
  clearTimeout(life.connectTimer)
  clearTimeout(life.current?.timer)
  life.current?.reject(error)
  for (const tell of life.listeners) tell(error)
  life.connecting.abort(error)
  hangUp(life, goodbye)
}

/** The server or the network ended the connection. An error while it was in use may have come after the statement was done. */
export function loseToServer(life: Life, error: Error): void {
  lose(life, life.ready ? markLost(error) : error)
}

/** Ends the connection; comes back when it is closed. With `politely` one that is being given up has its time for it. */
export async function closeLife(life: Life, error: Error, how?: 'politely'): Promise<void> {
  const { socket } = life
  if (life.lost && how !== 'politely') socket?.destroy()
  lose(life, error, how === 'politely' && life.ready && !life.busy ? how : undefined)
  if (socket && !socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()))
}

function hangUp({ socket, url, cancelKey }: Life, goodbye: Goodbye | undefined): void {
  if (!socket) return
  const destroy = (): void => void socket.destroy()
  if (goodbye === 'politely') {
    const timer = setTimeout(destroy, GOODBYE_MS)
    socket.once('close', () => clearTimeout(timer)).end(TERMINATE)
    // The other connection first: a pooler forgets whom to cancel when this one is gone.
  } else if (goodbye === 'cancelling' && cancelKey) void requestCancel(url, cancelKey).finally(destroy)
  else setImmediate(destroy)
}
