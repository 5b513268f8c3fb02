import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { fetchGames, gamesUrl } from '../../../../../src/leagues/nfl/sources/nflverse/games.ts'
import { aGameRow, gamesCsv } from '../../../../helpers/games-csv.ts'
import { aGamesFile } from '../../../../helpers/nfl-week.ts'

const signal = new AbortController().signal
const text = gamesCsv([aGameRow()])

test('an address may be a file, a base, a file: URL or a path', () => {
  assert.equal(gamesUrl(undefined).host, 'raw.githubusercontent.com')
  assert.equal(gamesUrl('http://x.test/a/games.csv').href, 'http://x.test/a/games.csv')
  assert.equal(gamesUrl('http://x.test').href, 'http://x.test/games.csv')
  assert.equal(gamesUrl('http://x.test/nfl/').href, 'http://x.test/nfl/games.csv')
  assert.equal(gamesUrl('/data/g.csv').href, pathToFileURL('/data/g.csv').href)
  assert.equal(gamesUrl('/data').href, pathToFileURL('/data/games.csv').href)
  assert.throws(() => gamesUrl('ftp://x.test/games.csv'), /expected an http or https URL/)
})

test('a file is read, and is simulated only if its name says so', async () => {
  const real = await fetchGames({ address: aGamesFile(text), signal })
  const simulated = await fetchGames({ address: aGamesFile(text, 'simulated-games.csv'), signal })

  assert.ok(real.kind === 'received' && simulated.kind === 'received')
  assert.deepEqual([real.rows.length, real.simulated, simulated.simulated], [1, false, true])
  assert.equal(real.hash, simulated.hash)
})

test('a file that is not there is a failure that names it', async () => {
  await assert.rejects(fetchGames({ address: join('/nowhere', 'games.csv'), signal }), /file \/nowhere\/games.csv/)
})

test('a server is asked with the etag it gave, and says when its data is simulated', async () => {
  const address = await aServer()
  const first = await fetchGames({ address, signal })
  assert.ok(first.kind === 'received')

  const second = await fetchGames({ address, known: first, signal })

  assert.deepEqual([first.etag, first.simulated], ['"one"', true])
  assert.equal(second.kind, 'unchanged')
})

test('an etag is not sent to another address than its own', async () => {
  const address = await aServer()

  const answer = await fetchGames({
    address,
    known: { address: 'https://other.test/games.csv', etag: '"one"' },
    signal,
  })

  assert.equal(answer.kind, 'received')
})

async function aServer(): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('etag', '"one"').setHeader('x-matchday-simulated', 'true')
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end()
    else response.end(text)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}
