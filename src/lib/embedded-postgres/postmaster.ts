// Reads what PostgreSQL itself says about a running server: the lines of its postmaster.pid.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { pidIsAlive } from '../process-identity.ts'

export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly status: 'starting' | 'ready' | 'stopping'
}

/** The server that runs on this data directory; undefined when none does, whatever an old file says. */
export function findPostmaster(data: string): Postmaster | undefined {
  const lines = pidFileLines(data)
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  // A reused pid is not our server: after a reboot the number in an old file may be anybody's.
  if (!Number.isInteger(pid) || pid <= 0 || !pidIsAlive(pid) || !isServerOf(data, pid)) return undefined
  const status = lines[7]?.trim()
  return { pid, port, status: status === 'ready' || status === 'stopping' ? status : 'starting' }
}

function pidFileLines(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return [] // no file: no server
  }
}

function isServerOf(data: string, pid: number): boolean {
  try {
    return commandOf(pid).includes(data)
  } catch {
    return false // it ended while we looked
  }
}

function commandOf(pid: number): string {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
}
