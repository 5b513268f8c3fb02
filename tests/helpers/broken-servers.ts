// Database servers that misbehave, on real sockets.

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface BrokenServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Connections so far. */
  readonly connections: () => number
}

/** Accepts and never says a word: a half-open server. */
export function aSilentServer(): Promise<BrokenServer> {
  return listen(() => undefined)
}

/** Accepts and hangs up. */
export function aServerThatHangsUp(): Promise<BrokenServer> {
  return listen((socket) => socket.end())
}

/** Accepts and resets at the first word. */
export function aServerThatResets(): Promise<BrokenServer> {
  return listen((socket) => socket.once('data', () => socket.resetAndDestroy()))
}

/** Refuses encryption as PostgreSQL does, and then hangs up. */
export function aServerWithoutTls(): Promise<BrokenServer> {
  return listen((socket) => socket.once('data', () => socket.write('N')))
}

/** Stands before a real server; `freeze` stops the bytes in both directions, without closing anything. */
export async function aFreezableProxy(url: string): Promise<BrokenServer & { freeze(): void }> {
  const { hostname, port } = new URL(url)
  const pairs: Socket[] = []
  const server = await listen((client) => {
    const real = connect(Number(port), hostname)
    real.on('error', () => client.destroy())
    client.pipe(real).pipe(client)
    pairs.push(client, real)
    client.on('close', () => real.destroy())
  })
  const proxied = new URL(url)
  proxied.port = String(server.port)
  return {
    ...server,
    url: proxied.href,
    freeze: () => pairs.forEach((socket) => socket.unpipe().pause()),
  }
}

/** A port that nothing listens on. */
export async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listen(serve: (socket: Socket) => void): Promise<BrokenServer> {
  const sockets: Socket[] = []
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy()) // a client that is cut off resets the connection
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `postgres://ann:s3cr3t@127.0.0.1:${port}/league?options=hidden`,
    connections: () => sockets.length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
