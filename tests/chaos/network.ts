// The network in front of the server: a proxy that passes bytes on, or delays, swallows, cuts and refuses them.

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What the network does: `cut` resets each connection after so many bytes more, `hangUp` ends one before its first word. */
export type Weather =
  | { readonly kind: 'fair' }
  | { readonly kind: 'frozen' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'cut'; readonly afterBytes: () => number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'hangUp' }

export interface Network extends AsyncDisposable {
  readonly port: number
  weather(weather: Weather): void
  /** Resets every connection there is. */
  resetAll(): void
}

/** Stands before a port of this machine. */
export async function aNetwork(target: number): Promise<Network> {
  let now: Weather = { kind: 'fair' }
  const pairs = new Set<Pair>()
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client)).on('error', () => client.destroy())
    if (now.kind === 'refuse') return void client.resetAndDestroy()
    // Read to its end, or it would never close.
    if (now.kind === 'hangUp') return void client.resume().end()
    const pair: Pair = { client, real: connect(target, '127.0.0.1'), left: leftOf(now) }
    pairs.add(pair)
    for (const [from, to] of [
      [client, pair.real],
      [pair.real, client],
    ] as const) {
      from.on('data', (bytes: Buffer) => carry(bytes, { pair, to, weather: () => now }))
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => (to.destroy(), pairs.delete(pair)))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const resetAll = () => pairs.forEach(reset)
  return {
    port: (server.address() as AddressInfo).port,
    resetAll,
    weather(weather) {
      now = weather
      for (const pair of pairs) {
        pair.left = leftOf(weather)
        for (const socket of [pair.client, pair.real]) weather.kind === 'frozen' ? socket.pause() : socket.resume()
      }
    },
    async [Symbol.asyncDispose]() {
      resetAll()
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Pair {
  readonly client: Socket
  readonly real: Socket
  /** Bytes until it is cut. */
  left: number
}

const leftOf = (weather: Weather) => (weather.kind === 'cut' ? weather.afterBytes() : Infinity)

function carry(bytes: Buffer, { pair, to, weather }: { pair: Pair; to: Socket; weather: () => Weather }): void {
  const now = weather()
  if (bytes.length > pair.left) {
    to.write(bytes.subarray(0, pair.left), () => reset(pair))
    return
  }
  pair.left -= bytes.length
  if (now.kind === 'slow') setTimeout(() => to.write(bytes), now.delayMs)
  else to.write(bytes)
}

function reset({ client, real }: Pair): void {
  client.resetAndDestroy()
  real.destroy()
}
