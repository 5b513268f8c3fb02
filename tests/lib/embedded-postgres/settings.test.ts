// Where the machine has little shared memory the server does without it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serverSettings, sharedMemorySettings, toArguments } from '../../../src/lib/embedded-postgres/settings.ts'

const LINUX = { skip: process.platform === 'linux' ? false : '/dev/shm is Linux' }

test('files stand in for shared memory that is missing or closed', LINUX, () => {
  assert.deepEqual(sharedMemorySettings('/dev/no-such-mount'), { dynamic_shared_memory_type: 'mmap' })
  assert.deepEqual(sharedMemorySettings('/proc'), { dynamic_shared_memory_type: 'mmap' }, 'no space at all')
})

test('only a server that need not last is spared its fsync', () => {
  assert.equal(serverSettings({ port: 1, durable: true })['fsync'], undefined)
  assert.equal(serverSettings({ port: 1, durable: false })['fsync'], 'off')
})

test('settings become arguments of initdb and postgres', () => {
  assert.deepEqual(toArguments({ jit: 'off', port: '5432' }), ['-c', 'jit=off', '-c', 'port=5432'])
})
