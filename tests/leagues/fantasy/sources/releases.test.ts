import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'

import { PLAYER_WEEKS } from '../../../../src/leagues/fantasy/sources/player-weeks.ts'
import { fetchRelease } from '../../../../src/leagues/fantasy/sources/releases.ts'
import { aPlayerWeek, playersCsv } from '../../../helpers/player-weeks.ts'

const signal = new AbortController().signal
const text = playersCsv([aPlayerWeek()])

test('a release is found by tag and season, through the redirect that GitHub sends', async () => {
  const base = await aServer((request, response) => {
    const moved = request.url === '/stats_player/stats_player_week_2025.csv'
    if (moved) response.writeHead(302, { location: '/storage?sig=secret' }).end()
    else response.writeHead(200, { etag: '"one"' }).end(text)
  })

  const answer = await fetchRelease(PLAYER_WEEKS, { season: 2025, base, signal })

  assert.ok(answer.kind === 'received')
  assert.deepEqual([answer.rows.length, answer.etag], [1, '"one"'])
  assert.equal(answer.address, `${base}/stats_player/stats_player_week_2025.csv`)
})

test('what did not change since is said to be unchanged', async () => {
  const base = await aServer((request, response) => {
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end()
    else response.end(text)
  })
  const known = { address: `${base}/stats_player/stats_player_week_2025.csv`, etag: '"one"' }

  assert.deepEqual(await fetchRelease(PLAYER_WEEKS, { season: 2025, base, known, signal }), { kind: 'unchanged' })
})

test('a season without a file is absent, and a server in trouble is a failure that passes', async () => {
  const nothing = await aServer((_, response) => response.writeHead(404).end())
  const trouble = await aServer((_, response) => response.writeHead(503).end())

  assert.deepEqual(await fetchRelease(PLAYER_WEEKS, { season: 2031, base: nothing, signal }), { kind: 'absent' })
  assert.deepEqual(await fetchRelease(PLAYER_WEEKS, { season: 2031, base: '/nowhere', signal }), { kind: 'absent' })
  await assert.rejects(fetchRelease(PLAYER_WEEKS, { season: 2025, base: trouble, signal }), { retryable: true })
})

async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}
