// One client of the driver with sockets of our own making, so that it can be cut off from a server that never answers:
// the driver says goodbye and then waits for the other side for ever, which would also keep the process from ending.

import { Socket } from 'node:net'

import postgres from 'postgres'

import type { DatabaseUrl } from './database-url.ts'

/** What the driver is opened with. */
export interface ClientSettings {
  readonly max: number
  readonly applicationName: string
  readonly deadlineMs: number
}

export interface Client {
  readonly sql: postgres.Sql
  /** Lets running statements and transactions finish, for at most this long, then rejects what is left and destroys the
   *  sockets. With 0 it does so at once. */
  end(timeoutSeconds: number): Promise<void>
}

/** No answer to a connection attempt within this time is a failure of its own, before any statement's deadline. */
const CONNECT_SECONDS = 10
const IDLE_SECONDS = 60
const RECONNECT_SECONDS = 0.05
/** Rounds of the event loop would do; a busy machine has time to spare. */
const MUTE_MS = 200
/** A connection that the driver can use no more: nothing was sent on it. */
export const MUTE = 'CONNECTION_MUTE'

/** Makes a client; nothing is connected before its first statement. */
export function createClient(url: DatabaseUrl, settings: ClientSettings): Client {
  const sockets: Sockets = { open: new Set(), ended: false }
  const options = {
    max: settings.max,
    ssl: url.ssl,
    prepare: !url.pooled,
    connect_timeout: Math.min(CONNECT_SECONDS, settings.deadlineMs / 1000),
    // So that a client which is not used any more (see db.ts) lets go of its connections, and a hosted database may sleep.
    idle_timeout: IDLE_SECONDS,
    // Its own grows to 20 s and is not always reset by success; every attempt has a caller that waits and decides.
    backoff: () => RECONNECT_SECONDS,
    onnotice: () => undefined,
    connection: {
      application_name: settings.applicationName,
      // Poolers refuse it as a start-up parameter; behind them only our own deadline counts.
      ...(url.pooled ? {} : { statement_timeout: Math.ceil(settings.deadlineMs) }),
    },
    socket: (parsed: ParsedAddress) => openSocket(parsed, sockets), // missing in the driver's own types
  }
  const sql = postgres(url.forDriver, options as postgres.Options<Record<string, never>>)
  return {
    sql,
    async end(timeoutSeconds) {
      const ended = sql.end({ timeout: timeoutSeconds })
      if (timeoutSeconds > 0) await ended
      sockets.ended = true
      for (const socket of sockets.open) socket.destroy()
      await ended
    },
  }
}

interface Sockets {
  readonly open: Set<Socket>
  /** Nothing may be opened any more. */
  ended: boolean
}

interface ParsedAddress {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path: string | false
}

function openSocket({ host, port, path }: ParsedAddress, sockets: Sockets): Socket {
  const socket = new Socket()
  for (const old of sockets.open) if (old.destroyed) sockets.open.delete(old)
  sockets.open.add(socket)
  socket.once('connect', () => setTimeout(() => giveUpIfMute(socket), MUTE_MS))
  socket.on('close', (hadError) => {
    // The driver takes a server that hangs up before its first word for one to be tried again at once, for ever.
    if (!hadError && socket.bytesRead === 0) socket.emit('error', hungUp())
  })
  // With several hosts the first one counts: nobody has asked for more.
  const [firstHost, firstPort] = [host[0] ?? 'localhost', port[0] ?? 5432]
  // The driver reads the host from here, for the server name in TLS and for its messages.
  Object.assign(socket, { host: firstHost, port: firstPort })
  // The driver may have planned a reconnection before it was ended. Later, because its listeners come after our return.
  if (sockets.ended) setImmediate(() => socket.destroy(hungUp()))
  else if (path) socket.connect(path)
  else socket.connect(firstPort, firstHost)
  return socket
}

// The driver writes its first word before the connection stands. When a connection's life before this one ended between a
// write's planning and its sending, it believes for ever that a write is planned (3.4.9: `closed` clears the timer and keeps
// it), and no life of that connection ever says a word again.
function giveUpIfMute(socket: Socket): void {
  if (socket.destroyed || socket.bytesWritten > 0) return
  socket.destroy(Object.assign(new Error('the driver has nothing to say'), { code: MUTE }))
}

function hungUp(): Error {
  return Object.assign(new Error('the server hung up before its first word'), { code: 'CONNECTION_CLOSED' })
}
