// A program of its own (tests/lib/db/faults.test.ts starts it): meets faults at bytes of the handshake and of statements, one
// round each, and says what came of them. An error that nobody catches ends it.

import { openDatabase } from '../../src/lib/db.ts'
import { aFaultyProxy, FAULTS, type Fault } from './faulty-proxy.ts'

const [url = '', step = '1', together = '8'] = process.argv.slice(-3)
/** Long enough for eight handshakes at once on a busy machine. */
const DEADLINE_MS = 1_000
/** A round has a connection attempt, a statement and a transaction: each with its deadline, margin and all. */
const HUNG_MS = 30_000

const count = { rounds: 0, failed: 0, hung: 0, unwell: 0, connections: 0 }
const codes: Record<string, number> = {}

async function statements(url: string): Promise<boolean> {
  await using database = openDatabase(url, { max: 1, deadlineMs: DEADLINE_MS })
  const { sql } = database
  await note(async () => void (await sql`select ${'x'}::text as a, array[1, 2]::int[] as b, now() as c`))
  await note(() =>
    sql.begin(async (tx) => {
      await tx`select ${1}::int as one`
      await tx`select 1 / ${1}::int as two`
    }),
  )
  // Once more at most: the fault may have been waiting for this one.
  const last = async () => (await sql<{ four: number }[]>`select ${4}::int as four`).length
  return (
    (await last()
      .catch(() => last())
      .catch(() => 0)) === 1
  )
}

async function note(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    count.failed++
    const code = String((error as { code?: unknown }).code ?? (error as Error).name)
    codes[code] = (codes[code] ?? 0) + 1
  }
}

async function round(fault: Fault): Promise<void> {
  await using proxy = await aFaultyProxy(url, fault)
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<'hung'>((resolve) => (timer = setTimeout(() => resolve('hung'), HUNG_MS)))
  const end = await Promise.race([statements(proxy.url), hung])
  if (end === 'hung') count.hung++
  if (end === false) count.unwell++
  if (end !== true) console.error(end, JSON.stringify(fault))
  clearTimeout(timer)
  count.rounds++
  count.connections = Math.max(count.connections, proxy.connections())
}

async function lengthOfSession(): Promise<number> {
  await using proxy = await aFaultyProxy(url, undefined)
  await statements(proxy.url)
  return proxy.passed()
}

const length = await lengthOfSession()
const faults: Fault[] = []
for (let after = 0; after < length; after += Number(step))
  for (const [index, kind] of FAULTS.entries()) faults.push({ kind, after, seed: after * FAULTS.length + index })
await Promise.all(
  Array.from({ length: Number(together) }, async () => {
    for (let fault = faults.shift(); fault; fault = faults.shift()) await round(fault)
  }),
)
console.log(JSON.stringify({ ...count, length, codes }))
