// Where alerts go, on real sockets: a web server and a mail server that keep what they get and refuse on demand.

import { once } from 'node:events'
import { createServer as createWebServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** How a server treats whoever comes next. */
export type Mood = 'accept' | 'hang' | 'reset' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } // prettier-ignore

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface AlertServer<T> extends AsyncDisposable {
  readonly port: number
  readonly received: T[]
  /** For all that follow. */
  mood: Mood
}

/** A web server that keeps every request, those that it refuses too. */
export async function aWebhookServer(): Promise<AlertServer<Received>> {
  const server = createWebServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() })
      answer(response, alert.mood)
    })
  })
  const received: Received[] = []
  const alert: AlertServer<Received> = {
    port: await listen(server),
    received,
    mood: 'accept',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return alert
}

function answer(response: ServerResponse, mood: Mood): void {
  if (mood === 'hang') return
  if (mood === 'reset') response.destroy()
  else if (mood === 'accept') response.writeHead(200).end('ok')
  else response.writeHead(mood.status, mood.headers).end(mood.body ?? 'a page about it')
}

/** A mail server that keeps every mail it accepts, as sent. A status is answered to whatever comes after the greeting. */
export async function aMailServer(): Promise<AlertServer<string>> {
  const sockets = new Set<Socket>()
  const received: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()) // a client that is cut off resets the connection
    if (alert.mood === 'reset') socket.resetAndDestroy()
    else if (alert.mood !== 'hang') converse(socket, alert.mood, (mail) => received.push(mail))
  })
  const alert: AlertServer<string> = {
    port: await listen(server),
    received,
    mood: 'accept',
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return alert
}

/** As much of SMTP (RFC 5321) as one mail takes. */
function converse(socket: Socket, mood: Mood, keep: (mail: string) => void): void {
  const refusal = typeof mood === 'object' ? `${mood.status} no` : undefined
  let unread = ''
  let inMail = false
  socket.setEncoding('utf8')
  socket.write('220 test\r\n')
  socket.on('data', (text: string) => {
    unread += text
    for (;;) {
      const end = unread.indexOf(inMail ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const said = unread.slice(0, end)
      unread = unread.slice(end + (inMail ? 5 : 2))
      if (inMail) keep(said)
      socket.write(`${inMail ? '250 kept' : reply(said, refusal)}\r\n`)
      inMail = !inMail && refusal === undefined && said === 'DATA'
    }
  })
}

function reply(command: string, refusal: string | undefined): string {
  if (/^(?:EHLO|HELO)/.test(command)) return '250-test\r\n250 AUTH PLAIN'
  if (command === 'QUIT') return '221 bye'
  if (refusal !== undefined) return refusal
  if (command.startsWith('AUTH')) return '235 welcome'
  return command === 'DATA' ? '354 go on' : '250 fine'
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
