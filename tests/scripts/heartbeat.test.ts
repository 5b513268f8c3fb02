// The dead-man switch of ops-watch: its address is a secret, whatever is wrong with it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

import { aFreePort } from '../helpers/broken-servers.ts'
import { aDatabase } from '../helpers/database.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

for (const [address, said] of [
  [
    'hc-ping.example/9f86d081-4b5a',
    'the heartbeat was not sent: HEARTBEAT_URL is not an address that begins with https://',
  ],
  ['http://127.0.0.1:PORT/9f86d081-4b5a', 'the heartbeat was not heard: ECONNREFUSED. Look at HEARTBEAT_URL.'],
  ['https://[9f86d081-4b5a', 'the heartbeat was not sent: HEARTBEAT_URL is not an address that begins with https://'],
] as const) {
  test(`HEARTBEAT_URL of the form ${address.split('9f86')[0]}... is told by its name alone`, async () => {
    await using database = await aDatabase()
    const { PATH, HOME } = process.env
    const env = {
      PATH,
      HOME,
      DATABASE_URL: database.url,
      HEARTBEAT_URL: address.replace('PORT', String(await aFreePort())),
    }
    const args = ['--import', 'tsx', 'scripts/ops/watch.ts', '--environment', 'test']
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: PROJECT_ROOT, env, encoding: 'utf8' })

    assert.ok(stderr.includes(said), stderr)
    assert.doesNotMatch(stdout + stderr, /9f86d081/)
  })
}
