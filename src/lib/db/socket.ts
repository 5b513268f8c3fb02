// Opens the socket to a database server, encrypted as its URL asks: the driver gets it ready to use, so that connecting,
// encrypting and giving up are ours alone.

import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import type { DatabaseUrl } from './database-url.ts'
import { connectionError } from './lost.ts'

const KEEP_ALIVE_MS = 30_000
const REQUEST_TLS = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Connects. When the signal aborts first, the reason of the signal is thrown. */
export async function openSocket(url: DatabaseUrl, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const socket = connect({ ...addressOf(url), noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
  const giveUp = (): void => void socket.destroy()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await happens(socket, 'connect')
    const ready = url.ssl === false ? socket : await encrypt(socket, url)
    signal.throwIfAborted()
    return ready
  } catch (error) {
    socket.destroy()
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Where the URL points to: a directory of the file system means a Unix socket, as libpq has it. */
export function addressOf({ forDriver }: DatabaseUrl): { host: string; port: number } | { path: string } {
  const url = new URL(forDriver)
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'
  const port = Number(url.port || 5432)
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

async function encrypt(socket: Socket, url: DatabaseUrl): Promise<Socket> {
  const answer = happens(socket, 'data')
  socket.write(REQUEST_TLS)
  const said = (await answer) as Buffer
  socket.pause()
  if (said.length === 1 && said[0] === 'N'.charCodeAt(0)) {
    if (url.ssl === 'prefer') return socket
    throw connectionError('TLS_REFUSED', 'the server offers no encryption')
  }
  // More than one byte would be somebody's who adds words of his own before the encryption begins.
  if (said.length !== 1 || said[0] !== 'S'.charCodeAt(0)) {
    throw connectionError('CONNECTION_GARBLED', 'the answer is not that of a PostgreSQL server')
  }
  const { host } = { host: '', ...addressOf(url) }
  const options = typeof url.ssl === 'object' ? url.ssl : { rejectUnauthorized: false }
  const encrypted = connectTls({ socket, ...(isIP(host) ? {} : { servername: host }), ...options })
  await happens(encrypted, 'secureConnect')
  return encrypted
}

/** Waits for an event of a socket that has not ended. */
async function happens(socket: Socket, event: 'connect' | 'data' | 'secureConnect'): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    // Stays: a socket whose error nobody hears ends the process.
    socket.on('error', reject)
    socket.once('close', () => reject(connectionError('CONNECTION_CLOSED', 'the server closed the connection')))
    socket.once(event, resolve)
  })
}
