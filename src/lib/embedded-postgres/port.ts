// On which port the server listens: the one of the last time if it is free, so that a URL that somebody kept stays true.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'

import { LedgerFailure } from '../../core/errors.ts'

import type { Place } from './place.ts'
import { OR_DATABASE_URL } from './trouble.ts'

const HOST = '127.0.0.1'

/** A free port of the loopback interface. Another process may still take it before the server does. */
export async function choosePort(place: Place): Promise<number> {
  const last = rememberedPort(place)
  const port = (last === undefined ? undefined : await tryPort(last)) ?? (await tryPort(0))
  if (typeof port === 'number') return port
  throw new LedgerFailure(
    `the embedded PostgreSQL cannot be reached: nothing gets through to ${HOST} here. ` +
      `Bring the loopback interface up (ip link set lo up), ${OR_DATABASE_URL}`,
    { retryable: false },
  )
}

/** Does anything answer on the port? */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })
}

/** Notes the port for the next start, and for people. */
export function rememberPort(place: Place, port: number): void {
  try {
    mkdirSync(dirname(place.pointer), { recursive: true })
    const fresh = `${place.pointer}.${process.pid}`
    writeFileSync(fresh, `${JSON.stringify({ directory: place.directory, port }, null, 2)}\n`)
    renameSync(fresh, place.pointer)
  } catch {
    return // a read-only project: the next start takes another port, nothing else is lost
  }
}

// Listening for a moment is the only true answer to "is this port free", and being reached there to "is the interface up".
// 0 lets the system choose.
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host: HOST, exclusive: true }, () => {
      const address = probe.address()
      const found = typeof address === 'object' && address ? address.port : 0
      void answers(found).then((reached) => probe.close(() => resolve(reached ? found : undefined)))
    })
  })
}

function rememberedPort(place: Place): number | undefined {
  try {
    const { port } = JSON.parse(readFileSync(place.pointer, 'utf8')) as { port?: unknown }
    return typeof port === 'number' && port > 0 && port < 65_536 ? port : undefined
  } catch {
    return undefined // first start, or the file was damaged: any port will do
  }
}
