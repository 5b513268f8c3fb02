// `npm run bench`: what the ledger costs a run and how long a door takes that has nothing to do. `--json` for machines;
// MATCHDAY_BENCH_NODES names the node binaries to start doors with, joined by colons. Not part of CI: a question first.

import { parseArgs } from 'node:util'

import { openDatabase } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { ROOT } from '../checks/files.ts'

import { benchDoor } from './door.ts'
import { toTable } from './figures.ts'
import { benchLedger } from './ledger.ts'

const DATABASE = 'matchday_bench'

const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
const nodes = (process.env['MATCHDAY_BENCH_NODES'] ?? process.execPath).split(':')

await using server = await joinEmbeddedPostgres({ projectRoot: ROOT, name: 'bench', durable: true })
const url = await aFreshDatabase()
const ledger = await benchLedger(url)
const door = nodes.flatMap((node) => benchDoor(node, url))
if (values.json) console.log(JSON.stringify({ node: process.version, ledger, door }, null, 2))
else console.log(`${toTable('What the ledger costs a run', ledger)}\n\n${toTable('What a door costs', door)}`)

async function aFreshDatabase(): Promise<string> {
  await server.dropDatabase(DATABASE)
  await server.ensureDatabase(DATABASE)
  await using database = openDatabase(server.urlOf(DATABASE), { max: 1 })
  await migrate(database.sql, { environment: 'bench' })
  return server.urlOf(DATABASE)
}
