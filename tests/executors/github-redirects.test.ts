// Where GitHub, or whoever answers in its place, may send a call on to.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'

import { createGithubApi } from '../../src/executors/octokit-github.ts'

const REPOSITORY = {
  full_name: 'o/n',
  default_branch: 'main',
  private: false,
  fork: false,
  has_pages: false,
  pushed_at: '2026-11-01T00:00:00Z',
}
const closing: (() => void)[] = []
after(() => closing.forEach((close) => close()))

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0)
  await once(server, 'listening')
  closing.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const access = (apiUrl: string) => ({ apiUrl, repository: 'o/n', token: 'a-token-of-github' })

test('a renamed repository is followed on the same host, with the token', async () => {
  const asked: IncomingMessage[] = []
  const url = await serving((request, response) => {
    asked.push(request)
    if (request.url === '/repos/o/n') return void response.writeHead(301, { location: '/repositories/7' }).end()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(REPOSITORY))
  })

  assert.equal((await createGithubApi(access(url)).readRepository()).defaultBranch, 'main')
  assert.deepEqual(asked.map((one) => [one.url, one.headers.authorization]), [['/repos/o/n', 'token a-token-of-github'], ['/repositories/7', 'token a-token-of-github']]) // prettier-ignore
})

test('another host is told nothing, and named alone', async () => {
  let asked = 0
  const other = await serving((_, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify(REPOSITORY))
  })
  const elsewhere = `${other.replace('127.0.0.1', 'localhost')}/secret-path`
  const url = await serving((_, response) => response.writeHead(302, { location: elsewhere }).end('a body'))

  await assert.rejects(createGithubApi(access(url)).readRepository(), (error: Error) => {
    assert.match(error.message, /it redirects to localhost, where its token may not go/)
    assert.doesNotMatch(error.message, /secret-path|a body/)
    return true
  })
  assert.equal(asked, 0)
})
