// The driver's stray error is survived; every other uncaught error ends the process as node would.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isDriverCrash } from '../../../src/lib/db/driver-guard.ts'
import { runTypeScript } from '../../helpers/child.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'

const { url } = await aDatabaseForThisFile({ empty: true })

const GUARDED = `import { guardAgainstDriverCrash } from './src/lib/db/driver-guard.ts'; guardAgainstDriverCrash();`

test('a process with the plain driver survives connections that end in transactions', async () => {
  await using child = runTypeScript(
    `${GUARDED}
    import postgres from 'postgres'
    const [url] = process.argv.slice(-1)
    const killer = postgres(url, { max: 1 })
    for (let round = 0; round < 10; round++) {
      const sql = postgres(url, { max: 1 })
      await sql.begin(async (tx) => {
        const [me] = await tx\`select pg_backend_pid() as pid\`
        await killer\`select pg_terminate_backend(\${me.pid})\`
        await tx\`select 1\`
      }).catch(() => undefined)
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      await sql.end({ timeout: 0 })
    }
    await killer.end()
    console.log('survived')`,
    { args: [url] },
  )

  assert.equal(await child.line(), 'survived')
})

test('any other uncaught error or rejection still ends the process with exit code 1 and its stack', async () => {
  const mishaps = ["setImmediate(() => { throw new TypeError('boom') })", "void Promise.reject(new TypeError('boom'))"]
  for (const mishap of mishaps) {
    await using child = runTypeScript(`${GUARDED} ${mishap}; setTimeout(() => undefined, 60_000)`)
    const { code, stderr } = await child.ended()

    assert.equal(code, 1)
    assert.match(stderr, /TypeError: boom\n\s+at /)
  }
})

test('listeners for uncaught errors still hear of the others', async () => {
  const listener =
    "process.on('uncaughtException', (error) => { console.log('heard', error.message); process.exit(3) });"
  await using child = runTypeScript(`${GUARDED} ${listener} setImmediate(() => { throw new Error('boom') })`)

  assert.equal(await child.line(), 'heard boom')
  assert.equal((await child.ended()).code, 3)
})

test('the same words from elsewhere are not taken for the driver', () => {
  const error = new TypeError("Cannot read properties of null (reading 'write')")

  assert.equal(isDriverCrash(error), false)
  error.stack = `TypeError: x\n    at Immediate.nextWrite [as _onImmediate] (file:///x/node_modules/postgres/src/connection.js:252:22)`
  assert.equal(isDriverCrash(error), true)
})
