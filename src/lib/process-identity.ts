// Identifies a process beyond its pid: pids are reused, and a container's pid 7 is not its neighbour's. So a dead process's
// lease is seen at once by anybody on the same host.

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** `startedTicks` is the kernel's start time of the process, empty where the system does not tell. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  readonly startedTicks: string
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { host: hostIdentity(), pid: process.pid, startedTicks: startedTicksOf(process.pid) }
}

/** Is the process still there? Undefined: it lives on another host, so we cannot know. */
export function isAliveHere(identity: ProcessIdentity, own: ProcessIdentity): boolean | undefined {
  if (identity.host !== own.host) return undefined
  if (!pidIsAlive(identity.pid)) return false
  const ticks = startedTicksOf(identity.pid)
  // Without start times (macOS) a reused pid passes for the old process: late, but never wrong the dangerous way.
  return identity.startedTicks === '' || ticks === '' || ticks === identity.startedTicks
}

/** Does any process with this pid run here? A zombie counts as dead: it holds nothing any more. */
export function pidIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // somebody else's process is a process too
  }
  return statFields(pid)?.[0] !== 'Z'
}

// Boot id: a rebooted host starts its pids and ticks again. Namespace: containers may share a host name and a boot.
function hostIdentity(): string {
  const boot = readOr('', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = readOr('', () => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot, namespace.replace(/\D/g, '')].filter((part) => part !== '').join('/')
}

function startedTicksOf(pid: number): string {
  return statFields(pid)?.[19] ?? ''
}

// Fields 3 and on of /proc/<pid>/stat. Field 2 is the command in brackets and may itself hold spaces and brackets.
function statFields(pid: number): string[] | undefined {
  const stat = readOr('', () => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function readOr(fallback: string, read: () => string): string {
  try {
    return read()
  } catch {
    return fallback // no /proc here (macOS), or the process is gone: both mean "not told"
  }
}
