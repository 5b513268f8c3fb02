// Lends clients: each to one statement or one transaction at a time, opened when they are needed, thrown away when their
// connection has ended. Whoever finds none free waits in a queue, not for ever; and a server that refuses is not asked more
// often than the floor between two attempts allows, whatever the driver would do.

import { setTimeout as wait } from 'node:timers/promises'

import { monotonicMs } from '../clock.ts'
import { createClient, type Client, type ClientSettings } from './client.ts'
import { connectionError } from './lost.ts'
import { isPoolersAnswer } from './session.ts'

export interface PoolSettings extends Omit<ClientSettings, 'turn'> {
  /** Clients at most. */
  readonly max: number
  /** Makes the error for a statement that found no client free in time. */
  readonly nothingFree: () => Error
}

export interface Pool {
  /** A client for one statement or one transaction. */
  acquire(): Promise<Client>
  /** Gives it back. */
  release(client: Client): void
  /** Lets what runs and waits finish, for at most so long, and rejects the rest. With 0 at once. */
  end(timeoutSeconds: number): Promise<void>
}

/** So that a hosted database may sleep. */
const IDLE_MS = 60_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

interface Waiter {
  readonly resolve: (client: Client) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

interface State {
  readonly settings: PoolSettings
  readonly floor: Floor
  /** All that count towards the most there may be. */
  readonly lent: Set<Client>
  readonly idle: Map<Client, NodeJS.Timeout>
  readonly waiters: Waiter[]
  /** Connections that are not closed yet. */
  readonly closing: Set<Client>
  /** Called when nothing runs and nobody waits. */
  whenQuiet: () => void
  ended: Promise<void> | undefined
}

/** Makes an empty pool. */
export function createPool(settings: PoolSettings): Pool {
  const state: State = {
    settings,
    floor: createFloor(),
    lent: new Set(),
    idle: new Map(),
    waiters: [],
    closing: new Set(),
    whenQuiet: () => undefined,
    ended: undefined,
  }
  return {
    acquire: () => acquire(state),
    release: (client) => release(state, client),
    end: (timeoutSeconds) => (state.ended ??= end(state, timeoutSeconds)),
  }
}

async function acquire(state: State): Promise<Client> {
  if (state.ended) throw connectionError('CONNECTION_ENDED', 'the database was closed by this program')
  // The one used last: the others may fall idle and be closed.
  const idle = [...state.idle.keys()].at(-1)
  if (idle) {
    clearTimeout(state.idle.get(idle))
    state.idle.delete(idle)
    state.lent.add(idle)
    return idle
  }
  if (state.lent.size < state.settings.max) return open(state)
  return await waitForClient(state)
}

function open(state: State): Client {
  const client = createClient({ ...state.settings, turn: () => state.floor.turn() })
  state.lent.add(client)
  client.onLost((error) => {
    if (!client.answered() && !isPoolersAnswer(error)) state.floor.failed()
    if (state.idle.has(client)) discard(state, client)
    // Silence is the way's more often than the statement's: the idle ones took the same way, and nobody has asked them yet.
    if (client.silent()) for (const idle of [...state.idle.keys()]) discard(state, idle)
  })
  return client
}

function waitForClient({ waiters, settings }: State): Promise<Client> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiters.splice(waiters.indexOf(waiter), 1)
      reject(settings.nothingFree())
    }, settings.deadlineMs)
    const waiter: Waiter = { resolve, reject, timer }
    waiters.push(waiter)
  })
}

function release(state: State, client: Client): void {
  if (client.answered()) state.floor.worked()
  const waiter = client.reusable() || state.waiters.length > 0 ? state.waiters.shift() : undefined
  const next = client.reusable() ? client : undefined
  if (!next) discard(state, client)
  if (waiter) {
    clearTimeout(waiter.timer)
    waiter.resolve(next ?? open(state))
  } else if (next) {
    state.lent.delete(next)
    state.idle.set(next, setTimeout(() => discard(state, next), IDLE_MS).unref())
  }
  if (state.lent.size === 0 && state.waiters.length === 0) state.whenQuiet()
}

function discard(state: State, client: Client): void {
  clearTimeout(state.idle.get(client))
  state.idle.delete(client)
  state.lent.delete(client)
  state.closing.add(client)
  const closed = client.close(connectionError('CONNECTION_CLOSED', 'the connection was given up'), 'politely')
  void closed.finally(() => state.closing.delete(client))
}

async function end(state: State, timeoutSeconds: number): Promise<void> {
  const { lent, idle, waiters } = state
  if (timeoutSeconds > 0 && lent.size + waiters.length > 0) await quiet(state, timeoutSeconds * 1000)
  const error = connectionError('CONNECTION_DESTROYED', 'the database was closed by this program')
  for (const { timer, reject } of waiters.splice(0)) {
    clearTimeout(timer)
    reject(error)
  }
  for (const timer of idle.values()) clearTimeout(timer)
  const how = timeoutSeconds > 0 ? 'politely' : undefined
  await Promise.all([...lent, ...idle.keys(), ...state.closing].map((client) => client.close(error, how)))
}

async function quiet(state: State, timeoutMs: number): Promise<void> {
  const enough = new AbortController()
  state.whenQuiet = () => enough.abort()
  await wait(timeoutMs, undefined, { signal: enough.signal }).catch(() => undefined) // quiet before the time is over
}

interface Floor {
  /** Comes back when the next attempt to connect may begin. */
  turn(): Promise<void>
  failed(): void
  worked(): void
}

/** After an attempt that led to nothing the next waits, ever longer, until a connection has answered a statement. */
function createFloor(): Floor {
  let pauseMs = 0
  let next = 0
  return {
    async turn() {
      if (pauseMs === 0) return
      const now = monotonicMs()
      const at = Math.max(now, next)
      next = at + pauseMs
      await wait(at - now)
    },
    failed() {
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2))
      next = Math.max(next, monotonicMs() + pauseMs)
    },
    worked() {
      pauseMs = 0
    },
  }
}
