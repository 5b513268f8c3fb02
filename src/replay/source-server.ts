// A provider as a replay sees it: a real HTTP server on loopback that answers as of the virtual instant in the query.
// `/games.csv?asof=2024-11-19T13:07:00.000Z` is what the file would have shown then; ETags work as the real host's do.

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { ConfigFailure } from '../core/errors.ts'
import type { FileAsOf } from '../core/league-replay.ts'

export interface SourceServer extends AsyncDisposable {
  /** The address that answers as of an instant. */
  urlAsOf(at: Date): string
}

/** Starts the server on the loopback interface. */
export async function startSourceServer(file: FileAsOf): Promise<SourceServer> {
  const server = createServer((request, response) => answer(file, request, response))
  // The lake keeps the address, and a replay that is continued should write what the first part would have written:
  // so the same file asks for the same port, and takes any other only where that one is in use.
  const port = await listen(server, 20_000 + (Number.parseInt(file.hash.slice(0, 8), 16) % 10_000))
  return {
    urlAsOf: (at) => `http://127.0.0.1:${port}/${file.name}?asof=${at.toISOString()}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function listen(server: Server, preferred: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      )
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
  if ((await tryPort(preferred)) || (await tryPort(0))) return (server.address() as AddressInfo).port
  throw new ConfigFailure('no free port on 127.0.0.1 for the source of the replay')
}

function answer(file: FileAsOf, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const at = new Date(url.searchParams.get('asof') ?? '')
  if (request.method !== 'GET' || url.pathname !== `/${file.name}` || Number.isNaN(at.getTime())) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found')
    return
  }
  const body = file.textAsOf(at)
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`
  const headers = { etag, ...(file.simulated ? { 'x-matchday-simulated': 'true' } : {}) }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(body)
}
