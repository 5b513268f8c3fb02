import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { get, retryAfterSeconds, type Answer } from '../../src/sources/http.ts'

test('a body comes whole, with its headers', async () => {
  const answer = await getFrom((_, response) => response.setHeader('etag', '"a"').end('hello'))

  assert.equal(answer.kind === 'body' && answer.body.toString(), 'hello')
  assert.equal(answer.kind === 'body' && answer.headers.get('etag'), '"a"')
})

test('a known etag is sent, and 304 means unchanged', async () => {
  const answer = await getFrom(
    (request, response) => response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 200).end(),
    { etag: '"a"' },
  )

  assert.deepEqual(answer, { kind: 'unchanged' })
})

for (const [status, retryable] of [
  [400, false],
  [422, false],
  [401, true],
  [403, true],
  [404, true],
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [503, true],
] as const) {
  test(`status ${status} is a failure that ${retryable ? 'passes' : 'stays'}`, async () => {
    const failure = await failureOf((_, response) => response.writeHead(status).end('no'))

    assert.match(failure.message, new RegExp(`^nflverse answered ${status} for .*/games.csv: expected 200`))
    assert.equal(failure.retryable, retryable)
  })
}

test('what is not there yet is not asked for again within the run, and what stumbles is', async () => {
  const missing = await failureOf((_, response) => response.writeHead(404).end())
  const stumbling = await failureOf((_, response) => response.writeHead(503).end())

  assert.deepEqual([missing.retryAfterSeconds, stumbling.retryAfterSeconds], [1800, undefined])
})

test('Retry-After is passed on, given in seconds', async () => {
  const failure = await failureOf((_, response) => response.writeHead(429, { 'retry-after': '120' }).end())

  assert.equal(failure.retryAfterSeconds, 120)
})

test("Retry-After as a date is measured against the provider's own clock", () => {
  const headers = new Headers({ 'retry-after': 'Tue, 01 Dec 2026 12:01:30 GMT', date: 'Tue, 01 Dec 2026 12:00:00 GMT' })

  assert.equal(retryAfterSeconds(headers), 90)
  assert.equal(retryAfterSeconds(new Headers({ 'retry-after': 'soon' })), undefined)
  assert.equal(retryAfterSeconds(new Headers()), undefined)
})

test('an answer that never begins is given up', async () => {
  const failure = await failureOf(() => undefined, { timeouts: { answerMs: 60, totalMs: 5000 } })

  assert.equal(failure.code, 'source_timeout')
  assert.match(failure.message, /no answer within 0.06 s/)
  assert.equal(failure.retryable, true)
})

test('an answer that never ends is given up', async () => {
  const failure = await failureOf((_, response) => void response.writeHead(200).write('game_id,'), {
    timeouts: { answerMs: 5000, totalMs: 80 },
  })

  assert.equal(failure.code, 'source_timeout')
  assert.match(failure.message, /not finished within 0.08 s/)
})

test('a body that ends before its promised length is a failure that passes', async () => {
  const failure = await failureOf((request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('game_id,season')
    setTimeout(() => request.socket.destroy(), 20)
  })

  assert.equal(failure.code, 'source_cut_off')
  assert.match(failure.message, /broke off its answer/)
  assert.equal(failure.retryable, true)
})

test('more bytes than allowed are refused while they arrive', async () => {
  const failure = await failureOf((_, response) => response.end('x'.repeat(2000)), { maxBytes: 1000 })

  assert.equal(failure.code, 'source_too_large')
  assert.deepEqual([failure.retryable, failure.retryAfterSeconds], [true, 1800])
})

test('a server that is not there is a failure that passes', async () => {
  const gone = await serve(() => undefined)
  await gone.close()

  const failure = await get({ ...defaults(), url: new URL('/games.csv', gone.url) }).catch((error: unknown) => error)

  assert.ok(failure instanceof SourceFailure)
  assert.equal(failure.code, 'source_unreachable')
  assert.equal(failure.retryable, true)
})

test('an abort of the run passes through as it is', async () => {
  const controller = new AbortController()
  const waiting = getFrom(() => controller.abort(new Error('the run ends')), { signal: controller.signal })

  await assert.rejects(waiting, { message: 'the run ends' })
})

test('a query string never reaches a message', async () => {
  const server = await serve((_, response) => response.writeHead(500).end())

  const failure = await get({ ...defaults(), url: new URL('/games.csv?key=secret', server.url) }).catch(String)

  assert.doesNotMatch(String(failure), /secret/)
  await server.close()
})

type Options = Partial<Parameters<typeof get>[0]>

function defaults() {
  return { source: 'nflverse', maxBytes: 1_000_000, signal: new AbortController().signal }
}

async function getFrom(listener: RequestListener, options: Options = {}): Promise<Answer> {
  const server = await serve(listener)
  return await get({ ...defaults(), url: new URL('/games.csv', server.url), ...options }).finally(server.close)
}

async function failureOf(listener: RequestListener, options: Options = {}): Promise<SourceFailure> {
  const outcome = await getFrom(listener, options).catch((error: unknown) => error)
  assert.ok(outcome instanceof SourceFailure, `expected a SourceFailure, found ${String(outcome)}`)
  return outcome
}

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  after(close)
  return { url: `http://127.0.0.1:${port}`, close }
}
