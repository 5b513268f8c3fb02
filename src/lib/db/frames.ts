// Reads the frames of the server's messages before the driver does. What a PostgreSQL server never says to us is refused here,
// because the driver handles some messages where nobody can catch what it throws. What we need ourselves is noted: that the
// server is ready, how to cancel, and the last words of a session.

import { connectionError } from './lost.ts'

export interface FrameReader {
  /** Returns what the driver may read now. Throws for bytes that are not a server's answer to us. */
  read(chunk: Buffer): Buffer
}

export interface FrameListener {
  /** The server waits for a statement. */
  ready(): void
  /** What a request to cancel has to quote. */
  cancelKey(key: Buffer): void
  /** The server ends the session and says why: its error's fields, as the protocol names them. */
  lastWords(fields: ReadonlyMap<string, string>): void
}

const HEADER = 5
const AUTHENTICATION = 'R'
// Parameter, key, ready, error, notice, notification, parse and bind complete, close complete, parameter and row descriptions,
// no data, row, command complete, empty query, negotiation. No COPY, no cursors, no function calls: we use none of them.
const EXPECTED = new Set('SKZENA123tTnDCIv')
/** Read as a whole before the driver sees the first byte; none of them is long. */
const WHOLE = new Set('RKZET')
const LONGEST_WHOLE = 1 << 20
/** The server's own limit. */
const LONGEST = 1 << 30

/** Makes the reader of one connection. */
export function createFrameReader(listener: FrameListener): FrameReader {
  let held: Buffer = Buffer.alloc(0)
  let bodyLeft = 0
  let isReady = false
  const judge = (type: string, body: Buffer): void => {
    if (type === AUTHENTICATION) checkAuthentication(body, isReady)
    else if (type === 'T') checkRowDescription(body)
    else if (type === 'K' && body.length === 8) listener.cancelKey(body)
    else if (type === 'E') tellLastWords(body, listener)
    else if (type === 'Z') {
      isReady = true
      listener.ready()
    }
  }
  return {
    read(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      let position = Math.min(bodyLeft, bytes.length)
      bodyLeft -= position
      while (bytes.length - position >= HEADER) {
        const type = String.fromCharCode(bytes[position] ?? 0)
        const length = lengthOf(type, bytes.readUInt32BE(position + 1))
        const end = position + 1 + length
        if (WHOLE.has(type)) {
          if (end > bytes.length) break
          judge(type, bytes.subarray(position + HEADER, end))
        }
        bodyLeft = Math.max(0, end - bytes.length)
        position = Math.min(end, bytes.length)
      }
      held = bytes.subarray(position)
      return bytes.subarray(0, position)
    },
  }
}

function lengthOf(type: string, length: number): number {
  const longest = WHOLE.has(type) ? LONGEST_WHOLE : LONGEST
  if (!EXPECTED.has(type) && type !== AUTHENTICATION) throw garbled()
  if (length < 4 || length > longest || (type === 'Z' && length !== 5)) throw garbled()
  return length
}

// OK, clear text, MD5, SASL, its continuation and its end. For any other kind the driver would wait for ever.
const AUTHENTICATION_KINDS = new Set([0, 3, 5, 10, 11, 12])
const SASL_CONTINUES = 11
/** More would keep the process busy for seconds; PostgreSQL's default is 4,096. */
const MOST_ITERATIONS = 5_000_000

function checkAuthentication(body: Buffer, isReady: boolean): void {
  const kind = body.length < 4 ? -1 : body.readUInt32BE(0)
  if (isReady || !AUTHENTICATION_KINDS.has(kind)) throw garbled()
  if (kind !== SASL_CONTINUES) return
  const parts = new Map(body.toString('utf8', 4).split(',').map((part) => [part[0], part.slice(2)])) // prettier-ignore
  const iterations = Number(parts.get('i'))
  const whole = Number.isInteger(iterations) && iterations > 0 && iterations <= MOST_ITERATIONS
  if (!whole || !parts.get('r') || !parts.get('s')) throw garbled()
}

/** Of each column, after its name: table, number in it, type, its size and modifier, and the format. */
const COLUMN_BYTES = 18

// The driver looks for the end of a name beyond the end of the message, for ever.
function checkRowDescription(body: Buffer): void {
  const columns = body.length < 2 ? -1 : body.readUInt16BE(0)
  let position = 2
  for (let column = 0; column < columns; column++) {
    const end = body.indexOf(0, position)
    if (end === -1) throw garbled()
    position = end + 1 + COLUMN_BYTES
  }
  if (columns === -1 || position !== body.length) throw garbled()
}

function tellLastWords(body: Buffer, listener: FrameListener): void {
  const fields = new Map(body.toString('utf8').split('\0').map((field) => [field.slice(0, 1), field.slice(1)])) // prettier-ignore
  // "V" is never translated; poolers send "S" alone.
  const severity = fields.get('V') ?? fields.get('S') ?? ''
  if (severity === 'FATAL' || severity === 'PANIC') listener.lastWords(fields)
}

function garbled(): Error {
  return connectionError('CONNECTION_GARBLED', 'the answer is not that of a PostgreSQL server')
}
