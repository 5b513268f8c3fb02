// Each cause that keeps the embedded server from starting has its own advice.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../../src/core/errors.ts'
import { adviceFor, explainSystemError, lastLines } from '../../../src/lib/embedded-postgres/trouble.ts'

const own = { directory: '/league/.matchday/postgres', isTemporary: false }
const temporary = { directory: '/tmp/matchday-1', isTemporary: true }

const CAUSES: [said: string, advice: RegExp][] = [
  ['could not create semaphores: No space left on device', /no semaphores left: end other PostgreSQL servers/],
  ['could not resize shared memory segment "/PostgreSQL.1": No space left on device', /\/dev\/shm larger/],
  ['could not map anonymous shared memory: Cannot allocate memory', /too little memory/],
  ['could not write to file "pg_wal/x": No space left on device', /disk of \S+ is full: free 200 MB there/],
  ["ENOSPC: no space left on device, mkdir '/tmp/x'", /disk of \S+ is full/],
  ["EROFS: read-only file system, open '/x'", /is read-only: make it writable/],
  [
    'initdb: could not look up effective user ID 12345: user does not exist',
    /User 12345 has no entry in \/etc\/passwd/,
  ],
  ['FATAL:  database files are incompatible with server', /Another version of PostgreSQL made its data: remove/],
  ['spawn /x/bin/postgres ENOENT', /need glibc, and Alpine has musl/],
  ['Error relocating /x/postgres: __strftime_l: symbol not found', /need glibc, and Alpine has musl/],
  ["/lib/libc.so.6: version `GLIBC_2.38' not found", /use one with GLIBC_2\.38 or newer/],
  ['error while loading shared libraries: libxml2.so.2: cannot open shared object file', /the library libxml2\.so\.2/],
  ['dyld: Library not loaded: @loader_path/../lib/libpq.5.dylib', /library @loader_path\/\.\.\/lib\/libpq\.5\.dylib/],
  ['spawn EPERM', /this root may not become another user/],
  ["mkfifo: cannot create fifo 'clients': Operation not permitted", /has no named pipes/],
  ['spawnSync mkfifo ENOENT', /Install the program mkfifo/],
  ["EACCES: permission denied, open '/x'", /Give this user the right to write/],
]

test('each cause has its own advice, in one sentence that ends with the way out', () => {
  for (const [said, advice] of CAUSES) {
    const told = adviceFor(said, own)
    assert.match(told ?? '', advice, said)
    assert.match(told ?? '', /^[^.].*, or set DATABASE_URL to a PostgreSQL server\.$/, said)
  }
})

test('what is not known gets no advice that may be wrong', () => {
  assert.equal(adviceFor('FATAL:  something new', own), undefined)
})

test('only files in the temporary directory can be moved by TMPDIR', () => {
  assert.match(adviceFor('No space left on device', temporary) ?? '', /free 200 MB there or point TMPDIR elsewhere,/)
  assert.doesNotMatch(adviceFor('No space left on device', own) ?? '', /TMPDIR/)
})

test("the system's errors become sentences, others stay as they are", () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  const known = new ConfigFailure('already in words')
  const ours = new TypeError('a mistake')

  assert.match(
    String(explainSystemError(full, own)),
    /cannot use \/league\/\S+: ENOSPC.*, write\. The disk of .* is full/,
  )
  assert.equal(explainSystemError(known, own), known)
  assert.equal(explainSystemError(ours, own), ours)
})

test('of a log the lines that say what went wrong are kept', () => {
  const log = 'LOG:  starting\nFATAL:  lock file "postmaster.pid" is empty.\nLOG:  shut down\n'

  assert.equal(lastLines(log), 'FATAL:  lock file "postmaster.pid" is empty')
  assert.equal(lastLines('one\ntwo\n'), 'one / two')
})
