// Once the last connection is closed nothing of ours keeps the process: no timer that watched one, no socket, no look at a clock.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aDatabaseForThisFile } from '../../helpers/database.ts'
import { runTypeScript } from '../../helpers/child.ts'

const { url } = await aDatabaseForThisFile({ empty: true })

/** What a process has open once it has closed its database, after it did something there. */
async function keptAfter(work: string): Promise<string[]> {
  await using child = runTypeScript(`
    import { openDatabase } from './src/lib/db.ts'
    const pools = [openDatabase(process.argv[1], { max: 2 }), openDatabase(process.argv[1], { max: 2 })]
    const [{ sql }] = pools
    ${work}
    for (const pool of pools) await pool[Symbol.asyncDispose]()
    await new Promise((resolve) => setImmediate(resolve))
    // Its own output is a pipe.
    console.log(JSON.stringify(process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap')))
  `, { args: [url] }) // prettier-ignore
  return JSON.parse(await child.line()) as string[]
}

const WORKS: readonly [what: string, work: string][] = [
  ['was never asked', ''],
  ['answered', 'await sql`select 1`'],
  ['answered several at once', 'await Promise.all(pools.flatMap(({ sql }) => [sql`select 1`, sql`select 2`, sql`select 3`]))'],
  ['refused a statement', "await sql.unsafe('select 1/0').catch(() => undefined)"],
  ['took back a transaction', "await sql.begin(async (tx) => { await tx`select 1`; throw new Error('enough') }).catch(() => undefined)"],
  ['closed a connection itself', "await sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => undefined)"],
  ['ended a statement for its time', "await sql.begin(async (tx) => { await tx`set local statement_timeout = 5`; await tx`select pg_sleep(1)` }).catch(() => undefined)"],
] // prettier-ignore

for (const [what, work] of WORKS) {
  test(`nothing keeps a process whose database ${what}, once it is closed`, async () => {
    assert.deepEqual(await keptAfter(work), [])
  })
}
