// Where a provider may send us on to, and where not.

import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { get } from '../../src/sources/http.ts'
import { askAlong } from '../../src/sources/redirects.ts'

/** Asks along answers that are redirects to these places, and tells where the last one was asked for. */
async function along(start: string, places: readonly string[], redirectsTo: readonly string[] = []): Promise<string> {
  const left = [...places]
  let last = ''
  await askAlong({ source: 'nflverse', url: new URL(start), redirectsTo }, (url) => {
    last = url.href
    const next = left.shift()
    return Promise.resolve(next === undefined ? new Response('it') : new Response('a body', { status: 302, headers: { location: next } })) // prettier-ignore
  })
  return last
}

const START = 'https://github.com/nflverse/file.csv'
const GITHUB = ['githubusercontent.com']

test('its own host and the hosts that a source lists are followed, by whole names', async () => {
  const store = 'https://objects.githubusercontent.com/x?sig=1'
  assert.equal(await along(START, ['/moved/file.csv', store], GITHUB), store)
  assert.equal(await along(START, ['https://githubusercontent.com/x'], GITHUB), 'https://githubusercontent.com/x')
  assert.equal(await along('http://127.0.0.1:1/a', ['http://127.0.0.1:2/b']), 'http://127.0.0.1:2/b')
})

const refusals: readonly (readonly [start: string, to: string, why: RegExp])[] = [
  [START, 'https://evilgithubusercontent.com/secret-path', /redirects to evilgithubusercontent\.com, which is not/],
  [START, 'https://githubusercontent.com.evil.io/secret-path', /redirects to githubusercontent\.com\.evil\.io, which/],
  [
    START,
    'http://objects.githubusercontent.com/secret-path',
    /redirects to objects\.githubusercontent\.com without https/,
  ],
  [START, 'http://github.com/secret-path', /redirects to github\.com without https/],
  [START, 'http://127.0.0.1:5432/secret-path', /redirects to 127\.0\.0\.1, which is not/],
  [START, 'http://169.254.169.254/secret-path', /redirects to 169\.254\.169\.254, which is not/],
  [START, 'file:///secret-path', /redirects to no host, which is not/],
  [START, ['https://user:secret-path', 'github.com/'].join('@'), /its redirect holds a login/],
  [START, 'https://[secret-path', /its redirect names no address/],
  ['http://mirror.internal/a', 'http://mirror.internal/secret-path', /redirects to mirror\.internal without https/],
  ['http://127.0.0.1:1/a', 'http://localhost:2/secret-path', /redirects to localhost, which is not/],
]

for (const [start, to, why] of refusals) {
  test(`from ${start} to ${to} is refused, naming the host alone`, async () => {
    await assert.rejects(along(start, [to], GITHUB), (error) => {
      assert.ok(error instanceof SourceFailure)
      assert.deepEqual([error.code, error.retryable, error.retryAfterSeconds], ['source_redirect', true, 1800])
      assert.match(error.message, why)
      assert.doesNotMatch(JSON.stringify([error.message, error.context]), /secret-path|a body/)
      return true
    })
  })
}

test('a circle ends', async () => {
  await assert.rejects(along(START, Array<string>(9).fill('/again')), { message: /it redirects more than 5 times/ })
})

test('over HTTP nothing is asked of the place that is refused', async () => {
  let asked = 0
  await using other = await serving((_, response) => {
    asked += 1
    response.end('a body of somebody else')
  })
  const elsewhere = other.url.replace('127.0.0.1', 'localhost')
  await using first = await serving((_, response) => response.writeHead(302, { location: elsewhere }).end())
  const options = { source: 'nflverse', url: new URL(first.url), maxBytes: 100, signal: new AbortController().signal }

  await assert.rejects(get(options), { code: 'source_redirect' })
  assert.equal(asked, 0)
})

async function serving(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`, [Symbol.asyncDispose]: close }
}
