// One client of the driver for one connection's life. When the connection ends, however it ends, the client is lost for good:
// what the driver (postgres 3.4.9) does wrong around a lost connection it does in the connection's next life, or while several
// statements are under way, and neither happens here.

import type { Duplex } from 'node:stream'

import postgres from 'postgres'

import { arrayTypes } from './array-types.ts'
import type { DatabaseUrl } from './database-url.ts'
import { createFrameReader, type FrameListener } from './frames.ts'
import { becomeReady, beginLife, closeLife, lose, loseToServer, runInTurn, type Life, type Recipe } from './life.ts'
import { connectionError } from './lost.ts'
import { isPooled, rememberPooler, startupParameters, type SessionSettings } from './session.ts'
import { addressOf, openSocket } from './socket.ts'
import { createWire } from './wire.ts'

/** What a client is opened with. */
export interface ClientSettings extends SessionSettings {
  readonly url: DatabaseUrl
  /** Waits for its turn to connect. */
  readonly turn: () => Promise<void>
  /** Makes the error for a statement that got no answer. */
  readonly unanswered: () => Error
}

export interface Client {
  /** It was opened as to a pooler. */
  readonly pooled: boolean
  /** The process that the server named at the start; a pooler invents one. */
  readonly serverProcess: () => number | undefined
  /** Why nothing can be sent any more. */
  readonly lost: () => Error | undefined
  /** Has it answered a statement? */
  readonly answered: () => boolean
  /** Was it lost because a statement got no answer? */
  readonly silent: () => boolean
  /** May another statement or transaction have it? */
  readonly reusable: () => boolean
  /** Sends a statement once those before it are answered. */
  run(recipe: Recipe): Promise<unknown>
  /** Hears of the loss when it comes. */
  onLost(listener: (error: Error) => void): void
  /** Ends the connection; comes back when it is closed. With `politely` the server is told, if it is not at work. */
  close(error: Error, how?: 'politely'): Promise<void>
}

/** A hosted database that sleeps may need 15 s to wake up. */
const CONNECT_MS = 20_000
/** For the answer to travel: more than the server's own limit, so that a server that lives gets to say so itself. */
const MARGIN_MS = 500

/** Makes a client; nothing is connected before its first statement. */
export function createClient(settings: ClientSettings): Client {
  const { url, deadlineMs, unanswered } = settings
  const life = beginLife({ url, unanswered, deadlineMs: deadlineMs + Math.max(MARGIN_MS, deadlineMs / 10) })
  const pooled = isPooled(url)
  const sql = createDriver(settings, createOpener(life, settings))
  return {
    pooled,
    serverProcess: () => life.cancelKey?.readUInt32BE(0),
    lost: () => life.lost,
    answered: () => life.answered,
    silent: () => life.silent,
    reusable: () => life.lost === undefined && !life.spoiled && pooled === isPooled(url),
    async run(recipe) {
      const before = life.answered
      const result = await runInTurn(life, sql, recipe)
      // A server says at the start what name it knows us by; a pooler says its own, or that of somebody before us.
      if (!before && sql.parameters.application_name !== settings.applicationName) rememberPooler(url)
      return result
    },
    onLost: (listener) => void life.listeners.push(listener),
    close: (error, how) => closeLife(life, error, how),
  }
}

function createDriver(settings: ClientSettings, socket: () => Promise<Duplex>): postgres.Sql {
  const { url } = settings
  const { username, password } = new URL(url.forDriver)
  const options = {
    ...addressOf(url),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    password: decodeURIComponent(password),
    database: url.database,
    connection: startupParameters(url, settings),
    prepare: !isPooled(url),
    types: arrayTypes(),
    fetch_types: false,
    max: 1,
    ssl: false, // the socket is encrypted when the driver gets it
    // Time is ours: the driver's timers go on after the end of a connection.
    ...{ connect_timeout: 0, idle_timeout: 0, max_lifetime: null },
    onnotice: () => undefined,
    socket, // missing in the driver's own types
  }
  return postgres(options as object)
}

/** The driver asks for a socket at the beginning of each life of its connection: it gets one, and never a second. */
function createOpener(life: Life, { url, deadlineMs, turn }: ClientSettings): () => Promise<Duplex> {
  let opened = false
  return async () => {
    if (opened) throw connectionError('CONNECTION_CLOSED', 'the connection is gone')
    opened = true
    try {
      await turn()
      if (life.lost) throw life.lost
      const limitMs = Math.min(CONNECT_MS, deadlineMs)
      life.connectTimer = setTimeout(() => lose(life, connectTimedOut(limitMs)), limitMs)
      life.socket = await openSocket(url, life.connecting.signal)
      return createWire(life.socket, createFrameReader(listenTo(life)), { ended: (error) => loseToServer(life, error) })
    } catch (error) {
      lose(life, error as Error)
      throw error
    }
  }
}

function connectTimedOut(limitMs: number): Error {
  return connectionError('CONNECT_TIMEOUT', `no answer to the attempt to connect within ${limitMs} ms`)
}

function listenTo(life: Life): FrameListener {
  return {
    ready: () => becomeReady(life),
    cancelKey: (key) => void (life.cancelKey = Buffer.from(key)),
    lastWords: (fields) => loseToServer(life, toServerError(fields)),
  }
}

/** As the driver throws it. */
function toServerError(fields: ReadonlyMap<string, string>): Error {
  const said = {
    message: fields.get('M') ?? '',
    code: fields.get('C') ?? '',
    severity: fields.get('V') ?? fields.get('S'),
  }
  return Object.assign(new postgres.PostgresError(said.message), said)
}
