// A real Chromium for tests of the site, where one is installed; and a static server that shows the site as Pages does, below
// a path.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

import { chromium, type Browser } from 'playwright-core'

const PLACES = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`)

// It must not look for updates or anything else outside: tests have no network.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const found = PLACES.find((place) => existsSync(place))

/** Why tests that need a browser are skipped here, or false. */
export const noBrowser = found === undefined ? `no Chromium among ${PLACES.join(', ')}` : false

/** Starts it, headless and with an empty profile. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: found!, args: FLAGS })
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.atom': 'application/atom+xml',
  '.ics': 'text/calendar; charset=utf-8',
}

/** A folder served below `/matchday/`; what is not there is answered with its 404.html, as on Pages. */
export async function serveFolder(folder: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const below = name.startsWith('/matchday/') ? name.slice('/matchday/'.length) || 'index.html' : undefined
    const file = below === undefined || below.includes('..') ? undefined : path.join(folder, below)
    const text = file === undefined ? Promise.reject(new Error('not below the site')) : readFile(file)
    void text.then(
      (body) => response.writeHead(200, { 'content-type': TYPES[path.extname(file ?? '')] ?? 'text/plain' }).end(body),
      async () => {
        const page = await readFile(path.join(folder, '404.html')).catch(() => 'not here')
        response.writeHead(404, { 'content-type': TYPES['.html']! }).end(page)
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/matchday/`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
