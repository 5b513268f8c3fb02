// Stands before a real server and breaks one connection at one byte of the server's answers.

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What happens at the byte: the connection is reset or closed, nothing comes any more, or other bytes come. */
export const FAULTS = ['reset', 'close', 'silence', 'noise', 'one wrong byte', 'one byte too many'] as const

export interface Fault {
  readonly kind: (typeof FAULTS)[number]
  /** How many bytes of the server come through before. */
  readonly after: number
  /** Any number: which bytes come instead. */
  readonly seed: number
}

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string
  /** Connections so far. */
  readonly connections: () => number
  /** Bytes that the server has sent on the first connection. */
  readonly passed: () => number
}

/** The first connection meets the fault; all later ones are sound, unless `always` is set. */
export async function aFaultyProxy(url: string, fault: Fault | undefined, always = false): Promise<FaultyProxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let [connections, passed] = [0, 0]
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const first = connections++ === 0
    const real = connect(Number(port), hostname)
    for (const socket of [client, real]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    client.pipe(real)
    client.on('close', () => real.destroy())
    const broken = fault && (first || always) ? breakAt(client, fault) : undefined
    real.on('data', (bytes: Buffer) => {
      if (first) passed += bytes.length
      if (broken) broken(bytes)
      else client.write(bytes)
    })
    real.on('close', () => client.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxied = new URL(url)
  proxied.hostname = '127.0.0.1'
  proxied.port = String((server.address() as AddressInfo).port)
  return {
    url: proxied.href,
    connections: () => connections,
    passed: () => passed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function breakAt(client: Socket, { kind, after, seed }: Fault): (bytes: Buffer) => void {
  let passed = 0
  let done = false
  return (bytes) => {
    const left = after - passed
    passed += bytes.length
    if (done) return void (kind.startsWith('one') && client.write(bytes))
    if (left > bytes.length) return void client.write(bytes)
    done = true
    client.write(bytes.subarray(0, left), () => end(client, kind))
    if (kind === 'noise') client.end(noise(seed, 64))
    if (kind === 'one wrong byte') client.write(Buffer.concat([noise(seed, 1), bytes.subarray(left + 1)]))
    if (kind === 'one byte too many') client.write(Buffer.concat([noise(seed, 1), bytes.subarray(left)]))
  }
}

function end(client: Socket, kind: Fault['kind']): void {
  if (kind === 'reset') client.resetAndDestroy()
  if (kind === 'close') client.end()
}

/** The same bytes for the same seed. */
function noise(seed: number, length: number): Buffer {
  let state = seed * 2654435761 + 1
  return Buffer.from(Array.from({ length }, () => ((state = (state * 1103515245 + 12345) >>> 0), state >>> 24)))
}
