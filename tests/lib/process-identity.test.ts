// Who is alive here.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { isAliveHere, ownIdentity, pidIsAlive } from '../../src/lib/process-identity.ts'

const own = ownIdentity()

test('a process knows itself to be alive', () => {
  assert.equal(isAliveHere(own, own), true)
})

test('a process that ended is dead', async () => {
  const child = spawn('true')
  await once(child, 'exit')

  assert.equal(isAliveHere({ ...own, pid: child.pid! }, own), false)
  assert.equal(pidIsAlive(child.pid!), false)
})

test('a living pid with another start time is another process', { skip: process.platform !== 'linux' }, () => {
  assert.equal(isAliveHere({ ...own, startedTicks: '1' }, own), false)
})

test('of a process on another host nothing is known', () => {
  assert.equal(isAliveHere({ ...own, host: 'elsewhere' }, own), undefined)
})

test('the host of an identity names the boot and the pid namespace', { skip: process.platform !== 'linux' }, () => {
  assert.match(own.host, /^[^/]+\/[0-9a-f-]{36}\/\d+$/)
})
