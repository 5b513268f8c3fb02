// `npm run bench`: what the ledger costs a run, what watching costs, and how long a door takes that has nothing to do. Not
// part of CI: a question first.
//
//   npm run bench -- ledger         one part, or several: ledger, watch, door
//   npm run bench -- alerts         how soon people know, over simulated weeks: takes half an hour, so only by name;
//                                   --weeks 8, --seed 1, --clock 5 (minutes)
//   npm run bench -- --json         for machines
//
// Of the ledger it also counts the statements of a run, its syncs (commits that wait for the disk) and how long the disk took
// for these: what is left is the processor's, ours and the server's.
//
// MATCHDAY_BENCH_NODES names the node binaries to start doors with, joined by colons.

import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'

import { openDatabase } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { ROOT } from '../checks/files.ts'

import { benchAlerts, sayAlerts } from './alerts.ts'
import { benchDoor } from './door.ts'
import { toTable, type Figure } from './figures.ts'
import { benchLedger } from './ledger.ts'
import { benchWatch } from './watch.ts'

const DATABASE = 'matchday_bench'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    weeks: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    clock: { type: 'string', default: '5' },
  },
})

const PARTS: Readonly<Record<string, { title: string; bench: () => Promise<Figure[]> }>> = {
  ledger: { title: 'What the ledger costs a run', bench: benchTheLedger },
  watch: { title: 'What watching costs', bench: () => benchWatch(aFreshDatabase) },
  door: { title: 'What a door costs', bench: benchDoors },
}

await using server = await joinEmbeddedPostgres({ projectRoot: ROOT, name: 'bench', durable: true })
const found: Record<string, unknown> = { node: process.version }
for (const part of positionals.length === 0 ? Object.keys(PARTS) : positionals) await runPart(part)
if (values.json) console.log(JSON.stringify(found, null, 2))

async function runPart(name: string): Promise<void> {
  const part = PARTS[name]
  if (name === 'alerts') {
    const { weeks, seed, clock } = values
    const figures = await benchAlerts({ weeks: Number(weeks), seed: Number(seed), clockMinutes: Number(clock) })
    found[name] = figures
    if (!values.json) console.log(`${sayAlerts(figures)}\n`)
  } else if (part) {
    const figures = await part.bench()
    found[name] = figures
    if (!values.json) console.log(`${toTable(`${part.title} (${howBusy()})`, figures)}\n`)
  } else throw new RangeError(`there is no bench "${name}": expected ${Object.keys(PARTS).join(', ')} or alerts`)
}

/** Times count on a quiet machine only. */
function howBusy(): string {
  const [load = 0] = loadavg()
  return `load ${load.toFixed(1)} on ${availableParallelism()} processors`
}

async function benchTheLedger(): Promise<Figure[]> {
  const url = await aFreshDatabase()
  return await benchLedger({ url, directory: server.directory })
}

async function benchDoors(): Promise<Figure[]> {
  const url = await aFreshDatabase()
  const nodes = (process.env['MATCHDAY_BENCH_NODES'] ?? process.execPath).split(':')
  return nodes.flatMap((node) => benchDoor(node, url))
}

async function aFreshDatabase(): Promise<string> {
  await server.dropDatabase(DATABASE)
  await server.ensureDatabase(DATABASE)
  await using database = openDatabase(server.urlOf(DATABASE), { max: 1 })
  await migrate(database.sql, { environment: 'bench' })
  return server.urlOf(DATABASE)
}
