// Asks a server to cancel the statement of another connection, on a connection of its own, as the protocol has it: where a
// pooler stands between, our deadline is the only one that a single statement has.

import type { DatabaseUrl } from './database-url.ts'
import { openSocket } from './socket.ts'

const CANCEL = Buffer.from([4, 210, 22, 46])
const PATIENCE_MS = 1_000

/** Comes back when the server has taken the request, or after a second; never throws, for nothing hangs on it. */
export async function requestCancel(url: DatabaseUrl, key: Buffer): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    const socket = await openSocket(url, patience)
    patience.addEventListener('abort', () => void socket.destroy(), { once: true })
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(8 + key.length)
    // Left open until the server closes it: a pooler that reads our end at once drops the request before it has handed it on.
    socket.resume().write(Buffer.concat([length, CANCEL, key]))
    await closed
  } catch {
    return // the statement is given up anyway, and its server may be gone
  }
}
