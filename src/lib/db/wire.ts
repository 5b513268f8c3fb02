// The stream that the driver takes for its socket. Everything that comes is read by us first; and its end is told to the driver
// between two rounds of the event loop, when no message is half handled: that is when the driver could write to a socket that
// it has let go of, and end the process.

import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

import type { FrameReader } from './frames.ts'
import { connectionError } from './lost.ts'

/** What becomes known of the connection. */
export interface WireListener {
  /** It ended, or said what no server says. Nothing that came later reaches the driver. */
  ended(error: Error): void
}

/** Puts itself between an open socket and the driver. */
export function createWire(socket: Socket, frames: FrameReader, listener: WireListener): Duplex {
  const wire = new Duplex({
    read: () => void socket.resume(),
    // Without the error of a write that came too late: the socket's end tells it.
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
    destroy(error, done) {
      socket.destroy()
      done(error)
    },
  })
  let failure: Error | undefined
  const end = (error: Error): void => {
    socket.removeAllListeners('data').pause()
    listener.ended(error)
    setImmediate(() => wire.destroy())
  }
  socket.on('data', (chunk: Buffer) => {
    try {
      const readable = frames.read(chunk)
      if (readable.length > 0 && !wire.push(readable)) socket.pause()
    } catch (error) {
      end(error as Error)
    }
  })
  socket.on('error', (error) => (failure = error))
  socket.on('close', () => end(failure ?? connectionError('CONNECTION_CLOSED', 'the server closed the connection')))
  // The driver asks for it before it says goodbye.
  return Object.defineProperty(wire, 'readyState', { get: () => (wire.writable ? 'open' : 'closed') })
}
