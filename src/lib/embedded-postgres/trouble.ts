// Why the embedded server cannot start, and what a person does about it: one advice for each cause that we can tell apart.

import { JobFailure, LedgerFailure } from '../../core/errors.ts'

/** What ends every advice: another server is always a way out. */
export const OR_DATABASE_URL = 'or set DATABASE_URL to a PostgreSQL server.'

/** Where it happened, as far as the advice depends on it: TMPDIR moves what is temporary. */
interface Where {
  readonly directory: string
  readonly isTemporary: boolean
}
type Advice = (found: RegExpExecArray, where: Where) => string

// The first that fits counts: semaphores and shared memory run out with the words of a full disk.
const CAUSES: readonly (readonly [seen: RegExp, advice: Advice])[] = [
  [
    /could not create semaphores/,
    () => 'The system has no semaphores left: end other PostgreSQL servers or raise its limits (kern.sysv.semmns)',
  ],
  [
    /Cannot allocate memory|could not map anonymous shared memory|out of memory|ENOMEM/,
    () => 'The machine has too little memory for it: give it 256 MB more',
  ],
  [
    /shared memory segment|shmget|shm_open/,
    () => 'The system gives no shared memory: make /dev/shm larger (docker run --shm-size=64m) and writable',
  ],
  [
    /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/,
    (_, where) => `The disk of ${where.directory} is full: free 200 MB there${orMove(where)}`,
  ],
  [
    /Read-only file system|EROFS/,
    (_, where) => `The file system of ${where.directory} is read-only: make it writable${orMove(where)}`,
  ],
  [
    /could not look up effective user ID (\d+)/,
    ([, uid]) => `User ${uid} has no entry in /etc/passwd: add one, run as a user who has`,
  ],
  [
    /database files are incompatible with server/,
    (_, where) => `Another version of PostgreSQL made its data: remove ${where.directory} if nothing in it is needed`,
  ],
  [
    // The file is there, but the loader that it names is not; or a loader that only resembles glibc's.
    /spawn \S+ ENOENT|Error relocating|symbol not found/,
    () => 'Its programs need glibc, and Alpine has musl instead: use an image with glibc, such as node:24-slim',
  ],
  [
    /version `(GLIBC\w*_[\d.]+)' not found/,
    ([, version]) => `This system is too old for its programs: use one with ${version} or newer`,
  ],
  [
    /loading shared libraries: ([^\s:]+)|Library not loaded: (\S+)/,
    ([, onLinux, onMac]) => `Install the library ${onLinux ?? onMac} with the system's package manager`,
  ],
  [
    // Root without the right to change user, as in some containers.
    /spawn( \S+)? E(PERM|INVAL)/,
    () => 'PostgreSQL refuses to run as root, and this root may not become another user: run as an ordinary user',
  ],
  [/mkfifo ENOENT/, () => 'Install the program mkfifo (package coreutils)'],
  [
    /mkfifo.*(Operation not permitted|not supported)/,
    (_, where) => `The file system of ${where.directory} has no named pipes: move the project to a local disk`,
  ],
  [
    /Permission denied|EACCES|EPERM|Operation not permitted/,
    (_, where) => `Give this user the right to write in ${where.directory}${orMove(where)}`,
  ],
]

/** The next step for what was said, in one sentence; undefined when the cause is none that we know. */
export function adviceFor(said: string, where: Where): string | undefined {
  for (const [seen, advice] of CAUSES) {
    const found = seen.exec(said)
    if (found) return `${advice(found, where)}, ${OR_DATABASE_URL}`
  }
  return undefined
}

function orMove({ isTemporary }: Where): string {
  return isTemporary ? ' or point TMPDIR elsewhere' : ''
}

/** An error of the operating system as a sentence with its advice; every other error as it is. */
export function explainSystemError(error: unknown, where: Where): unknown {
  if (!(error instanceof Error) || error instanceof JobFailure || !('syscall' in error)) return error
  const advice = adviceFor(error.message, where) ?? `Remove ${where.directory} to start afresh, ${OR_DATABASE_URL}`
  return new LedgerFailure(`the embedded PostgreSQL cannot use ${where.directory}: ${error.message}. ${advice}`, {
    retryable: false,
  })
}

/** What a log says went wrong, or else its last lines, on one line. */
export function lastLines(text: string): string {
  const lines = text.trim().split('\n').map((line) => line.trim()) // prettier-ignore
  const wrong = lines.filter((line) => /\b(FATAL|PANIC|error):/.test(line))
  return (wrong.length > 0 ? wrong : lines).slice(-3).join(' / ').replace(/\.$/, '')
}
